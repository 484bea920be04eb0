"""A page that is carried out: what its reader types, what there is to see, and what is edited.

Such a page consists of prose and of fenced blocks:

- ``bash``: commands, typed in the folder of the project.
- ``text``: what the commands before print, in this order and shortened. A number stands for any
  number, ``...`` for any words, and on a line of its own for any lines.
- ``diff title="FILE"``: lines of FILE that are replaced; what is there before must be there once.
- any language with ``title="FILE"``: FILE, which is new.
"""

import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from project_pages import PROJECT

BLOCK = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
NUMBER = r"[-+]?\d(?:[\d.,]*\d)?(?:e[-+]\d+)?"
CHANGE = re.compile(r"^@@.*\n", re.MULTILINE)


@dataclass
class Step:
    """One block of commands with what it prints, or one edit of a file."""

    commands: list[list[str]] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    file: str = ""
    language: str = ""
    text: str = ""


def steps(page: Path) -> Iterator[Step]:
    """The steps of a page, in order."""
    step = Step()
    for language, file, text in BLOCK.findall(page.read_text("utf-8")):
        if language == "text":
            assert step.commands, f"nothing was typed before: {text}"
            step.seen += text.splitlines()
            continue
        if step.commands:
            yield step
        step = Step()
        if language == "bash":
            step.commands = list(_commands(text))
        elif file:
            yield Step(file=file, language=language, text=text)
    if step.commands:
        yield step


def _commands(text: str) -> Iterator[list[str]]:
    for line in text.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        while "&&" in words:
            place = words.index("&&")
            yield words[:place]
            words = words[place + 1 :]
        if words:
            yield words


def not_seen(expected: list[str], printed: str) -> list[str]:
    """The expected lines that were not printed after those before them."""
    lines = [line.strip() for line in printed.splitlines()]
    missing: list[str] = []
    for one in expected:
        pattern = re.compile(_pattern(one.strip()))
        place = next((n for n, line in enumerate(lines) if pattern.fullmatch(line)), None)
        if place is None:
            missing.append(one)
        else:
            lines = lines[place + 1 :]
    return missing


def _pattern(line: str) -> str:
    """A regular expression for a line of the page."""
    if line in ("", "..."):
        return ".*"
    return "".join(_any_of(part) for part in re.split(rf"({NUMBER}|\.\.\.|\s+)", line))


def _any_of(part: str) -> str:
    if part == "...":
        return ".*"
    if re.fullmatch(NUMBER, part):
        return NUMBER
    return r"\s+" if part.isspace() else re.escape(part)


def is_possible(folder: Path, step: Step) -> bool:
    """Whether what a step edits is in ``folder`` as the page has it."""
    file = folder / step.file
    if step.language != "diff":
        return not file.exists()
    whole = file.read_text("utf-8") if file.exists() else ""
    return all(whole.count(_side(change, "-")) == 1 for change in _changes(step))


def edit(folder: Path, step: Step) -> None:
    """Make the edit of a step in ``folder``."""
    file = folder / step.file
    if step.language != "diff":
        assert not file.exists(), step.file
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(step.text, "utf-8", newline="\n")
        return
    whole = file.read_text("utf-8")
    for change in _changes(step):
        before, after = _side(change, "-"), _side(change, "+")
        assert whole.count(before) == 1, f"{step.file}: {whole.count(before)} times:\n{before}"
        whole = whole.replace(before, after)
    file.write_text(whole, "utf-8", newline="\n")


def _changes(step: Step) -> list[str]:
    return [change for change in CHANGE.split(step.text) if change]


def _side(change: str, mark: str) -> str:
    lines = change.splitlines(keepends=True)
    return "".join(line[1:] for line in lines if line[0] in (" ", "\n", mark))


def modules() -> dict[str, str]:
    """The module behind each command of the project and of its tools."""
    files = [PROJECT / "pyproject.toml", PROJECT / "tools/pyproject.toml"]
    scripts = [tomllib.loads(file.read_text("utf-8"))["project"]["scripts"] for file in files]
    return {name: place.partition(":")[0] for one in scripts for name, place in one.items()}
