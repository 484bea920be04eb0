from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.experiments.plan import Plan, read_plan
from {{ cookiecutter.package_name }}.experiments.planning import needed, new_plan, outlook
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.stats.power import (
    rows_for_difference,
    rows_for_mean_difference,
)

PLAN = Plan("Wider is better.", ["model.width=48"], "accuracy", 0.02, 1000, ["optimizer=sgd"], 7)


def test_a_new_plan_reads_as_what_was_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "wide.yaml"
    file.write_text(new_plan("wide", PLAN), "utf-8")
    assert read_plan(file) == PLAN


def test_without_a_hypothesis_it_is_not_carried_out(tmp_path: Path) -> None:
    file = tmp_path / "wide.yaml"
    file.write_text(new_plan("wide", Plan("", PLAN.b, "mae", 0.02, 1000, [])), "utf-8")
    with pytest.raises(UserError, match=r"wide.yaml: hypothesis=: expected what you expect"):
        read_plan(file)


def test_it_says_which_rows_the_margin_needs() -> None:
    text = new_plan("wide", PLAN)
    assert f"10 %: {rows_for_difference(0.02, 0.1):,}" in text
    assert "1,000 rows" in text
    of_values = needed(0.05, of_accuracy=False)
    assert f"25 %: {rows_for_mean_difference(0.05, 0.25):,}" in of_values
    assert needed(0.1, of_accuracy=True).startswith("20 %")  # nothing larger can be seen


def test_before_anything_is_trained_it_is_told_what_the_rows_can_show() -> None:
    assert outlook(PLAN, 299) == "299 rows of val, fewer than 300: nothing will be concluded"
    assert outlook(PLAN, 979).startswith("979 rows of val show 2.0 points in four cases of five")
    assert outlook(Plan("", [], "mae", 0.02, 1, []), 979) == "979 rows of val"
