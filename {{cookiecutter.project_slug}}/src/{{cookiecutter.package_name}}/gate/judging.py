"""From two contenders to a verdict, with every number that it rests on."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from types import ModuleType
from typing import Any

import numpy as np

from ..config.evaluation import Evaluation
from ..config.gate import Gate
from ..measures.evaluation import measures_of
from ..measures.folds import test_share_of
from ..measures.tables import Evidence
from ..measures.uncertainty import Uncertainty
from ..predictions import Predictions
from ..records.looks import MOST_LOOKS
from ..stats.intervals import wilson
from . import guards
from .contender import Contender
from .verdict import Case, Difference, Guard, Verdict, decide

ONE_SIDED = 0.90  # level of the interval whose lower end is a bound at 95 %


@dataclass(frozen=True)
class Judgement:
    """A verdict and what it rests on."""

    verdict: Verdict
    why: str
    case: Case
    level: float
    churn: dict[str, Any] | None  # share of rows that are decided otherwise

    def as_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        of_guards = [asdict(guard) | {"state": guard.state.value} for guard in self.case.guards]
        anchor = self.case.anchor
        return {
            "verdict": self.verdict.value,
            "why": self.why,
            "problems": self.case.problems,
            "rows": self.case.rows,
            "level": self.level,
            "difference": self.case.champion.as_dict(),
            "to_anchor": anchor.as_dict() if anchor else None,
            "guards": of_guards,
            "churn": self.churn,
            "reason": self.case.reason,
        }


def judge(
    challenger: Evidence,
    metrics: dict[str, Any],
    champion: Contender,
    anchor: Contender | None,
    settings: tuple[Evaluation, Gate],
    more: dict[str, Any],
) -> Judgement:
    """Compare a challenger with the model in use, and with the anchor where that is another.

    Args:
        challenger: its predictions.
        metrics: its metrics.json.
        champion: the model in use, or the best baseline where there is none.
        anchor: the best model ever promoted by superiority, if it is not the champion.
        settings: of the evaluation and of the gate.
        more: "looks" at this test set, "problems" found before, "ratios" of latency, "reason".
    """
    evaluation, limits = settings
    measures, network = measures_of(challenger), challenger.network
    validation = next(iter(challenger.validation.values()))
    level = level_after(more["looks"], evaluation.level)
    how = Uncertainty(
        level,
        evaluation.resamples,
        metrics["seeds"][0],
        evaluation.margin,
        test_share_of(network, validation),
    )
    case = Case(
        problems=[*metrics["problems"], *more["problems"]],
        rows=len(network.ids),
        margin=evaluation.margin,
        champion=difference(measures, network, champion.table, how),
        anchor=difference(measures, network, anchor.table, how) if anchor else None,
        guards=all_guards(measures, challenger, metrics, champion, settings, how),
        reason=more["reason"],
    )
    if more["ratios"] and limits.latency_ratio:
        latency = guards.latency_kept(more["ratios"], limits.latency_ratio)
        case = replace(case, guards=[*case.guards, latency])
    verdict, why = decide(case)
    return Judgement(verdict, why, case, level, churn(network, champion.table, level))


def all_guards(
    measures: ModuleType,
    challenger: Evidence,
    metrics: dict[str, Any],
    champion: Contender,
    settings: tuple[Evaluation, Gate],
    how: Uncertainty,
) -> list[Guard]:
    """Return what each guard says; latency is measured apart."""
    evaluation, limits = settings
    network = challenger.network
    found = [
        guards.slices_kept(measures, network, champion.table, evaluation.slices, how),
        guards.calibration_kept(network, champion.table, limits.nll_margin, how),
        guards.behaviour_kept(metrics),
        guards.beats_the_simple(metrics),
    ]
    if champion.evidence:
        limit = limits.corruption_ratio
        found.append(guards.robustness_kept(measures, challenger, champion.evidence, limit, how))
    return found


def difference(
    measures: ModuleType, network: Predictions, other: Predictions, how: Uncertainty
) -> Difference:
    """Return the challenger's lead on the primary metric, at the level of ``how``."""
    two_sided = measures.compare(network, other, how)
    one_sided = measures.compare(network, other, replace(how, level=ONE_SIDED))
    return Difference(
        value=two_sided["value"],
        low=two_sided["low"],
        high=two_sided["high"],
        lower_bound=one_sided["low"],
        margin=how.margin * guards.unit_of(measures, other),
        rows_needed=two_sided["rows_needed"],
    )


def level_after(looks: int, level: float) -> float:
    """Return the level of intervals after so many looks at one test set (Bonferroni)."""
    return level if looks <= MOST_LOOKS else 1 - (1 - level) / looks


def churn(network: Predictions, other: Predictions, level: float) -> dict[str, Any] | None:
    """Return the share of rows whose class changes, right or wrong (Rules of ML, 24)."""
    if not network.classes:
        return None
    changed = int(np.sum(network.predicted != other.predicted))
    return wilson(changed, len(network.ids), level).as_dict()
