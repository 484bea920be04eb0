from typing import Any

import pytest
from omegaconf import OmegaConf

from {{ cookiecutter.package_name }} import config
from {{ cookiecutter.package_name }}.runtime.composition import compose
from {{ cookiecutter.package_name }}.runtime.errors import UserError


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("model.input_size", 0),
        ("model.input_size", 5000),
        ("model.frozen_epochs", -1),
        ("model.backbone_lr", 0.0),
        ("model.backbone_lr", 1.5),
        ("model.dropout", 1.0),
    ],
)
def test_a_value_of_a_pretrained_network_out_of_range_is_refused(key: str, value: float) -> None:
    composed: Any = compose(["model=pretrained"])
    OmegaConf.update(composed, key, value)
    with pytest.raises(UserError, match=f"{key}={value}: expected "):
        config.typed(composed)


def test_a_random_backbone_is_not_frozen() -> None:
    with pytest.raises(
        UserError, match=r"model\.frozen_epochs=3: expected 0 where model\.weights=null"
    ):
        config.typed(compose(["model=pretrained", "model.weights=null"]))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("data.image_size", 3),
        ("data.image_size", 5000),
        ("data.batch_size", 0),
        ("data.memory_share", -0.1),
        ("data.split.val", 0.0),
        ("data.split.folds", 1),
        ("data.augmentation.shift", 1.0),
        ("data.augmentation.scale", -0.1),
        ("data.augmentation.brightness", 1.5),
        ("data.augmentation.rotate", 181.0),
        ("model.width", 0),
        ("model.blocks", 0),
        ("model.stages", 0),
        ("model.stages", 10),
        ("model.dropout", 1.0),
    ],
)
def test_a_value_out_of_range_is_refused_by_its_key(key: str, value: float) -> None:
    composed: Any = compose(["model=resnet"])
    OmegaConf.update(composed, key, value)
    with pytest.raises(UserError, match=f"{key}={value}: expected "):
        config.typed(composed)
