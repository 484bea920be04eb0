"""Requests that are not answered: each with a status, and a line that says what was expected."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

MOST_PROBLEMS = 20  # told of one request


@dataclass
class RefusedError(Exception):
    """A request that gets no prediction."""

    status: int
    told: str
    problems: list[dict[str, Any]] = field(
        default_factory=list
    )  # place, value and expected of each
    headers: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the body of the answer."""
        shown = self.problems[:MOST_PROBLEMS]
        return {"error": self.told, **({"problems": shown} if shown else {})}


def unreadable(problems: list[dict[str, Any]]) -> RefusedError:
    """422: the request is whole, but its rows are not what the model takes."""
    more = len(problems) - 1
    first = problems[0]
    told = f"{first['place']}: expected {first['expected']}" + (
        f", and {more} more" if more else ""
    )
    return RefusedError(422, told, problems)


def too_large(what: str, limit: str) -> RefusedError:
    """413."""
    return RefusedError(413, f"{what}: expected at most {limit}")


def wrong_type(found: str, expected: str) -> RefusedError:
    """415: another kind of content."""
    return RefusedError(415, f"content-type {found or 'is missing'}: expected {expected}")


def come_later(told: str, status: int = 429) -> RefusedError:
    """429, or 503 while there is no model."""
    return RefusedError(status, told, headers={"Retry-After": "1"})
