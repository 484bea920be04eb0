"""The space of a search: keys of the configuration, each with the values that it may take."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..runtime.errors import UserError, nearest

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution

Space = dict[str, "BaseDistribution"]
Params = dict[str, Any]
ENDS, OPTIONS = ("low", "high"), ("log", "step")
# What a trial is told by the search itself, or what says how a search is made.
RESERVED = ("seed", "run", "resume", "data.fold", "tune", "tracking", "search", "experiment")
DIGITS = 4  # that a value is rounded to, so that people can read it


def read_space(described: dict[str, Any], value_of: Callable[[str, Any], Any]) -> Space:
    """Return what each key is drawn from.

    Args:
        described: by key a list of choices, or {low, high} with log or step where wanted.
        value_of: what the typed configuration makes of a key and a value; it refuses what it
            cannot take.

    Raises:
        UserError: for an empty space, or the first entry that is none.
    """
    if not described:
        raise UserError("tune.space: empty. Choose one, as in: uv run tune search=quick")
    return {key: _read(key, entry, value_of) for key, entry in described.items()}


def _read(key: str, entry: Any, value_of: Callable[[str, Any], Any]) -> BaseDistribution:
    place = f"tune.space.{key}"
    for reserved in RESERVED:
        if f"{key}.".startswith(f"{reserved}."):
            raise UserError(f"{place}: {reserved} cannot be searched over; a trial is given it.")
    if isinstance(entry, list):
        return _choices(place, key, entry, value_of)
    if not isinstance(entry, dict) or not set(ENDS) <= set(entry):
        raise UserError(f"{place}={entry}: expected a list of choices, or low and high.")
    for name in entry:
        if name not in (*ENDS, *OPTIONS):
            raise UserError(f"{place}.{name}: unknown. {nearest(name, (*ENDS, *OPTIONS))}")
    return _range(place, key, entry, value_of)


def _choices(
    place: str, key: str, values: list[Any], value_of: Callable[[str, Any], Any]
) -> BaseDistribution:
    from optuna.distributions import CategoricalDistribution

    if len(set(map(repr, values))) < max(2, len(values)):
        raise UserError(f"{place}={values}: expected two different choices or more.")
    for value in values:
        if value is not None and not isinstance(value, str | int | float | bool):
            raise UserError(f"{place}={value}: expected a text, a number, true, false or null.")
        value_of(key, value)
    return CategoricalDistribution(values)


def _range(
    place: str, key: str, entry: dict[str, Any], value_of: Callable[[str, Any], Any]
) -> BaseDistribution:
    from optuna.distributions import FloatDistribution, IntDistribution

    low, high = entry["low"], entry["high"]
    log, step = entry.get("log"), entry.get("step")
    for name, end in zip(ENDS, (low, high), strict=True):
        if isinstance(end, bool) or not isinstance(end, int | float) or not math.isfinite(end):
            raise UserError(f"{place}.{name}={end}: expected a number.")
    typed = [value_of(key, end) for end in (low, high)]
    if any(isinstance(end, bool) or not isinstance(end, int | float) for end in typed):
        raise UserError(f"{place}: no number; expected a list of choices.")
    if low >= high:
        raise UserError(f"{place}: low={low} is not below high={high}.")
    if log not in (None, True, False):
        raise UserError(f"{place}.log={log}: expected true or false.")
    if log and low <= 0:
        raise UserError(f"{place}.low={low}: expected a number above 0 where log is true.")
    if log and step is not None:
        raise UserError(f"{place}.step={step}: expected none where log is true.")
    whole = all(isinstance(end, int) for end in typed)
    if step is not None and not _fits(step, high - low, whole=whole):
        kind = "a whole number" if whole else "a number"
        raise UserError(f"{place}.step={step}: expected {kind} between 0 and {high - low:g}.")
    if whole:
        return IntDistribution(low, high, log=bool(log), step=step or 1)
    return FloatDistribution(float(low), float(high), log=bool(log), step=step)


def _fits(step: Any, width: float, *, whole: bool) -> bool:
    is_number = isinstance(step, int if whole else int | float) and not isinstance(step, bool)
    return is_number and 0 < step <= width


def suggest(trial: Any, space: Space) -> Params:
    """Have Optuna choose a value for each key; those that a trial has already stay."""
    from optuna.distributions import CategoricalDistribution, IntDistribution

    for name, one in space.items():
        if isinstance(one, CategoricalDistribution):
            trial.suggest_categorical(name, one.choices)
            continue
        ends: Any = one  # the two other kinds have the same fields
        draw = trial.suggest_int if isinstance(one, IntDistribution) else trial.suggest_float
        draw(name, ends.low, ends.high, log=ends.log, step=ends.step)
    return dict(trial.params)


def overrides_of(params: Params) -> list[str]:
    """Return parameters as overrides, with numbers that can be read."""
    return [f"{key}={as_text(value)}" for key, value in params.items()]


def as_text(value: Any) -> str:
    """Return a value as the command line takes it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.{DIGITS}g}"
    if isinstance(value, str):
        return "'" + value.replace("'", "\\'") + "'"
    return str(value)


def described(distribution: BaseDistribution) -> dict[str, Any]:
    """Return a distribution in words of the configuration, to be kept and compared."""
    from optuna.distributions import CategoricalDistribution

    if isinstance(distribution, CategoricalDistribution):
        return {"choices": list(distribution.choices)}
    facts = {name: getattr(distribution, name) for name in (*ENDS, *OPTIONS)}
    return {name: v for name, v in facts.items() if v is not None and v is not False}
