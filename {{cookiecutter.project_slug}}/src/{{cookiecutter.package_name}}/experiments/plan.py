"""The plan of an experiment: a file that is committed before anybody knows how it ends."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..runtime.errors import UserError, nearest

FOLDER = "docs/experiments"
FEWEST_SEEDS = 2
SPLITS = ("val", "test")
DEVICE = r"(con|prn|aux|nul|(com|lpt)\d)(\..*)?"
STOPPING = "fixed"  # all runs are trained before anybody looks: the only rule that is carried out


@dataclass(frozen=True)
class Plan:
    """What is compared, on what, and what would count as a difference."""

    hypothesis: str
    b: list[str]  # overrides of the challenger; a difference is b minus a
    metric: str
    margin: float  # the smallest difference that matters: of accuracy, or a share of a's error
    rows: int  # of the split that both are judged by
    a: list[str]  # overrides of what it is compared with; none: the project as configured
    seeds: int = 5
    folds: bool = True  # over the folds, where the data have some
    split: str = "val"
    stopping: str = STOPPING
    first_seed: int = 0  # the others follow


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _are_overrides(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(w, str) and "=" in w for w in value)


def _is_count(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


Rule = tuple[Callable[[Any], bool], str]
RULES: dict[str, Rule] = {
    "hypothesis": (_is_text, "what you expect and why, in a sentence"),
    "a": (_are_overrides, "a list of overrides, such as [model.width=16]; []: as configured"),
    "b": (_are_overrides, "a list of overrides, such as [model.width=48]"),
    "metric": (_is_text, "the primary metric: accuracy, or mae where values are predicted"),
    "margin": (lambda v: isinstance(v, float) and 0 < v < 1, "a share between 0 and 1"),
    "rows": (lambda v: _is_count(v, 1), "a whole number above 0"),
    "seeds": (lambda v: _is_count(v, FEWEST_SEEDS), f"a whole number from {FEWEST_SEEDS} on"),
    "folds": (lambda v: isinstance(v, bool), "true or false"),
    "split": (lambda v: v in SPLITS, "val or test"),
    "first_seed": (lambda v: _is_count(v, 0), "a whole number from 0 on; the others follow"),
    "stopping": (lambda v: v == STOPPING, f"{STOPPING}: all runs are trained before anybody looks"),
}
REQUIRED = ("hypothesis", "a", "b", "metric", "margin", "rows")


def plan_file(project: Path, name: str) -> Path:
    """Return where the plan of this name lies, whether it is there or not."""
    return project / FOLDER / f"{named_file(name)}.yaml"


def named_file(name: str) -> str:
    """Return a name that a file may have on every system.

    Raises:
        UserError: when it is none.
    """
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9_-])?", name):
        raise UserError(f"{name}: expected a name of letters, digits and . _ - (no . at its end).")
    if re.fullmatch(DEVICE, name, re.IGNORECASE):
        raise UserError(f"{name}: expected another name: Windows has a device that is called so.")
    return name


def read_plan(file: Path) -> Plan:
    """Read a plan.

    Raises:
        UserError: when there is none, or for its first mistake.
    """
    return checked(read_keys(file, RULES, REQUIRED), file.name)


def read_keys(file: Path, rules: dict[str, Rule], required: tuple[str, ...]) -> dict[str, Any]:
    """Return what a plan holds, whose keys are known and all there.

    Raises:
        UserError: when there is no plan, or for its first key that is unknown or missing.
    """
    import yaml

    if not file.exists():
        known = [one.stem for one in file.parent.glob("*.yaml")]
        raise UserError(
            f"{file.stem}: no such plan in {FOLDER}. {nearest(file.stem, known)} "
            f'`uv run compare --new {file.stem} b="KEY=VALUE"` writes one.'
        )
    with file.open(encoding="utf-8") as stream:
        content = yaml.safe_load(stream)
    if not isinstance(content, dict):
        raise UserError(f"{file.name}: expected keys and values: {', '.join(rules)}.")
    for key in content:
        if key not in rules:
            raise UserError(f"{file.name}: {key}: unknown. {nearest(str(key), rules)}")
    for key in required:
        if key not in content:
            raise UserError(f"{file.name}: {key} is missing: expected {rules[key][1]}.")
    return content


def checked(content: dict[str, Any], place: str) -> Plan:
    """Return the plan that ``content`` holds, after a look at every value."""
    require_values(content, RULES, place)
    return Plan(**content)


def require_values(content: dict[str, Any], rules: dict[str, Rule], place: str) -> None:
    """Refuse a value that is not what its key takes."""
    for key, value in content.items():
        holds, expected = rules[key]
        if not holds(value):
            shown = value if value is not None else "nothing"
            raise UserError(f"{place}: {key}={shown}: expected {expected}.")


def plan_hash(file: Path) -> str:
    """Return a hash of the plan's text, the same whatever line ends git checks out."""
    text = file.read_bytes().replace(b"\r\n", b"\n")
    return hashlib.sha256(text).hexdigest()[:32]
