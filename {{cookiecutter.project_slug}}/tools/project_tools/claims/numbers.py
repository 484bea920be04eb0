"""The numbers of a text, which of them look measured, and the claim behind each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from project_tools.claims.markdown import Comment, Text

DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?P<decimals>\.\d+)?"
# No part of a word, a version, a date or an address.
NUMBER = re.compile(rf"(?<![\w./])(?<!\d[-\u2212])[-+\u2212]?{DIGITS}(?!\.?\d)(?![A-Za-z_/])")
VERSION_OF = ("python", "version", "cuda", "section", "release")  # and then a number: it is a name
UNIT = re.compile(r"\s?(?:%|percent\b|(?:percentage )?points?\b)")
LEVEL = re.compile(
    r"\s?(?:%|percent) (?:confidence |credible )?(?:intervals?|levels?|confidence)\b"
)
BETWEEN = re.compile(rf"[*_]*(?:{UNIT.pattern})?[*_ ]*")
CLAIM = "claim:"


@dataclass(frozen=True)
class Number:
    """A number as it is written, and what is claimed of it."""

    shown: str
    start: int
    end: int
    measured: bool  # as far as its looks tell
    claim: str | None


def numbers_of(text: Text) -> tuple[list[Number], list[Comment]]:
    """Return the numbers in the prose, and the claims that follow none."""
    claims = {c.start: c for c in text.comments if c.said.startswith(CLAIM)}
    found: list[Number] = []
    for match in NUMBER.finditer(text.prose):
        between = BETWEEN.match(text.whole, match.end())
        claim = claims.pop(between.end() if between else match.end(), None)
        said = claim.said.removeprefix(CLAIM).strip() if claim else None
        found.append(Number(match[0], match.start(), match.end(), _measured(text, match), said))
    return found, list(claims.values())


def _measured(text: Text, match: re.Match[str]) -> bool:
    before = text.prose[max(0, match.start() - 20) : match.start()].lower().rstrip()
    if LEVEL.match(text.prose, match.end()) or before.endswith(VERSION_OF):
        return False
    return match["decimals"] is not None or UNIT.match(text.prose, match.end()) is not None
