from typing import Any

import pytest
from omegaconf import OmegaConf

from {{ cookiecutter.package_name }} import config
from {{ cookiecutter.package_name }}.runtime.composition import compose
from {{ cookiecutter.package_name }}.runtime.errors import UserError


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("data.sha256", "abc"),
        ("data.batch_size", 0),
        ("data.memory_share", -0.1),
        ("data.split.val", 0.0),
        ("data.split.test", 1.0),
        ("data.split.folds", 1),
        ("data.split.folds", 21),
        ("data.augmentation.hide", 1.0),
        ("model.width", 0),
        ("model.blocks", 0),
        ("model.dropout", 1.0),
    ],
)
def test_a_value_out_of_range_is_refused_by_its_key(key: str, value: float) -> None:
    composed: Any = compose(["model=mlp"])
    OmegaConf.update(composed, key, value)
    with pytest.raises(UserError, match=f"{key}={value}: expected "):
        config.typed(composed)


def test_shares_that_leave_nothing_to_train_on_are_refused() -> None:
    with pytest.raises(UserError, match=r"data.split=0.5\+0.5: expected together less than 1"):
        config.typed(compose(["data.split.val=0.5", "data.split.test=0.5"]))
