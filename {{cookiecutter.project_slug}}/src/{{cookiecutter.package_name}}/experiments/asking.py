"""What the command line of `compare` asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..runtime.errors import UserError, nearest
from .plan import RULES

KEYS = ("a", "b", "seeds", "split", "margin", "folds")
FLAGS = ("--new", "--again")


@dataclass(frozen=True)
class Asked:
    """A plan by its name, a new one, or without a name what to explore."""

    name: str
    new: bool
    values: dict[str, Any]  # of a plan's keys
    again: bool = False  # carry a plan out that has its result


def read(arguments: list[str]) -> Asked:
    """Read the arguments.

    Raises:
        UserError: for what is none of them, or not enough.
    """
    new = "--new" in arguments
    again = "--again" in arguments
    words = [word for word in arguments if word not in FLAGS]
    names = [word for word in words if "=" not in word]
    values = dict(_value(word) for word in words if "=" in word)
    for word in names:
        if word.startswith("-"):
            raise UserError(f"{word}: unknown. {nearest(word, [*FLAGS, '--help'])}")
    if len(names) > 1:
        raise UserError(f"{' '.join(names)}: expected one name.")
    if new and not names:
        raise UserError("--new: expected a name, as in: compare --new wider b=model.width=48")
    if again and (new or not names):
        raise UserError("--again: expected the name of a plan that has its result.")
    if names and values and not new:
        raise UserError(
            f"{next(iter(values))}: the plan {names[0]} says what is compared. Change it before it "
            "is carried out, or leave the name out to explore."
        )
    if (new or not names) and "b" not in values:
        raise UserError('b: missing. For example b="model.width=48"')
    return Asked(names[0] if names else "", new, {"a": []} | values, again)


def _value(word: str) -> tuple[str, Any]:
    import yaml

    key, _, text = word.partition("=")
    if key not in KEYS:
        raise UserError(f'{word}: unknown. {nearest(key, KEYS)} Overrides: b="{word}"')
    try:
        value = text.split() if key in ("a", "b") else yaml.safe_load(text)
    except yaml.YAMLError:
        value = None  # which no key takes
    holds, expected = RULES[key]
    if not holds(value):
        raise UserError(f"{word}: expected {expected}.")
    return key, value
