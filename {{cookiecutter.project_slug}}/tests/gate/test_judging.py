from dataclasses import replace
from typing import Any

import pytest
from toy_tables import HOW, evidence_of, settings, table, values

from {{ cookiecutter.package_name }}.config import Config
from {{ cookiecutter.package_name }}.gate.contender import Contender
from {{ cookiecutter.package_name }}.gate.judging import (
    Judgement,
    difference,
    judge,
    level_after,
)
from {{ cookiecutter.package_name }}.gate.verdict import State, Verdict
from {{ cookiecutter.package_name }}.measures import classification, regression
from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.stats.intervals import Interval

METRICS: dict[str, Any] = {"seeds": [0], "problems": [], "verdict": "better"}


@pytest.fixture
def judged(default_config: Config) -> Any:
    """Judge one table against another: ``judged(new, old, anchor=None, looks=1, ...)``."""

    def call(
        new: Predictions, old: Predictions, anchor: Predictions | None = None, **more: Any
    ) -> Judgement:
        facts: dict[str, Any] = {"looks": 1, "problems": [], "ratios": {}, "reason": None} | more
        against = Contender("version 1", old, None, None, None)
        best = Contender("version 0", anchor, None, None, None) if anchor else None
        chosen = settings(), default_config.gate
        return judge(evidence_of({"network": new}), METRICS, against, best, chosen, facts)

    return call


@pytest.mark.ml_test_score("infra-4")
def test_a_better_model_is_promoted_and_a_copy_is_not(judged: Any) -> None:
    better, same = judged(table(380), table(300)), judged(table(300), table(300))
    assert (better.verdict, same.verdict) == (Verdict.PROMOTE, Verdict.INCONCLUSIVE)
    assert better.churn["value"] == 0.2
    assert same.churn["value"] == 0


def test_values_are_judged_by_their_errors(judged: Any) -> None:
    assert judged(values(0.5), values(2.0)).verdict is Verdict.PROMOTE
    worse = judged(values(2.0), values(0.5))
    assert (worse.verdict, worse.churn) == (Verdict.REJECT, None)


def test_after_many_looks_the_same_lead_is_not_enough(judged: Any) -> None:
    new, old = table(318), table(302)
    assert judged(new, old, looks=20).verdict is Verdict.PROMOTE
    assert judged(new, old, looks=4000).verdict is Verdict.INCONCLUSIVE
    assert (level_after(20, 0.95), level_after(21, 0.95)) == (0.95, pytest.approx(1 - 0.05 / 21))


def test_what_was_found_before_and_what_was_timed_count(judged: Any) -> None:
    assert judged(table(380), table(300), problems=["a leak"]).verdict is Verdict.INVALID
    slow = {"p50": Interval(1.5, 1.4, 1.6, "", 9), "p95": Interval(1.0, 0.9, 1.1, "", 9)}
    found = judged(table(380), table(300), ratios=slow)
    assert found.verdict is Verdict.REJECT
    assert [g.name for g in found.case.guards if g.state is State.failed] == ["latency"]


def test_the_bound_on_how_much_worse_is_one_sided() -> None:
    found = difference(classification, table(310), table(300, start=40), HOW)
    assert found.low < found.lower_bound < found.value
    assert found.margin == 0.02
    of_values = difference(regression, values(1.0), values(2.0), replace(HOW, margin=0.1))
    assert of_values.margin == pytest.approx(0.2, abs=0.01)


def test_the_anchor_is_compared_as_well(judged: Any) -> None:
    found = judged(table(300), table(300), anchor=table(340))
    assert found.case.anchor.value == -0.1
    plain = found.as_dict()
    assert plain["to_anchor"]["value"] == -0.1
    assert {guard["state"] for guard in plain["guards"]} <= {state.value for state in State}
