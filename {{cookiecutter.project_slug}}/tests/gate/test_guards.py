from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from toy_tables import HOW, ROWS, evidence_of, grouped, table, values

from {{ cookiecutter.package_name }}.config.evaluation import Slice
from {{ cookiecutter.package_name }}.gate import guards
from {{ cookiecutter.package_name }}.gate.verdict import State
from {{ cookiecutter.package_name }}.measures import classification, regression
from {{ cookiecutter.package_name }}.measures.tables import Evidence
from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.stats.intervals import Interval

SLICES = [Slice(f"part {n}", f"number % 4 = {n}", "because", 50, 0.05) for n in range(4)]


def described(one: Predictions) -> Predictions:
    return replace(one, facts=pl.DataFrame({"number": np.arange(ROWS)}))


def worse_in(one: Predictions, part: int, rows: int) -> Predictions:
    outputs = one.outputs.copy()
    places = np.flatnonzero(np.arange(ROWS) % 4 == part)[:rows]
    outputs[places] = outputs[places][:, ::-1]
    return replace(one, outputs=outputs)


@pytest.mark.parametrize(
    ("rows", "state"), [(0, State.passed), (6, State.passed), (25, State.failed)]
)
@pytest.mark.ml_test_score("model-6")
def test_a_slice_that_is_worse_than_its_margin_for_sure_fails(rows: int, state: State) -> None:
    challenger = described(worse_in(table(ROWS), 2, rows))
    found = guards.slices_kept(classification, challenger, table(ROWS), SLICES, HOW)
    assert found.state is state
    assert ("part 2" in found.told) == (state is State.failed)


@pytest.mark.ml_test_score("model-6")
def test_slices_of_an_equal_model_fail_as_seldom_as_one_question() -> None:
    random, failed = np.random.default_rng(0), 0
    for _ in range(60):
        champion, challenger = (
            replace(table(ROWS), outputs=np.eye(2)[(random.random(ROWS) < 0.9).astype(int)])
            for _ in range(2)
        )
        found = guards.slices_kept(classification, described(challenger), champion, SLICES, HOW)
        failed += found.state is State.failed
    assert failed <= 3


def test_errors_of_values_are_held_to_a_share_of_the_champions() -> None:
    worse, near = described(values(1.4)), described(values(1.02))
    for one, state in ((worse, State.failed), (near, State.passed)):
        assert guards.slices_kept(regression, one, values(1.0), SLICES, HOW).state is state


@pytest.mark.ml_test_score("model-6")
def test_slices_without_enough_rows_are_not_measured() -> None:
    few = [replace(one, least_rows=101) for one in SLICES]
    found = guards.slices_kept(classification, described(table(9)), table(9), few, HOW)
    assert found.state is State.not_measured


@pytest.mark.parametrize(
    ("sure", "state"), [(0.9, State.passed), (0.93, State.passed), (0.999, State.failed)]
)
@pytest.mark.ml_test_score("infra-4")
def test_a_model_that_is_far_too_sure_fails_by_its_log_loss(sure: float, state: State) -> None:
    found = guards.calibration_kept(table(360, sure=sure), table(360), 0.05, HOW)
    assert found.state is state


def test_a_log_loss_that_may_be_either_is_unclear_and_values_have_none() -> None:
    random = np.random.default_rng(1)
    noisy = table(360)
    chances = np.clip(noisy.outputs[:, 0] + random.normal(0, 0.09, ROWS), 0.02, 0.98)
    other = replace(noisy, outputs=np.stack([chances, 1 - chances], axis=1))
    change = guards.calibration_kept(other, noisy, 0.03, HOW)
    assert change.state is State.unclear
    few = guards.calibration_kept(
        grouped(table(360, sure=0.95), 40), grouped(table(360), 40), 0.05, HOW
    )
    assert few.state is State.unclear
    assert guards.calibration_kept(values(1.0), values(1.0), 0.05, HOW).state is State.not_measured


def corrupted(right: int) -> Evidence:
    cells = {("noise", level): table(right - 20 * level) for level in (1, 2)}
    return replace(evidence_of({"network": table(right)}), corrupted={"network": cells})


@pytest.mark.parametrize(
    ("right", "state"), [(300, State.passed), (330, State.passed), (230, State.failed)]
)
@pytest.mark.ml_test_score("infra-4")
def test_a_model_that_stands_corruption_worse_fails(right: int, state: State) -> None:
    found = guards.robustness_kept(classification, corrupted(right), corrupted(300), 1.05, HOW)
    assert found.state is state


def test_without_the_champions_corrupted_rows_nothing_is_measured() -> None:
    bare = evidence_of({"network": table(300)})
    found = guards.robustness_kept(classification, corrupted(300), bare, 1.05, HOW)
    assert found.state is State.not_measured


def entry(check: str, hard: bool, passed: bool | None) -> dict[str, Any]:
    return {"check": check, "hard": hard, "passed": passed}


@pytest.mark.ml_test_score("infra-4")
def test_one_broken_hard_check_fails_and_soft_ones_do_not() -> None:
    soft, kept, broken = entry("s", False, None), entry("k", True, True), entry("b", True, False)
    assert guards.behaviour_kept({"behaviour": [soft, kept]}).state is State.passed
    found = guards.behaviour_kept({"behaviour": [kept, broken]})
    assert (found.state, found.told) == (State.failed, "broken: b")
    assert guards.behaviour_kept({"behaviour": [soft]}).state is State.not_measured
    assert guards.behaviour_kept({}).state is State.not_measured


@pytest.mark.parametrize("verdict", ["better", "no_difference", "worse"])
@pytest.mark.ml_test_score("model-5")
def test_a_baseline_that_is_better_for_sure_fails(verdict: str) -> None:
    state = State.failed if verdict == "worse" else State.passed
    assert guards.beats_the_simple({"verdict": verdict}).state is state


@pytest.mark.parametrize(
    ("low", "state"), [(0.9, State.passed), (1.09, State.passed), (1.11, State.failed)]
)
@pytest.mark.ml_test_score("mon-6")
def test_a_model_that_is_slower_for_sure_fails(low: float, state: State) -> None:
    ratios = {
        "p50": Interval(1.0, 0.98, 1.02, "", 10),
        "p95": Interval(low + 0.1, low, low + 0.3, "", 10),
    }
    assert guards.latency_kept(ratios, 1.10).state is state
