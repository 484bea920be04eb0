"""A page of Markdown as the checks see it: fields, headings and what stands below them, links."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from project_tools.claims.markdown import CODE, COMMENT, FENCE, FRONT_MATTER

NO_DOCUMENTS = {"README.md", "template.md"}  # of a folder: what explains it
FIELD = re.compile(r"^(?P<key>[A-Za-z][\w -]*):[ \t]*(?P<value>.*)$")
NOTE = re.compile(r"(?:^|\s)#")  # what stands behind it is no part of a value
HEADING = re.compile(r"^(?P<marks>#{1,6}) +(?P<text>.+?) *#*$", re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)[^)]*\)")
ITEM = re.compile(r"^ {0,3}(?:[-*+]|\d+[.)]) +(?P<text>.+(?:\n {2,}\S.*)*)", re.MULTILINE)
PLACEHOLDER = re.compile(
    r"\b(?:TODO|TBD|FIXME|XXX|NNNN|YYYY-MM-DD|not stated yet)\b|(?:\.\.\.|\N{HORIZONTAL ELLIPSIS})$"
)


@dataclass(frozen=True)
class Section:
    """A heading, and the text down to the next heading; comments are left out."""

    level: int
    heading: str
    line: int
    text: str

    @property
    def answered(self) -> bool:
        """Whether something stands there that is no placeholder."""
        return is_answer(self.text)

    @property
    def items(self) -> list[str]:
        """The entries of its lists, each on one line."""
        return [" ".join(found["text"].split()) for found in ITEM.finditer(self.text)]


@dataclass(frozen=True)
class Page:
    """A file, and its text."""

    file: Path
    whole: str

    @classmethod
    def read(cls, file: Path) -> Page:
        """Read it; other line ends are those of Markdown."""
        return cls(file, file.read_text(encoding="utf-8"))

    @cached_property
    def prose(self) -> str:
        """Without front matter, code blocks and comments; lines keep their numbers."""
        text = self.whole
        for pattern in (FRONT_MATTER, FENCE, COMMENT):
            text = pattern.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
        return text

    @cached_property
    def fields(self) -> dict[str, tuple[int, str]]:
        """The lines `key: value` of the front matter: the line of each, and its value."""
        found = FRONT_MATTER.match(self.whole)
        lines = found[0].splitlines() if found else []
        fields = [(number, FIELD.match(line)) for number, line in enumerate(lines, start=1)]
        return {
            line["key"].strip().lower(): (number, NOTE.split(line["value"])[0].strip(" \"'"))
            for number, line in fields
            if line
        }

    @cached_property
    def sections(self) -> list[Section]:
        """Every heading with its text, in order."""
        marks = list(HEADING.finditer(self.prose))
        ends = [*(mark.start() for mark in marks[1:]), len(self.prose)][: len(marks)]
        return [
            Section(
                len(mark["marks"]),
                mark["text"],
                self.prose.count("\n", 0, mark.start()) + 1,
                self.prose[mark.end() : end].strip(),
            )
            for mark, end in zip(marks, ends, strict=True)
        ]

    @property
    def title(self) -> Section | None:
        """The first heading, if it is one of the first level."""
        first = next(iter(self.sections), None)
        return first if first and first.level == 1 else None

    def section(self, heading: str) -> Section | None:
        """The section of this name; capitals do not count."""
        named = (one for one in self.sections if one.heading.lower() == heading.lower())
        return next(named, None)

    def lost_links(self) -> list[tuple[int, str]]:
        """Links to files that are not there: the line of each, and where it should lead."""
        text = CODE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), self.prose)
        links = [(text.count("\n", 0, m.start()) + 1, m[1]) for m in LINK.finditer(text)]
        return [
            (line, link)
            for line, link in links
            if link[0] != "#" and not re.match(r"[a-z]+:", link)
            if not (self.file.parent / link.partition("#")[0]).exists()
        ]


def is_answer(text: str) -> bool:
    """Whether a text says something: not empty, and no placeholder."""
    return bool(re.search(r"\w", text)) and not PLACEHOLDER.search(text)


def is_date(text: str) -> bool:
    """Whether this is a day that there is, as 2026-01-31."""
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def place(file: Path) -> str:
    """How a file is called in a message: from the nearest folder with a pyproject.toml on."""
    file = file.resolve()
    roots = [folder for folder in file.parents if (folder / "pyproject.toml").is_file()]
    return file.relative_to(roots[0]).as_posix() if roots else file.name


class Problems:
    """What is wrong with one file, line by line."""

    def __init__(self, file: Path) -> None:
        self.name = place(file)
        self.found: list[tuple[int, str]] = []

    def add(self, line: int, what: str) -> None:
        """Note a problem."""
        self.found.append((line, what))

    def sections(self, page: Page, headings: tuple[str, ...], kind: str) -> None:
        """Each of these headings has to be there, and something below it."""
        for heading in headings:
            section = page.section(heading)
            if section is None:
                self.add(1, f"no heading {heading!r}, expected {', '.join(headings)}")
            elif not section.answered and not _has_parts(page, section):
                self.add(section.line, f"{heading!r} is not answered, expected {kind}")

    def links(self, page: Page) -> None:
        """Each link to a file has to lead to one."""
        for line, link in page.lost_links():
            self.add(line, f"link {link} leads nowhere, expected a file")

    def lines(self) -> list[str]:
        """The problems as they are printed, from the top of the file down."""
        return [f"{self.name}:{line}: {what}" for line, what in sorted(self.found)]


def _has_parts(page: Page, section: Section) -> bool:
    """Whether the answer stands below headings of a lower level."""
    after = page.sections[page.sections.index(section) + 1 :]
    return bool(after) and after[0].level > section.level and not section.text
