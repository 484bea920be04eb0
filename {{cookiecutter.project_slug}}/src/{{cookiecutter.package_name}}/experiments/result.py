"""The result of an experiment: every number that its verdict rests on, ready for JSON."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import numpy as np

from ..crossvalidation.cells import Cell, measures_for, per_row
from ..crossvalidation.pairs import Pair, difference, over_rows, rows_of
from ..measures.tables import rows_hash
from ..measures.uncertainty import Uncertainty
from ..stats.runs import is_improvement, paired_t, probability_of_improvement
from ..stats.verdict import rows_to_be_equal
from .conclusion import Limits, decide, rows_needed
from .plan import Plan
from .telling import sentence

Result = dict[str, Any]


def result_of(name: str, plan: Plan, pairs: list[Pair], how: Uncertainty, facts: Result) -> Result:
    """Return what NAME.json holds.

    Args:
        name: of the experiment.
        plan: as it was before.
        pairs: the trained networks, each with its table of the planned split.
        how: settings of all intervals.
        facts: what else is to be kept: hashes, commits, whether it is exploratory.
    """
    how = replace(how, margin=plan.margin)
    firsts, seconds = [pair.first for pair in pairs], [pair.second for pair in pairs]
    a, b = _by_seed(firsts), _by_seed(seconds)
    ahead = over_rows(firsts, [pair.ahead for pair in pairs], "the pairs").mean(axis=1)
    rows = rows_of(firsts)
    errors = 1.0 if rows.classes else float(a.mean())
    limits = Limits(plan.seeds, plan.margin, errors)
    found = difference(pairs, how)
    seeds = sorted({pair.first.seed for pair in pairs})
    verdict, why = decide(found, len(seeds), limits)
    folds = sorted({pair.first.fold for pair in pairs if pair.first.fold is not None})
    chance = probability_of_improvement(ahead, resamples=how.resamples, level=how.level)
    result: Result = {
        "name": name,
        "verdict": verdict,
        "why": why,
        "metric": measures_for(rows).PRIMARY,
        "level": how.level,
        "rows": len(rows.ids),
        "seeds": seeds,
        "folds": folds,
        "split": plan.split,
        "margin": limits.margin_in_units,
        "rows_needed": rows_needed(pairs, limits, how),
        "rows_to_be_equal": rows_to_be_equal(plan.margin),
        "ahead": found.as_dict(),
        "over_seeds": paired_t(ahead, how.level).as_dict(),
        "chance_to_be_ahead": chance.as_dict() | {"improvement": is_improvement(chance)},
        "a": {"value": float(a.mean()), "sd": float(a.std(ddof=1))},
        "b": {"value": float(b.mean()), "sd": float(b.std(ddof=1))},
        "sd_of_difference": float(ahead.std(ddof=1)),
        "by_seed": [
            {"seed": seed, "a": float(one), "b": float(other), "ahead": float(lead)}
            for seed, one, other, lead in zip(seeds, a, b, ahead, strict=True)
        ],
        "runs": [_run(pair) for pair in pairs],
        "deviations": deviations(plan, len(rows.ids), len(seeds)),
        "rows_hash": rows_hash(rows),
        "plan": asdict(plan),
    }
    result["amounts"] = {key: abs(result["ahead"][key]) for key in ("value", "low", "high")}
    result |= facts
    return {"sentence": sentence(result)} | result


def deviations(plan: Plan, rows: int, seeds: int) -> list[str]:
    """Return in what the experiment is not as it was planned."""
    found: list[str] = []
    if rows != plan.rows:
        found.append(f"{rows} rows, {plan.rows} planned")
    if seeds != plan.seeds:
        found.append(f"{seeds} seeds, {plan.seeds} planned: training failed for the others")
    return found


def _by_seed(cells: list[Cell]) -> Any:
    return over_rows(cells, [per_row(cell.table) for cell in cells], "the pairs").mean(axis=1)


def _run(pair: Pair) -> Result:
    values = [float(np.mean(per_row(cell.table))) for cell in (pair.first, pair.second)]
    return {
        "seed": pair.first.seed,
        "fold": pair.first.fold,
        "a": values[0],
        "b": values[1],
        "ahead": float(pair.ahead.mean()),
        "of": [pair.first.run, pair.second.run],
    }
