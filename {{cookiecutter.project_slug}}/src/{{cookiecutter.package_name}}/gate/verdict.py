"""What is to be done with a challenger: rules on numbers, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from ..stats.verdict import FEWEST_ROWS, rows_to_be_equal


class Verdict(Enum):
    """What the numbers allow."""

    INVALID = "INVALID"  # they answer nothing
    REJECT = "REJECT"  # worse for sure, or a guard fails for sure
    PROMOTE = "PROMOTE"  # better for sure, and every guard passes
    EQUIVALENT = "EQUIVALENT"  # not worse by the margin, and there is a reason to change
    INCONCLUSIVE = "INCONCLUSIVE"  # anything else: more rows would tell


class State(Enum):
    """What a guard says."""

    passed = "passed"
    failed = "failed"  # for sure
    unclear = "unclear"  # neither passes nor fails for sure
    not_measured = "not measured"


@dataclass(frozen=True)
class Guard:
    """A limit that a challenger must keep to, whatever its primary metric."""

    name: str
    state: State
    told: str  # the numbers behind it


@dataclass(frozen=True)
class Difference:
    """Challenger minus another model on the primary metric; more is better."""

    value: float
    low: float
    high: float
    lower_bound: float  # one-sided, at 95 %: how much worse it may be
    margin: float  # in the metric's unit
    rows_needed: int | None  # that would show a difference of the margin

    def as_dict(self) -> dict[str, Any]:
        """Plain values."""
        return dict(vars(self))


@dataclass(frozen=True)
class Case:
    """All that a verdict rests on."""

    problems: list[str]  # why nothing may be concluded
    rows: int
    margin: float  # evaluation.margin: a share
    champion: Difference
    anchor: Difference | None  # to the best model ever promoted by superiority; None: the champion
    guards: list[Guard]
    reason: str | None  # why an equal model should take over


def decide(case: Case) -> tuple[Verdict, str]:
    """Return the verdict, and in words why.

    Non-inferiority alone would let thirty challengers in a row lose the margin each; so equal
    models are also held against the anchor, which only superiority moves.
    """
    refusal = _refusal(case)
    if refusal:
        return refusal
    unclear = [guard.name for guard in case.guards if guard.state is State.unclear]
    if case.champion.low > 0 and unclear:
        return Verdict.INCONCLUSIVE, f"better, but unclear: {', '.join(unclear)}"
    if case.champion.low > 0:
        return Verdict.PROMOTE, "the whole interval of the difference lies above zero"
    kept = [one.lower_bound > -one.margin for one in (case.champion, case.anchor) if one]
    equal = all(kept) and not unclear and case.rows >= rows_to_be_equal(case.margin)
    if equal and case.reason:
        return Verdict.EQUIVALENT, f"not worse by the margin, and {case.reason}"
    if equal:
        missing = "not worse by the margin; with a reason to change it would be EQUIVALENT"
        return Verdict.INCONCLUSIVE, missing
    needed = case.champion.rows_needed
    holds_zero = "the interval of the difference holds zero"
    if needed and needed > case.rows:
        holds_zero += f"; {needed:,} rows would show a difference of the margin"
    return Verdict.INCONCLUSIVE, holds_zero


def _refusal(case: Case) -> tuple[Verdict, str] | None:
    if case.problems:
        return Verdict.INVALID, "; ".join(case.problems)
    if case.rows < FEWEST_ROWS:
        return Verdict.INVALID, f"{case.rows} test rows, fewer than {FEWEST_ROWS}"
    if case.champion.high < 0:
        return Verdict.REJECT, "the whole interval of the difference lies below zero"
    failed = [guard for guard in case.guards if guard.state is State.failed]
    if failed:
        return Verdict.REJECT, "; ".join(f"{guard.name}: {guard.told}" for guard in failed)
    return None
