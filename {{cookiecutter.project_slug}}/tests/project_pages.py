"""This project's README and docs/, as text: where links lead, and which commands stand there."""

import ast
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from project_tools.claims.markdown import CODE, FENCE

PROJECT = Path(__file__).resolve().parents[1]
FILES = [PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md"))]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)[^)]*\)")
HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
COMMAND = re.compile(r"\buv run(?=\s)")
# One word of a shell; none is found at an operator, a comment or an open quotation mark.
WORD = re.compile(r"\s+((?:'[^']*'|\"[^\"]*\"|[^\s'\";&|>#`]|(?<=\S)#)+)")
TAKES_A_VALUE = ("--group", "--extra")


@dataclass(frozen=True)
class Command:
    """What stands after `uv run` somewhere: options of uv, and the words of the command."""

    file: Path
    groups: list[str]
    words: list[str]

    def __str__(self) -> str:
        """Say it, and where it stands."""
        return f"{self.file.relative_to(PROJECT).as_posix()}: {' '.join(self.words)}"


def links(file: Path) -> list[str]:
    """Where the links of a page lead, without those that leave this project."""
    prose = file.read_text("utf-8")
    for pattern in (FENCE, CODE):
        prose = pattern.sub("", prose)
    found = LINK.findall(prose)
    return [link for link in found if not re.match(r"[a-z]+:", link)]


def anchors(file: Path) -> set[str]:
    """The headings of a page that links can name, where a forge and the site call them the same."""
    headings = HEADING.findall(FENCE.sub("", file.read_text("utf-8")))
    plain = [re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading) for heading in headings]
    return {_on_a_forge(text) for text in plain if _on_a_forge(text) == _on_the_site(text)}


def names_in(file: Path) -> set[str]:
    """What a Python file defines: functions, classes, Class.method, and names that it assigns."""
    found: set[str] = set()

    def look(body: list[ast.stmt], within: str) -> None:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                found.add(within + node.name)
            if isinstance(node, ast.ClassDef):
                look(node.body, f"{within}{node.name}.")
            if isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                found.update(f"{within}{t.id}" for t in targets if isinstance(t, ast.Name))

    look(ast.parse(file.read_text("utf-8")).body, "")
    return found


def _on_a_forge(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _on_the_site(heading: str) -> str:
    known = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", known).strip().lower())


def commands(file: Path) -> list[Command]:
    """The commands of a page, in code of several lines or of a few words."""
    text = file.read_text("utf-8")
    fenced = [found[0] for found in FENCE.finditer(text)]
    spans = [found[0] for found in CODE.finditer(FENCE.sub("", text))]
    code = [block.replace("\\\n", " ") for block in fenced]
    lines = [line for block in code for line in block.splitlines()]
    lines += [" ".join(span.split()) for span in spans]
    return [Command(file, *_read(line, found.end())) for line in lines for found in _in(line)]


def _in(line: str) -> Iterator[re.Match[str]]:
    return COMMAND.finditer(line)


def _read(line: str, place: int) -> tuple[list[str], list[str]]:
    words: list[str] = []
    while found := WORD.match(line, place):
        words.append(re.sub("[\"']", "", found[1]))
        place = found.end()
    groups: list[str] = []
    while words and words[0].startswith("--"):
        option = words.pop(0)
        if option in TAKES_A_VALUE:
            groups.append(words.pop(0))
    return groups, words
