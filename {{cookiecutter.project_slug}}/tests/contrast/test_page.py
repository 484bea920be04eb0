import json
from collections.abc import Callable
from pathlib import Path

import pytest
from project_tools.claims import texts
from project_tools.claims.markdown import COMMENT

from {{ cookiecutter.package_name }}.contrast.page import page
from {{ cookiecutter.package_name }}.experiments.result import Result


@pytest.mark.parametrize("values", [False, True])
def test_every_number_of_the_page_is_found_in_the_result(
    made: Callable[..., Result], tmp_path: Path, *, values: bool
) -> None:
    found = made({"small": (0.8, 0.81), "large": (0.6, 0.9)}, values=values)
    (tmp_path / "wide.json").write_text(json.dumps(found), "utf-8")
    file = tmp_path / "wide.md"
    file.write_text(page(found), "utf-8")
    checked = texts.check(tmp_path, file)
    assert checked.problems == []
    assert checked.claims >= 2 * (9 + 3 + 2)  # an inconclusive one tells its margin too


def test_the_page_has_question_answer_figure_cost_and_limits(made: Callable[..., Result]) -> None:
    found = made({"small": (0.8, 0.8), "large": (0.6, 0.9)})
    told = COMMENT.sub("", page(found))
    assert "Hypothesis: The network needs 12 pixels.\n" in told
    assert f"**Result:** {found['sentence']}.\n" in told
    assert f"![{found['sentence']}](wide.svg)" in told
    assert "| large | `data.path=large` | knn | `as configured` | 60 | 2 |" in told
    assert "2 configurations of the network and 2 of each classical model" in told
    assert "Limits: It says nothing about 16 pixels." in told


def test_a_page_says_since_when_its_plan_was_there(made: Callable[..., Result]) -> None:
    found = made({"small": (0.8, 0.8)})
    assert "Plan: [wide.yaml](wide.yaml), not in git." in page(found)
    assert "committed in 0123456789ab." in page(found | {"plan_commit": "0123456789abcdef"})
    told = page(found | {"name": "example_wide"})
    assert "(example_wide.yaml), which came along with the project." in told
