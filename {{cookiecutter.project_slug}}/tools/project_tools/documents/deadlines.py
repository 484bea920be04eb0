"""What is still open: who answers, and until which day. After that day a check fails.

In the file: `open: Ada, until 2026-01-31`, in a comment. `uv run replace-example` writes it.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from project_tools.documents.page import is_answer, is_date

OPEN = re.compile(r"\bopen: (?P<who>[^\n]*?),? until (?P<day>\d{4}-\d\d-\d\d)\b")
FORM = "`open: who, until YYYY-MM-DD` in a comment"
DAYS = 30  # that people have to answer what is asked of their own data


@dataclass(frozen=True)
class Deadline:
    """Who answers what is open, and by when; nobody where nothing is said."""

    line: int
    who: str
    day: str

    def allows(self, today: datetime.date) -> bool:
        """Whether there is still time."""
        named = is_answer(self.who) and is_date(self.day)
        return named and today <= datetime.date.fromisoformat(self.day)


def of(text: str) -> Deadline:
    """Return what a file says of its open answers."""
    found = OPEN.search(text)
    if found is None:
        return Deadline(1, "", "")
    return Deadline(text.count("\n", 0, found.start()) + 1, found["who"].strip(), found["day"])


def told(deadline: Deadline, what: str) -> str:
    """Say that something is not answered, and what would do."""
    if deadline.day:
        return f"{what} is not answered, and {deadline.day} is past, expected an answer"
    return f"{what} is not answered, expected an answer, or {FORM}"


def line(who: str, today: datetime.date) -> str:
    """Return the words that leave a file's questions open for a while."""
    return f"open: {who}, until {today + datetime.timedelta(days=DAYS)}"
