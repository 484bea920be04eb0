"""What a change does to the network: paired, on the rows that both know."""

import re
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from {{ cookiecutter.package_name }}.experiments.difference import (
    apart,
    on_common_rows,
    told,
)
from {{ cookiecutter.package_name }}.measures.uncertainty import Uncertainty
from {{ cookiecutter.package_name }}.predictions import GROUP, Predictions
from {{ cookiecutter.package_name }}.runtime.errors import UserError

HOW = Uncertainty(level=0.95, resamples=200, seed=0, margin=0.02)
ROWS = 600


def classified(right: float, seed: int = 0) -> Predictions:
    """Two classes, of which a share is told right."""
    random = np.random.default_rng(seed)
    targets = np.arange(ROWS) % 2
    told_right = random.random(ROWS) < right
    outputs = np.eye(2)[np.where(told_right, targets, 1 - targets)]
    return Predictions([f"row {n}" for n in range(ROWS)], ["no", "yes"], targets, outputs)


@pytest.mark.parametrize(
    ("before", "now", "verdict"),
    [(0.7, 0.9, "better"), (0.9, 0.7, "worse"), (0.8, 0.8, "may be chance")],
)
def test_a_verdict_follows_from_the_interval(before: float, now: float, verdict: str) -> None:
    lines = told(classified(before), classified(now, seed=1), HOW)
    assert verdict in lines[0]
    assert re.search(r"\| accuracy \| 0\.\d+ \| 0\.\d+ \| [+-][\d.e-]+ \|", lines[-1])


def test_the_same_predictions_are_called_so() -> None:
    assert told(classified(0.8), classified(0.8), HOW)[0].startswith("The network says of 600")


def test_few_rows_lead_to_no_conclusion() -> None:
    few = np.arange(ROWS) < 200
    lines = told(classified(0.6).select(few), classified(0.9, seed=1).select(few), HOW)
    assert lines[0].startswith("Nothing is concluded")


def test_rows_are_paired_by_name_and_target() -> None:
    now, before = classified(0.9), classified(0.9)
    shuffled = before.select(np.random.default_rng(0).permutation(ROWS))
    first, second = on_common_rows(shuffled, now.select(np.arange(ROWS) >= 100))
    assert first.ids == second.ids
    assert len(second.ids) == ROWS - 100
    moved = replace(before, targets=1 - before.targets)
    with pytest.raises(UserError, match="no validation row is the same"):
        on_common_rows(moved, now)
    with pytest.raises(UserError, match="classes"):
        on_common_rows(replace(before, classes=["no", "maybe"]), now)


def test_what_several_folds_say_of_a_row_counts_as_one() -> None:
    def in_folds(table: Predictions) -> Predictions:
        return Predictions.together([table, table, table], [0, 1, 2])

    once = told(classified(0.8), classified(0.84, seed=1), HOW)
    before, now = apart(in_folds(classified(0.8))), apart(in_folds(classified(0.84, seed=1)))
    thrice = told(before, now, HOW)
    widths = [
        np.ptp([float(n) for n in row[-1].split("|")[-2].split(" to ")]) for row in (once, thrice)
    ]
    assert widths[1] == pytest.approx(widths[0], rel=0.2)
    grouped = replace(in_folds(classified(0.8)), facts=pl.DataFrame({GROUP: ["a"] * 3 * ROWS}))
    assert apart(grouped).facts is grouped.facts


def test_values_are_compared_by_their_error() -> None:
    targets = np.arange(ROWS, dtype=float)
    noise = np.random.default_rng(0).normal(size=ROWS)
    ids = [f"row {n}" for n in range(ROWS)]
    before, now = (Predictions(ids, [], targets, targets + s * noise) for s in (3.0, 1.0))
    lines = told(before, now, HOW)
    assert "better" in lines[0]
    assert lines[-1].startswith("| mae |")
