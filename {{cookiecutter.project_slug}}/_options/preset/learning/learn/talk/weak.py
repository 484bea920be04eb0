"""Where it fails: the worst of what was measured, and what stands beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .numbers import missed
from .story import Story

MOST = 6  # in a figure that is read from the last row


@dataclass(frozen=True)
class Weakness:
    """One part of the examples: how often, or how far, it is wrong there."""

    name: str
    kind: str  # class, slice or disturbance
    entry: dict[str, Any]  # the share that is wrong, or how far off it is, with its interval


def weaknesses(story: Story) -> list[Weakness]:
    """Return the parts that were measured, the worst first: kinds, or slices, or disturbances."""
    found = _classes(story) or _slices(story) or _disturbances(story)
    return sorted(found, key=lambda one: -one.entry["value"])[:MOST]


def _classes(story: Story) -> list[Weakness]:
    entries = [entry for entry in story.metrics.get("classes", []) if entry["recall"]]
    return [Weakness(str(one["class"]), "class", missed(one["recall"])) for one in entries]


def _slices(story: Story) -> list[Weakness]:
    key = story.metrics["comparison"]["metric"]
    entries = [one for one in story.metrics.get("slices", []) if one["measured"]]
    return [Weakness(one["name"], "slice", _wrong(story, one[key])) for one in entries]


def _disturbances(story: Story) -> list[Weakness]:
    cells = story.metrics.get("robustness", {}).get("cells", [])
    worst = {cell["corruption"]: cell for cell in cells}  # the last severity is the greatest
    return [
        Weakness(name, "disturbance", _wrong(story, cell["network"]))
        for name, cell in worst.items()
    ]


def _wrong(story: Story, entry: dict[str, Any]) -> dict[str, Any]:
    return entry if story.of_values else missed(entry)
