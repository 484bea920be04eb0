"""The text of a new plan, with the rows that its margin needs."""

from __future__ import annotations

import json

from ..measures.classification import PRIMARY as ACCURACY
from ..stats.power import detectable_difference, rows_for_difference, rows_for_mean_difference
from ..stats.verdict import FEWEST_ROWS, rows_to_be_equal
from .plan import Plan

DISAGREEMENTS = (0.02, 0.05, 0.1, 0.2)  # share of rows on which only one of two is right
USUAL_DISAGREEMENT = 0.05
DEVIATIONS = (0.1, 0.25, 0.5, 1.0)  # of single differences, as a share of the mean error


def new_plan(name: str, plan: Plan) -> str:
    """Return the plan as YAML, with a hypothesis to be filled in."""
    of_accuracy = plan.metric == ACCURACY
    share = "of accuracy" if of_accuracy else "a share of a's error"
    margin = f"{plan.margin:.6f}".rstrip("0")  # YAML takes 1e-05 for a text
    unit = "disagree (only one is right)" if of_accuracy else "differ (sd, as a share of the error)"
    return f"""\
# Fill in the hypothesis and commit this file by itself; then: uv run compare {name}
hypothesis: {_quoted(plan.hypothesis)} # what you expect, and why, in a sentence
a: {_quoted(plan.a)} # overrides of what b is compared with; none: the project as configured
b: {_quoted(plan.b)}
metric: {plan.metric}
margin: {margin} # the smallest difference that matters: {share}
rows: {plan.rows} # of the split that both are judged by
seeds: {plan.seeds} # 5 to compare, 10 to state a number, 29 to publish a claim about a procedure
folds: {json.dumps(plan.folds)} # over the folds, where the data have some
split: {plan.split} # test counts as a look at the test set for each run
stopping: {plan.stopping} # all runs are trained before anybody looks
# Rows that show a difference of the margin in four cases of five, by how much a and b
# {unit}: {needed(plan.margin, of_accuracy=of_accuracy)}.
# With fewer than {FEWEST_ROWS} rows nothing is concluded; that a and b are equivalent, only from
# {rows_to_be_equal(plan.margin):,} rows.
"""


def _quoted(value: str | list[str]) -> str:
    """Return ``value`` as YAML on one line; JSON's escapes of rare letters are others."""
    import yaml

    return yaml.safe_dump(value, default_style='"', default_flow_style=True, width=10**9).strip()


def outlook(plan: Plan, rows: int) -> str:
    """Return what ``rows`` can show, to be told before anything is trained."""
    told = f"{rows} rows of {plan.split}"
    if rows < FEWEST_ROWS:
        return f"{told}, fewer than {FEWEST_ROWS}: nothing will be concluded"
    if plan.metric != ACCURACY:
        return told
    seen = 100 * detectable_difference(rows, USUAL_DISAGREEMENT)
    share = f"{100 * USUAL_DISAGREEMENT:g} %"
    return f"{told} show {seen:.1f} points in four cases of five, if a and b disagree on {share}"


def needed(margin: float, *, of_accuracy: bool) -> str:
    """Return the rows that show a difference of ``margin``, at several stated spreads."""
    if of_accuracy:
        rows = {d: rows_for_difference(margin, d) for d in DISAGREEMENTS if d > margin}
    else:
        rows = {d: rows_for_mean_difference(margin, d) for d in DEVIATIONS}
    return ", ".join(f"{100 * share:g} %: {number:,}" for share, number in rows.items())
