from pathlib import Path
from typing import Any

import pytest
import yaml

from {{ cookiecutter.package_name }}.experiments.plan import (
    Plan,
    plan_file,
    plan_hash,
    read_plan,
)
from {{ cookiecutter.package_name }}.runtime.errors import UserError

CONTENT: dict[str, Any] = {
    "hypothesis": "Wider is better.",
    "a": [],
    "b": ["model.width=48"],
    "metric": "accuracy",
    "margin": 0.02,
    "rows": 1000,
}


def written(folder: Path, content: Any) -> Path:
    file = folder / "wide.yaml"
    file.write_text(yaml.safe_dump(content), "utf-8")
    return file


def test_a_plan_says_what_it_must_and_the_rest_is_usual(tmp_path: Path) -> None:
    assert read_plan(written(tmp_path, CONTENT)) == Plan(**CONTENT)
    plan = read_plan(written(tmp_path, CONTENT | {"seeds": 10, "split": "test", "folds": False}))
    assert (plan.seeds, plan.split, plan.folds, plan.stopping) == (10, "test", False, "fixed")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"metrc": "mae"}, "metrc: unknown. Did you mean 'metric'?"),
        ({"hypothesis": ""}, "hypothesis=: expected what you expect and why"),
        ({"hypothesis": None}, "hypothesis=nothing: expected what you expect"),
        ({"b": "model.width=48"}, "b=model.width=48: expected a list of overrides"),
        ({"a": ["model.width"]}, "a=['model.width']: expected a list of overrides"),
        ({"margin": 2}, "margin=2: expected a share between 0 and 1"),
        ({"margin": "0.02"}, "margin=0.02: expected a share"),
        ({"rows": True}, "rows=True: expected a whole number above 0"),
        ({"seeds": 1}, "seeds=1: expected a whole number from 2 on"),
        ({"folds": "yes"}, "folds=yes: expected true or false"),
        ({"split": "train"}, "split=train: expected val or test"),
        ({"first_seed": -1}, "first_seed=-1: expected a whole number from 0 on; the others follow"),
        ({"stopping": "when it is clear"}, "stopping=when it is clear: expected fixed: all runs"),
    ],
)
def test_a_mistake_is_named_with_what_was_expected(
    change: dict[str, Any], message: str, tmp_path: Path
) -> None:
    with pytest.raises(UserError) as caught:
        read_plan(written(tmp_path, CONTENT | change))
    assert str(caught.value).startswith(f"wide.yaml: {message}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("key", CONTENT)
def test_what_must_be_planned_cannot_be_left_out(key: str, tmp_path: Path) -> None:
    left = {name: value for name, value in CONTENT.items() if name != key}
    with pytest.raises(UserError, match=rf"wide.yaml: {key} is missing: expected"):
        read_plan(written(tmp_path, left))


def test_what_is_no_plan_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"wide.yaml: expected keys and values: hypothesis"):
        read_plan(written(tmp_path, ["model.width=48"]))


def test_a_plan_that_is_not_there_is_named_with_the_nearest(project: Path) -> None:
    file = plan_file(project, "wide")
    file.parent.mkdir(parents=True)
    written(file.parent, CONTENT)
    with pytest.raises(UserError) as caught:
        read_plan(plan_file(project, "wade"))
    assert "Did you mean 'wide'?" in str(caught.value)
    assert "uv run compare --new wade" in str(caught.value)


@pytest.mark.parametrize("name", ["", "../wide", "a b", ".hidden", "a."])
def test_a_name_is_one_that_every_disk_takes(name: str, project: Path) -> None:
    with pytest.raises(UserError, match="expected a name of letters"):
        plan_file(project, name)


@pytest.mark.parametrize("name", ["con", "AUX", "nul.b", "com1"])
def test_a_name_that_is_a_device_of_windows_is_refused(name: str, project: Path) -> None:
    with pytest.raises(UserError, match=f"{name}: expected another name"):
        plan_file(project, name)


def test_the_hash_does_not_depend_on_line_ends(tmp_path: Path) -> None:
    one, other = tmp_path / "one.yaml", tmp_path / "other.yaml"
    one.write_bytes(b"a: 1\nb: 2\n")
    other.write_bytes(b"a: 1\r\nb: 2\r\n")
    assert plan_hash(one) == plan_hash(other)
    other.write_bytes(b"a: 1\nb: 3\n")
    assert plan_hash(one) != plan_hash(other)
