"""The steps of a contrast: make the data, tune both sides, train, look, conclude, write."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits

from ..crossvalidation.looking import note_looks
from ..crossvalidation.pairs import difference, pair_up
from ..experiments.plan import plan_file
from ..experiments.procedure import facts_of_plan, primary, was_carried_out, write_result
from ..runtime.errors import UserError, nearest
from ..runtime.files import Workspace
from ..schema import Manifest
from . import making
from .family import holm_levels
from .page import page
from .picture import draw
from .plan import CAME_ALONG, Contrast, read_contrast
from .result import Found, Side, result_of_contrast
from .standalone import write_figure

if TYPE_CHECKING:
    from pathlib import Path

    from ..measures.uncertainty import Uncertainty
    from ..stats.intervals import Interval


def carry_out_contrast(workspace: Workspace, name: str, how: Uncertainty, *, again: bool) -> None:
    """Carry out a committed contrast, once; a second time only tells the result."""
    project = workspace.project
    file = plan_file(project, name)
    plan = read_contrast(file)
    if was_carried_out(file, again=again):
        return
    facts = facts_of_plan(project, file)
    if name.startswith(CAME_ALONG):
        facts["plan_commit"] = ""  # that of a new project has the result too, and tells nothing
    found = {setting: both_sides(project, name, setting, plan) for setting in plan.settings}
    for setting, one in found.items():
        cells = [cell for pair in one.pairs for cell in (pair.first, pair.second)]
        warned = note_looks(project, cells) if plan.split == "test" else ""
        if warned:
            print(f"compare: {setting}: {warned}")
    how = replace(how, margin=plan.margin)

    def interval_at(setting: str, level: float) -> Interval:
        return difference(found[setting].pairs, replace(how, level=level))

    levels = holm_levels(found, interval_at, how.level)
    result = result_of_contrast(name, plan, found, levels, how) | facts
    write_figure(file.with_suffix(".svg"), draw, result, alternative=result["sentence"])
    write_result(file, result, page(result))


def both_sides(project: Path, name: str, setting: str, plan: Contrast) -> Found:
    """Make the data of a setting, choose on its validation rows, and make every pair.

    The network's configuration is chosen with a seed of its own: the one that chose was lucky.
    """
    run = f"compare-{name}-{setting}"
    prepared = making.make_data(project, run, plan.settings[setting])
    manifest = Manifest.load(prepared)
    if plan.metric != primary(manifest):
        raise UserError(f"metric={plan.metric}: {nearest(plan.metric, [primary(manifest)])}")
    folder = project / "runs" / run

    def train(number: int, seed: int) -> making.Made:
        print(f"compare: {setting}: the network, configuration {number}, seed {seed}", flush=True)
        place = folder / f"network{number}-seed{seed}"
        return making.network(prepared, plan.network[number], seed, plan.split, place)

    tried = [train(number, plan.seeds) for number in range(plan.tries)]
    validated = {number: one.validation for number, one in enumerate(tried)}
    chosen = making.best_of(validated, more_is_better=bool(manifest.classes))
    networks = [train(chosen, seed) for seed in range(plan.seeds)]
    with threadpool_limits(1):
        simple = [making.classical(prepared, plan, seed) for seed in range(plan.seeds)]
    pairs = pair_up(
        [cell for one in simple for cell in one.cells],
        [cell for one in networks for cell in one.cells],
    )
    folds = len(pairs) // plan.seeds
    return Found(
        pairs,
        Side([one.name for one in simple], _seconds(simple), plan.tries * plan.seeds * folds),
        Side(
            [" ".join(plan.network[chosen]) or "as configured"] * plan.seeds,
            _seconds([*tried, *networks]),
            (plan.tries + plan.seeds) * folds,
        ),
        manifest.hashes,
    )


def _seconds(made: list[making.Made]) -> float:
    return round(sum(one.seconds for one in made), 1)
