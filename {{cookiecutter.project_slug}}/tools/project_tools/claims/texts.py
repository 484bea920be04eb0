"""Checks every number of one file against what it claims to be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from project_tools.claims import markdown, numbers
from project_tools.claims.keys import METRICS, ClaimError, Source, expected

if TYPE_CHECKING:
    from pathlib import Path

    from project_tools.claims.numbers import Number

PLACES = ("README.md", "docs/experiments/*.md", "reports/model_card.md")


@dataclass
class Found:
    """What is wrong, line by line, and the numbers that have drifted with what they should be."""

    problems: list[str] = field(default_factory=list)
    drifted: list[tuple[Number, str]] = field(default_factory=list)
    claims: int = 0


def files_of(project: Path) -> list[Path]:
    """Return the texts that make claims."""
    return [file for place in PLACES for file in sorted(project.glob(place))]


def check(project: Path, file: Path) -> Found:
    """Look at every number in the prose of ``file``."""
    text, found = markdown.read(file.read_text(encoding="utf-8")), Found()
    place = file.relative_to(project).as_posix()
    unclaimed, unended = markdown.lines_without_claims(text)
    for line in unended:
        found.problems.append(
            f"{place}:{line}: the block begins and has no <!-- not a claim: end -->"
        )
    shown, stray = numbers.numbers_of(text)
    for comment in stray:
        line = text.line_of(comment.start)
        found.problems.append(f"{place}:{line}: no number stands before <!-- {comment.said} -->")
    for number in shown:
        line = text.line_of(number.start)
        if number.claim is not None:
            _compare(project, file, number, f"{place}:{line}", found)
        elif number.measured and line not in unclaimed:
            found.problems.append(
                f"{place}:{line}: {number.shown}: looks measured. Expected <!-- claim: KEY --> "
                "behind it, or <!-- not a claim --> in its line"
            )
    return found


def mended(text: str, drifted: list[tuple[Number, str]]) -> str:
    """Return the text with other numbers in those places."""
    for number, right in sorted(drifted, key=lambda entry: -entry[0].start):
        text = text[: number.start] + right + text[number.end :]
    return text


def _compare(project: Path, file: Path, number: Number, place: str, found: Found) -> None:
    claim = str(number.claim)
    name, separator, path = claim.partition("#")
    words = (path if separator else claim).strip()
    path, _, form = words.rpartition(" ")
    if not path or "." in form[1:]:  # a key may hold spaces, and a form no dot but its first
        path, form = words, ""
    source_file = file.parent / name if separator else project / METRICS
    shown = number.shown.replace("\u2212", "-")
    try:
        source = Source.load(source_file, name if separator else METRICS)
        right = expected(source, path.strip(), form, shown)
    except ClaimError as error:
        found.problems.append(f"{place}: {error}")
        return
    found.claims += 1
    if right.replace(",", "") != shown.replace(",", ""):
        found.drifted.append((number, right))
        found.problems.append(f"{place}: {number.shown} is {right} now, by {claim}")
