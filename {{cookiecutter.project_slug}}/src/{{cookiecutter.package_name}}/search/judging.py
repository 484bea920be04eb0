"""Is what a search chose better than what the project has? Fresh seeds say so, not the search.

The best of many trials was lucky with its seed, and with the validation rows that chose it. Fresh
seeds take the first kind of luck out of the comparison. Only other rows could take out the second.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..crossvalidation.cells import Cell, measures_for, score_run
from ..crossvalidation.pairs import Pair, difference
from ..experiments import procedure
from ..experiments.conclusion import Limits, decide
from ..experiments.plan import Plan
from ..measures.uncertainty import Uncertainty
from ..predictions import Predictions
from ..runtime.errors import UserError
from ..runtime.files import stage_workspace
from ..schema import Manifest

Result = dict[str, Any]
NAMES = {"a": "the current configuration", "b": "the chosen configuration"}
SAME = "trains the same network"  # what a comparison says of two sides that are equal


@dataclass(frozen=True)
class Judge:
    """On which rows, and with how many fresh seeds, two configurations are compared."""

    split: str
    seeds: int
    used: int  # the seed of the trials
    workers: int
    how: Uncertainty


def compare_with_current(project: Path, chosen: list[str], judge: Judge) -> Result:
    """Return the comparison of the ``chosen`` overrides with the project as configured.

    Where they are the same there is nothing to compare, and ``verdict`` is "same".
    """
    workspace = stage_workspace(project, "compare")
    manifest = Manifest.load(workspace.reads("data/prepared"))
    plan = Plan(
        hypothesis="none: chosen by a search",
        a=[],
        b=chosen,
        metric=procedure.primary(manifest),
        margin=judge.how.margin,
        rows=procedure.rows_to_judge(manifest, judge.split),
        seeds=judge.seeds,
        split=judge.split,
        first_seed=judge.used + 1,
    )
    named = procedure.names_by_content({"a": plan.a, "b": plan.b})
    facts = {"exploratory": True, "names": NAMES}
    try:
        return procedure.run(
            workspace, "search", plan, named, judge.how, facts, workers=judge.workers
        )
    except UserError as error:
        if SAME not in str(error):
            raise
        return {"verdict": "same", "sentence": "the best trial has the current configuration"}


def fresh_values(project: Path, result: Result, metric: str) -> list[float]:
    """Return what the metric of the search is for each fresh seed of the chosen configuration."""
    by_seed: dict[int, list[float]] = {}
    for run in result["runs"]:
        model = project / "runs" / run["of"][1] / "models/network/model.json"
        validation = json.loads(model.read_text("utf-8"))["validation"]
        by_seed.setdefault(run["seed"], []).append(float(validation[metric]))
    return [float(np.mean(values)) for _, values in sorted(by_seed.items())]


def compare_with_baselines(project: Path, result: Result, run: str, judge: Judge) -> Result:
    """Return how far the chosen networks are ahead of the best baseline of a run by hand.

    That is the one with the best validation rows, as the network's configuration was chosen too.

    Args:
        project: the folder that has runs/.
        result: of ``compare_with_current``; its networks of the chosen side are compared.
        run: in which the baselines were tuned.
        judge: on which rows.
    """
    folder = project / "runs" / run / "predictions/baselines"
    tuning = json.loads((folder / "tuning.json").read_text("utf-8"))
    sign = 1 if next(iter(tuning.values()))[0]["metric"] == "accuracy" else -1
    validated = {n: float(np.mean([f["validation"] for f in e])) for n, e in tuning.items()}
    best = max(validated, key=lambda name: sign * validated[name])
    runs = dict.fromkeys(one["of"][1] for one in result["runs"])
    cells = [cell for name in runs for cell in score_run(project, name, judge.split)]
    tables = {name: Predictions.load(folder / name / f"{judge.split}.parquet") for name in tuning}
    ahead = {
        name: difference([Pair(_baseline(cell, table), cell) for cell in cells], judge.how)
        for name, table in tables.items()
    }
    found, table = ahead[best], tables[best]
    measures, seeds = measures_for(table), len({cell.seed for cell in cells})
    error = 1.0 if table.classes else float(np.mean(measures.errors_of(table)))
    limits = Limits(judge.seeds, judge.how.margin, error)
    verdict, why = decide(found, seeds, limits)
    return {
        "best": best,
        "validation": validated,
        "trials": {name: facts[0]["trials"] for name, facts in tuning.items()},
        "chosen": {name: [one["chosen"] for one in facts] for name, facts in tuning.items()},
        "metric": measures.PRIMARY,
        "ahead": found.as_dict(),
        "verdict": verdict,
        "why": why,
        "margin": limits.margin_in_units,
        "rows": found.rows,
        "seeds": seeds,
        "ahead_of": {name: interval.as_dict() for name, interval in ahead.items()},
    }


def _baseline(cell: Cell, table: Predictions) -> Cell:
    """The baseline's word on the rows of a network's cell."""
    if cell.fold is not None and table.fold is not None:
        table = table.select(table.fold == cell.fold)
    places = {name: place for place, name in enumerate(table.ids)}
    rows = np.array([places[name] for name in cell.table.ids])
    own = table.select(rows)
    return Cell(cell.run, "baseline", cell.seed, cell.fold, own, cell.trained_on)
