"""The steps of an experiment: plan, train, look, conclude, write."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..crossvalidation.cells import Cell, score_run
from ..crossvalidation.looking import note_looks
from ..crossvalidation.pairs import pair_up
from ..measures import classification, regression
from ..measures.uncertainty import Uncertainty
from ..runtime.errors import UserError, nearest
from ..runtime.files import Workspace, write_text
from ..schema import Manifest
from .asking import Asked
from .committed import plan_commit
from .page import page
from .plan import Plan, plan_file, plan_hash, read_plan
from .planning import new_plan, outlook
from .result import Result, result_of
from .training import Training, train_missing, trainings

EXPLORED = "runs/compare"


def begin_plan(workspace: Workspace, asked: Asked, how: Uncertainty) -> None:
    """Write a plan to be filled in."""
    file = plan_file(workspace.project, asked.name)
    if file.exists():
        raise UserError(f"{asked.name}: there is a plan of this name already, {file.name}.")
    manifest = Manifest.load(workspace.reads("data/prepared"))
    plan = _plan_of(asked, manifest, how, "")
    sides = {"a": plan.a, "b": plan.b}
    trainings(workspace.project, sides, sides_named(asked.name), [0], [None], manifest.hashes)
    write_text(file, new_plan(asked.name, plan))
    place = file.relative_to(workspace.project).as_posix()
    print(f"compare: {outlook(plan, plan.rows)}")
    print(f"compare: wrote {place}. Fill in the hypothesis, commit it by itself, and then:")
    print(f"  uv run compare {asked.name}")


def carry_out(workspace: Workspace, name: str, how: Uncertainty, *, again: bool = False) -> None:
    """Carry out a committed plan, once; a second time only tells the result."""
    file = plan_file(workspace.project, name)
    plan = read_plan(file)
    if was_carried_out(file, again=again):
        return
    facts = facts_of_plan(workspace.project, file)
    result = run(workspace, name, plan, sides_named(name), how, facts)
    write_result(file, result, page(result))


def was_carried_out(file: Path, *, again: bool) -> bool:
    """Whether a plan has its result, and is not to be carried out ``again``; then that is told.

    Raises:
        UserError: when it is not the plan any more that the result is of.
    """
    answer = file.with_suffix(".json")
    if not answer.exists():
        return False
    result = json.loads(answer.read_text("utf-8"))
    if result["plan_hash"] != plan_hash(file):
        raise UserError(
            f"{file.stem}: the plan has changed since its result. Put it back, and plan another "
            f"experiment: a plan that follows its result is none."
        )
    if not again:
        print(f"compare: {file.stem} has been carried out: {result['sentence']}")
    return not again


def facts_of_plan(project: Path, file: Path) -> Result:
    """Return what a result keeps of its plan; see ``plan_commit``."""
    commit = plan_commit(project, file)
    return {"exploratory": False, "plan_hash": plan_hash(file), "plan_commit": commit}


def write_result(file: Path, result: Result, text: str) -> None:
    """Write NAME.json and NAME.md beside the plan, and tell the result."""
    write_text(file.with_suffix(".json"), json.dumps(result, indent=1, allow_nan=False) + "\n")
    write_text(file.with_suffix(".md"), text)
    print(f"compare: {result['sentence']}")
    print(f"compare: wrote {file.stem}.json and {file.stem}.md beside the plan; commit them")


def explore(workspace: Workspace, asked: Asked, how: Uncertainty) -> None:
    """Compare without a plan: what comes out is a reason to plan an experiment."""
    manifest = Manifest.load(workspace.reads("data/prepared"))
    plan = _plan_of(asked, manifest, how, "none: exploratory")
    named = names_by_content({"a": plan.a, "b": plan.b})
    name = _short([*plan.a, "against", *plan.b])
    result = run(workspace, name, plan, named, how, {"exploratory": True})
    file = workspace.project / EXPLORED / f"{name}.json"
    write_text(file, json.dumps(result, indent=1, allow_nan=False) + "\n")
    print(f"compare: {result['sentence']}")
    print(f"compare: wrote {file.relative_to(workspace.project).as_posix()}")


def run(
    workspace: Workspace,
    name: str,
    plan: Plan,
    named: dict[str, str],
    how: Uncertainty,
    facts: Result,
    *,
    workers: int = 1,
) -> Result:
    """Train what is missing, so many at a time, look at all of it at once, and return the result.

    Raises:
        UserError: when the plan does not fit the data, or fewer than two seeds could be trained.
    """
    project = workspace.project
    manifest = Manifest.load(workspace.reads("data/prepared"))
    workspace.reads("reports/audit.json")
    require_fitting(plan, manifest)
    print(f"compare: {outlook(plan, rows_to_judge(manifest, plan.split))}")
    folds: list[int | None] = [*range(manifest.folds)] or [None]
    sides = {"a": plan.a, "b": plan.b}
    seeds = range(plan.first_seed, plan.first_seed + plan.seeds)
    runs = trainings(project, sides, named, seeds, folds, manifest.hashes)
    runs = without_gaps(runs, train_missing(project, runs, workers))
    cells: dict[str, list[Cell]] = {"a": [], "b": []}
    for one in runs:
        found = score_run(project, one.run, plan.split)
        cells[one.side] += [replace(cell, procedure=one.side) for cell in found]
    warned = note_looks(project, [*cells["a"], *cells["b"]]) if plan.split == "test" else ""
    if warned:
        print(f"compare: {warned}")
    facts = facts | {"data_hashes": manifest.hashes}
    return result_of(name, plan, pair_up(cells["a"], cells["b"]), how, facts)


def require_fitting(plan: Plan, manifest: Manifest) -> None:
    """Refuse a plan for another task, or one that these data have no rows for."""
    metric = primary(manifest)
    if plan.metric != metric:
        raise UserError(f"metric={plan.metric}: {nearest(plan.metric, [metric])}")
    if manifest.folds and not plan.folds:
        raise UserError(
            f"folds=false: these data are cut into {manifest.folds} folds and have no other split. "
            "Expected true."
        )


def without_gaps(runs: list[Training], failed: list[Training]) -> list[Training]:
    """Return the runs of the seeds of which all were trained: both sides, every fold."""
    lost = {one.seed for one in failed}
    kept = [one for one in runs if one.seed not in lost]
    if len({one.seed for one in kept}) < 2:
        names = ", ".join(one.run for one in failed)
        raise UserError(f"training failed: {names}. What went wrong stands above.")
    return kept


def primary(manifest: Manifest) -> str:
    """Return the metric that procedures are compared by."""
    return (classification if manifest.classes else regression).PRIMARY


def rows_to_judge(manifest: Manifest, split: str) -> int:
    """Return the rows of a split; with folds every row is a test row of one."""
    every = manifest.folds and split == "test"
    return sum(manifest.rows.values()) if every else manifest.rows[split]


def sides_named(name: str) -> dict[str, str]:
    """Return what the runs of a planned experiment are called, before their seed."""
    return {side: f"compare-{name}-{side}" for side in ("a", "b")}


def names_by_content(sides: dict[str, list[str]]) -> dict[str, str]:
    """Return what the runs of an exploration are called: the next one may share those of a side."""
    return {side: f"compare-{_short(overrides)}" for side, overrides in sides.items()}


def _plan_of(asked: Asked, manifest: Manifest, how: Uncertainty, hypothesis: str) -> Plan:
    values: dict[str, Any] = {"split": "val", "margin": how.margin} | asked.values
    rows = rows_to_judge(manifest, values["split"])
    return Plan(hypothesis=hypothesis, metric=primary(manifest), rows=rows, **values)


def _short(words: list[str]) -> str:
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:8]
