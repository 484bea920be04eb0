import re
from collections.abc import Callable

import pytest
from project_tools.claims.markdown import COMMENT
from toy_runs import HOW, classifiers, regressors

from {{ cookiecutter.package_name }}.crossvalidation.pairs import Pair
from {{ cookiecutter.package_name }}.experiments.page import page
from {{ cookiecutter.package_name }}.experiments.plan import Plan
from {{ cookiecutter.package_name }}.experiments.result import Result, result_of


def result(pairs: list[Pair]) -> Result:
    metric = "accuracy" if pairs[0].first.table.classes else "mae"
    plan = Plan("Wider is better by 5 points,\nor so.", ["model.width=48"], metric, 0.02, 400, [])
    facts = {"exploratory": False, "plan_commit": "0123456789abcdef", "plan_hash": "0"}
    return result_of("wide", plan, pairs, HOW, facts)


@pytest.mark.parametrize("make", [classifiers, regressors])
def test_the_page_has_the_sentence_both_sides_and_every_seed(
    make: Callable[[float, float, int], list[Pair]],
) -> None:
    found = result(make(0.8, 0.85, 400))
    told = COMMENT.sub("", page(found))
    assert f"**Result:** {found['sentence']}.\n" in told
    assert "| a | `as configured` |" in told
    assert "| b | `model.width=48` |" in told
    assert len(re.findall(r"^\| \d \|", told, re.MULTILINE)) == 5
    assert "committed in 0123456789ab." in told
    assert "Not as planned: nothing." in told


def test_accuracy_is_in_percent_and_leads_have_a_sign() -> None:
    told = COMMENT.sub("", page(result(classifiers(0.8, 0.7, 400))))
    assert re.search(r"^\| a \| `as configured` \| 80\.\d % \| 0\.\d % \|$", told, re.MULTILINE)
    assert re.search(r"^\| 0 \| 80\.\d % \| 70\.\d % \| -\d+\.\d \|$", told, re.MULTILINE)


def test_a_difference_that_rounds_to_nothing_is_written_as_its_claim_is_read() -> None:
    found = result(classifiers(0.8, 0.85, 400))
    found["over_seeds"] |= {"low": -0.00004}
    assert "by t: +0.0 to +" in COMMENT.sub("", page(found))


def test_a_hypothesis_is_one_line_and_no_claim() -> None:
    lines = page(result(classifiers(0.8, 0.85, 400))).splitlines()
    place = lines.index("Hypothesis: Wider is better by 5 points, or so.")
    assert lines[place - 1] == "<!-- not a claim: begin -->"
    assert lines[place + 1] == "<!-- not a claim: end -->"
