"""What people have done and written down: docs/evidence/*.toml names it.

Half a point for an item, until the record expires.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from project_tools.score.catalogue import NAMES
from project_tools.score.marks import DEMO, SCOPES
from project_tools.score.mistakes import ScoreError, nearest

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "docs/evidence"
FIELDS = ("item", "record", "who", "date", "expires", "scope")
LONGEST = timedelta(days=731)  # what nobody has looked at for two years is no evidence


@dataclass(frozen=True)
class Evidence:
    """A document about one item."""

    item: str
    record: str  # a file of the project
    who: str
    date: date
    expires: date
    scope: str  # demo: about the example's data only

    def problem(self, project: Path, today: date, example: bool) -> str:
        """Why it counts for nothing; nothing if it counts."""
        if self.scope == DEMO and not example:
            return f"{self.record} is about the example's data"
        if not (project / self.record).is_file():
            return f"{self.record} is not there"
        if today > self.expires:
            return f"{self.record} expired on {self.expires}"
        return ""


def load(project: Path) -> list[Evidence]:
    """Read what the files name; without one there is no evidence.

    Raises:
        ScoreError: at the first entry that says too little, or something else.
    """
    found: list[Evidence] = []
    for file in sorted((project / FOLDER).glob("*.toml")):
        name = file.relative_to(project).as_posix()
        try:
            content = tomllib.loads(file.read_text(encoding="utf-8"))
        except ValueError as error:  # of TOML or of UTF-8
            raise ScoreError(f"{name}: cannot be read ({error}).") from error
        entries = content.pop("evidence", [])
        if content or not isinstance(entries, list):
            raise ScoreError(f"{name}: expected entries [[evidence]] and nothing else.")
        found += [_entry(f"{name}, entry {number}", one) for number, one in enumerate(entries, 1)]
    return found


def _entry(place: str, entry: Any) -> Evidence:
    fields = entry if isinstance(entry, dict) else {}
    for field in fields:
        if field not in FIELDS:
            raise ScoreError(f"{place}: unknown field {field!r}. {nearest(field, FIELDS)}")
    for field in ("item", "record", "who", "scope"):
        if not isinstance(fields.get(field), str) or not fields[field].strip():
            raise ScoreError(f"{place}: {field} is {fields.get(field)!r}, expected a text.")
    for field, options in (("item", NAMES), ("scope", SCOPES)):
        if fields[field] not in options:
            told = f"{field} is {fields[field]!r}. {nearest(fields[field], options)}"
            raise ScoreError(f"{place}: {told}")
    begun, expires = (_day(place, field, fields.get(field)) for field in ("date", "expires"))
    if not begun < expires <= begun + LONGEST:
        told = f"expires is {expires}, expected a day within two years of {begun}"
        raise ScoreError(f"{place}: {told}.")
    item, record, who, scope = (str(fields[name]) for name in ("item", "record", "who", "scope"))
    return Evidence(item, record, who, begun, expires, scope)


def _day(place: str, field: str, value: Any) -> date:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        day = None
    if not isinstance(day, date) or isinstance(day, datetime):
        raise ScoreError(f"{place}: {field} is {value!r}, expected a day such as 2027-03-31.")
    return day
