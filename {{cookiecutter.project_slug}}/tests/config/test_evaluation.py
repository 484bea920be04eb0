from typing import Any

import pytest
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from {{ cookiecutter.package_name }} import config
from {{ cookiecutter.package_name }}.runtime.composition import compose
from {{ cookiecutter.package_name }}.runtime.errors import UserError, explain

ONE = {"name": "dark", "where": "x < 1", "reason": "why", "least_rows": 50, "margin": 0.05}


def typed_with(key: str, value: Any) -> config.Config:
    composed: Any = compose([])
    OmegaConf.set_struct(composed, False)
    OmegaConf.update(composed, f"evaluation.{key}", value, merge=False)
    return config.typed(composed)


def test_slices_are_typed() -> None:
    (one,) = typed_with("slices", [ONE]).evaluation.slices
    assert (one.name, one.where, one.least_rows, one.margin) == ("dark", "x < 1", 50, 0.05)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("name", " ", "name"),
        ("where", "", "dark: where"),
        ("reason", "", "dark: reason"),
        ("least_rows", 0, "dark.least_rows=0"),
        ("margin", 0.0, "dark: margin=0.0"),
        ("margin", 5, "dark: margin=5.0"),
    ],
)
def test_a_slice_that_says_too_little_is_refused(key: str, value: Any, told: str) -> None:
    with pytest.raises(UserError, match=f"evaluation.slices, .*{told}.*: expected"):
        typed_with("slices", [ONE | {key: value}])


def test_a_slice_lacks_nothing_and_has_nothing_else() -> None:
    short = {key: value for key, value in ONE.items() if key != "margin"}
    for wrong, told in ((short, "slices[0].margin"), (ONE | {"marign": 1}, "mean 'margin'?")):
        with pytest.raises(OmegaConfBaseException) as refused:
            typed_with("slices", [wrong])
        assert told in explain(refused.value)


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("slices", [ONE, ONE], "evaluation.slices=dark: expected each name once"),
        ("sensitive", ["sex", "age", "sex"], "evaluation.sensitive=sex: expected each name once"),
        ("margin", 0.0, "evaluation.margin=0.0"),
        ("margin", 2, "evaluation.margin=2.0"),
        ("robustness.rows", -1, "evaluation.robustness.rows=-1"),
        ("behaviour.rows", -1, "evaluation.behaviour.rows=-1"),
    ],
)
def test_values_out_of_range_are_refused(key: str, value: Any, told: str) -> None:
    with pytest.raises(UserError, match=told):
        typed_with(key, value)
