"""What `tune` is asked to search: the project's configuration, checked before the first trial."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..runtime.composition import (
    check_overrides,
    compose,
    current_overrides,
    merge_overrides,
    unread_overrides,
)
from ..runtime.errors import UserError, explain, nearest
from .space import Params, Space, as_text, read_space

NOT_OF_A_SEARCH = ("run", "resume", "data.fold", "debug")


@dataclass(frozen=True)
class Asked:
    """The overrides that every trial has, what they make of the configuration, and its name."""

    given: list[str]  # over the project's current ones, without those of the search itself
    name: str  # of the search; empty without one

    @property
    def overrides(self) -> list[str]:
        """What a trial is told before its parameters."""
        return merge_overrides(current_overrides(), self.given)


def read(words: list[str], project: Path) -> tuple[Asked, list[str]]:
    """Return what is asked, and the overrides that only the search reads.

    Raises:
        UserError: for a word that is no override, or one that a search cannot have.
    """
    for word in words:
        key = word.partition("=")[0]
        if "=" not in word or word.startswith("-"):
            raise UserError(f"{word}: expected KEY=VALUE. `uv run tune --help` says more.")
        if key in NOT_OF_A_SEARCH:
            raise UserError(f"{word}: not of a search; its trials have folders of their own.")
    check_overrides(words)
    own = [word for word in words if word.startswith("tune.")]
    given = [word for word in words if word not in own]
    for override, readers in unread_overrides(project, "train", given).items():
        only = " and ".join(readers)
        raise UserError(f"{override}: changes nothing in training, only in {only}.")
    names = [word.partition("=")[2] for word in given if word.startswith("search=")]
    return Asked(given, names[-1] if names else ""), own


def space_of(described: dict[str, Any], asked: Asked, project: Path) -> Space:
    """Return the space, after each end and each choice of it has been tried on the configuration.

    Raises:
        UserError: for the first that it cannot have, with the nearest valid name.
    """
    return read_space(described, trying(asked.overrides, project))


def trying(overrides: list[str], project: Path) -> Callable[[str, Any], Any]:
    """Return a function that says what the configuration makes of a key and a value."""

    def value_of(key: str, value: Any) -> Any:
        from ..config import typed

        override = f"{key}={as_text(value)}"
        unread = unread_overrides(project, "train", [override])
        if unread:
            only = " and ".join(unread[override])
            raise UserError(f"tune.space.{key}: changes nothing in training, only in {only}.")
        try:
            found: Any = typed(compose(merge_overrides(overrides, [override])))
        except Exception as error:
            raise UserError(f"tune.space: {explain(error)}") from error
        for name in key.split("."):
            found = getattr(found, name)
        return found

    return value_of


def current_params(space: Space, resolved: dict[str, Any]) -> Params | None:
    """Return where the configuration lies in the space; None if it lies outside."""
    params = {key: _at(resolved, key) for key in space}
    return params if all(is_in(space[key], value) for key, value in params.items()) else None


def is_in(distribution: Any, value: Any) -> bool:
    """Whether a distribution has this value."""
    if hasattr(distribution, "choices"):
        return value in distribution.choices
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    low, high, step = distribution.low, distribution.high, distribution.step
    on_step = step is None or abs((value - low) / step - round((value - low) / step)) < 1e-9
    return low <= value <= high and on_step


def require_metric(metric: str, quality: str) -> bool:
    """Return whether more of ``metric`` is better.

    Args:
        metric: what the search asks for.
        quality: of this kind of data, accuracy or mae.

    Raises:
        UserError: when a training's history has no such metric.
    """
    known = ["train/loss", "val/loss", f"val/{quality}"]
    if metric not in known:
        raise UserError(f"tune.metric={metric}: unknown. {nearest(metric, known)}")
    return metric.endswith("accuracy")


def _at(facts: Any, key: str) -> Any:
    for name in key.split("."):
        facts = facts.get(name) if isinstance(facts, dict) else None
    return facts
