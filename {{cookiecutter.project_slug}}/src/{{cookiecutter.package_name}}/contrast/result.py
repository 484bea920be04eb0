"""The result of a contrast: that of a comparison for each setting, and what follows from all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from ..crossvalidation.cells import Cell, measures_for, per_row
from ..crossvalidation.pairs import Pair, crossed, over_rows, rows_of
from ..experiments.plan import Plan
from ..experiments.result import Result, result_of
from ..measures.uncertainty import Uncertainty
from .plan import Contrast

ORDER = ("better", "worse", "equivalent", "inconclusive", "descriptive")
WORDS = {
    "better": "better than {a}",
    "worse": "worse than {a}",
    "equivalent": "equivalent to {a}",
    "inconclusive": "neither better nor worse for sure",
    "descriptive": "not judged",
}


@dataclass(frozen=True)
class Side:
    """What one side came to on one data set, seed by seed, and what that cost."""

    chosen: list[str]
    seconds: float
    fits: int  # of the network; of each classical model


@dataclass(frozen=True)
class Found:
    """Both sides on one data set."""

    pairs: list[Pair]
    a: Side
    b: Side
    hashes: dict[str, str]  # of the prepared data


def result_of_contrast(
    name: str,
    plan: Contrast,
    found: Mapping[str, Found],
    levels: dict[str, float],
    how: Uncertainty,
) -> Result:
    """Return what NAME.json holds.

    Args:
        name: of the contrast.
        plan: as it was before.
        found: both sides of each setting.
        levels: of the interval of each setting's difference.
        how: settings of all other intervals.
    """
    settings = {
        setting: _setting(setting, plan, one, replace(how, level=levels[setting]), how)
        for setting, one in found.items()
    }
    first = next(iter(settings.values()))
    rows = {setting: entry["rows"] for setting, entry in settings.items()}
    deviations = [
        f"{setting}: {told}" for setting, one in settings.items() for told in one["deviations"]
    ]
    verdicts = {setting: entry["verdict"] for setting, entry in settings.items()}
    return {
        "sentence": sentence(verdicts, plan),
        "verdict": verdicts,
        "ahead": {setting: entry["ahead"] for setting, entry in settings.items()},
        "margin": plan.margin,
        "name": name,
        "metric": first["metric"],
        "split": plan.split,
        "seeds": first["seeds"],
        "rows": rows,
        "deviations": deviations,
        "level": how.level,
        "names": plan.names,
        "settings": settings,
        "plan": asdict(plan),
    }


def sentence(verdicts: Mapping[str, str], plan: Contrast) -> str:
    """Return what the verdicts of all settings say together."""
    parts: list[str] = []
    for verdict in ORDER:
        where = [setting for setting, one in verdicts.items() if one == verdict]
        if where:
            parts.append(f"{WORDS[verdict].format(**plan.names)} on {listed(where)}")
    return f"{plan.names['b']} is {', '.join(parts)}"


def listed(names: list[str]) -> str:
    """Return the names as one has them in a sentence."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


def _setting(
    setting: str, plan: Contrast, found: Found, strict: Uncertainty, how: Uncertainty
) -> Result:
    rows = plan.rows.get(setting, 0)
    pairwise = Plan(
        hypothesis=plan.hypothesis,
        a=[],
        b=[],
        metric=plan.metric,
        margin=plan.margin,
        rows=rows,
        seeds=plan.seeds,
        split=plan.split,
    )
    facts: dict[str, Any] = {"exploratory": False, "names": plan.names, "data_hashes": found.hashes}
    result = result_of(setting, pairwise, found.pairs, strict, facts)
    del result["plan"]  # there is one for all of them
    firsts, seconds = (
        [getattr(pair, side) for pair in found.pairs] for side in ("first", "second")
    )
    for side, cells, made in (("a", firsts, found.a), ("b", seconds, found.b)):
        result[side] |= _value(cells, how) | asdict(made)
    return result


def _value(cells: list[Cell], how: Uncertainty) -> Result:
    """The metric of one side, with its own interval: other seeds and other rows."""
    rows = rows_of(cells)
    matrix = over_rows(cells, [per_row(cell.table) for cell in cells], "the pairs")
    interval = crossed(matrix, rows, how)
    return {"low": interval.low, "high": interval.high, "metric": measures_for(rows).PRIMARY}
