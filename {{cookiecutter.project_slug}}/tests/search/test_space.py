from typing import Any

import optuna
import pytest
from calling import QUICK
from optuna.distributions import FloatDistribution, IntDistribution

from {{ cookiecutter.package_name }}.config import typed
from {{ cookiecutter.package_name }}.runtime.composition import compose
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.search.space import (
    Space,
    as_text,
    described,
    overrides_of,
    read_space,
    suggest,
)

KINDS = {"lr": float, "width": int, "schedule": str, "flip": bool}


def value_of(key: str, value: Any) -> Any:
    """What a configuration makes of a key and a value."""
    kind = KINDS.get(key.rpartition(".")[2], str)
    if kind is int and isinstance(value, float):
        raise UserError(f"{key}: Value '{value}' could not be converted to Integer.")
    return kind(value)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({}, r"tune\.space: empty\. Choose one, as in: uv run tune search="),
        ({"optimizer.lr": 0.1}, r"optimizer\.lr=0\.1: expected a list of choices, or low and high"),
        ({"optimizer.lr": {"low": 0.1}}, "expected a list of choices, or low and high"),
        ({"optimizer.lr": {"low": 0.1, "high": 1.0, "lag": True}}, r"lag: unknown\. Did you mean"),
        ({"optimizer.lr": {"low": 0.1, "high": 0.01}}, r"low=0\.1 is not below high=0\.01"),
        ({"optimizer.lr": {"low": "a", "high": 1.0}}, r"lr\.low=a: expected a number"),
        ({"optimizer.lr": {"low": 0, "high": 1.0, "log": True}}, "above 0 where log is true"),
        ({"optimizer.lr": {"low": 0.1, "high": 1.0, "log": 2}}, r"log=2: expected true or false"),
        ({"optimizer.lr": {"low": 0.1, "high": 1, "log": True, "step": 1}}, "1: expected none"),
        ({"optimizer.lr": {"low": 0.1, "high": 1.0, "step": 2}}, r"a number between 0 and 0\.9"),
        ({"model.width": {"low": 0.5, "high": 4}}, "could not be converted to Integer"),
        ({"model.width": {"low": 1, "high": 4, "step": 0.5}}, "a whole number between 0 and 3"),
        ({"data.flip": {"low": 0, "high": 1}}, r"flip: no number; expected a list of choices"),
        ({"model.width": [4]}, "expected two different choices or more"),
        ({"model.width": [4, 4]}, "expected two different choices or more"),
        ({"model.width": [4, [8]]}, r"=\[8\]: expected a text, a number"),
        ({"seed": [0, 1]}, "seed cannot be searched over"),
        ({"data.fold": [0, 1]}, r"data\.fold cannot be searched over"),
        ({"tune.trials": [4, 8]}, "tune cannot be searched over"),
    ],
)
def test_an_entry_that_is_no_space_is_refused_with_its_place(
    entry: dict[str, Any], message: str
) -> None:
    with pytest.raises(UserError, match=message):
        read_space(entry, value_of)


def test_the_kind_of_a_range_is_that_of_the_key_and_not_of_its_ends() -> None:
    found = read_space(
        {"optimizer.lr": {"low": 0, "high": 1}, "model.width": {"low": 1, "high": 9}}, value_of
    )
    assert isinstance(found["optimizer.lr"], FloatDistribution)
    assert isinstance(found["model.width"], IntDistribution)


def test_a_low_end_of_zero_is_kept_where_a_space_is_compared() -> None:
    assert described(FloatDistribution(0.0, 0.4)) == {"low": 0.0, "high": 0.4}


def test_what_a_trial_is_given_is_read_as_the_same_value() -> None:
    given = {"optimizer.lr": 0.0123456, "trainer.gradient_clip": None, "optimizer.fused": False}
    texts = {"optimizer.schedule": "constant", "tracking.experiment": "it's, a name"}
    config = typed(compose([*QUICK, *overrides_of(given | texts)]))
    assert config.optimizer.lr == 0.01235
    assert config.optimizer.schedule.value == "constant"
    assert (config.trainer.gradient_clip, config.optimizer.fused) == (None, False)
    assert config.tracking.experiment == texts["tracking.experiment"]
    assert as_text(16) == "16"


def test_a_trial_that_has_some_of_its_parameters_gets_the_others(space: Space) -> None:
    study = optuna.create_study()
    study.enqueue_trial({"optimizer.lr": 0.05})
    trial = study.ask()
    first = suggest(trial, space)
    assert first["optimizer.lr"] == 0.05
    assert set(first) == set(space)
    assert suggest(trial, space) == first
