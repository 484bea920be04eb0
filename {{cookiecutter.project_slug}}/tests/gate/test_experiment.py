import json
from pathlib import Path
from typing import Any

import pytest

from {{ cookiecutter.package_name }}.gate.experiment import problems_of_experiment
from {{ cookiecutter.package_name }}.runtime.errors import UserError


def write(project: Path, name: str, **changes: Any) -> None:
    result = {"plan": {"seeds": 5}, "seeds": [0, 1, 2, 3, 4], "verdict": "better", "sentence": "s"}
    file = project / "docs/experiments" / f"{name}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(result | changes), "utf-8")


def test_an_experiment_as_planned_is_no_problem(tmp_path: Path) -> None:
    write(tmp_path, "width")
    assert problems_of_experiment(tmp_path, "width") == []


def test_missing_seeds_and_a_result_for_the_worse_are(tmp_path: Path) -> None:
    write(tmp_path, "width", seeds=[0, 1, 2], verdict="worse", sentence="b is worse than a by 2")
    assert problems_of_experiment(tmp_path, "width") == [
        "experiment width: 3 of 5 planned seeds",
        "experiment width: b is worse than a by 2",
    ]


def test_an_unknown_experiment_is_refused_with_those_there_are(tmp_path: Path) -> None:
    write(tmp_path, "width")
    with pytest.raises(UserError, match=r"gate\.experiment=widht: no such result"):
        problems_of_experiment(tmp_path, "widht")
