from typing import Any

import pytest
from omegaconf import OmegaConf
from omegaconf.errors import ConfigKeyError, OmegaConfBaseException

from {{ cookiecutter.package_name }} import config
from {{ cookiecutter.package_name }}.config.training import AdamW
from {{ cookiecutter.package_name }}.runtime.composition import compose
from {{ cookiecutter.package_name }}.runtime.errors import UserError


def changed(key: str, value: Any) -> Any:
    """conf/ with one value changed, below Hydra's own checks."""
    composed = compose([])
    OmegaConf.set_struct(composed, False)
    OmegaConf.update(composed, key, value)
    return composed


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("optimizer.lr", 0),
        ("optimizer.lr", float("nan")),
        ("optimizer.lr", float("inf")),
        ("tracking.timeout", 0.0),
        ("optimizer.weight_decay", -0.1),
        ("optimizer.warmup", 1.0),
        ("trainer.devices", 0),
        ("trainer.max_epochs", 0),
        ("trainer.patience", 0),
        ("trainer.threads", 0),
        ("trainer.overfit_batches", -1),
        ("trainer.ema", "1.5"),
        ("trainer.nodes", "0"),
        ("trainer.checkpoints.steps", "0"),
        ("trainer.checkpoints.minutes", "-1"),
        ("baselines.trials", 0),
        ("baselines.max_rows", 0),
        ("baselines.max_features", 0),
        ("evaluation.level", 1.0),
        ("evaluation.level", 95),
        ("evaluation.resamples", 99),
        ("seed", 2**32),
    ],
)
def test_a_value_out_of_range_is_refused_by_its_key(key: str, value: float) -> None:
    with pytest.raises(UserError, match=rf"{key}={value}.*: expected "):
        config.typed(changed(key, value))


@pytest.mark.parametrize(
    ("key", "value", "hint"),
    [
        ("accelerator", "gpus", "'gpu'"),
        ("strategy", "ddp_spawn", "'ddp'"),
        ("precision", "bf16-true", "'bf16-mixed'"),
    ],
)
def test_what_this_project_cannot_train_with_is_refused(key: str, value: str, hint: str) -> None:
    with pytest.raises(UserError, match=rf"trainer.{key}={value}: unknown. Did you mean {hint}"):
        config.typed(changed(f"trainer.{key}", value))


def test_a_fused_optimizer_clips_no_gradients_in_mixed_precision() -> None:
    mixed = ["trainer.precision=bf16-mixed", "trainer.gradient_clip=1.0"]
    with pytest.raises(UserError, match=r"gradient_clip=1.0: .*optimizer.fused=false"):
        config.typed(compose(mixed))
    config.typed(compose([*mixed, "optimizer.fused=false"]))
    config.typed(compose([*mixed, "optimizer=sgd"]))
    config.typed(compose(["trainer.gradient_clip=1.0"]))


@pytest.mark.parametrize("value", ["three", 1.5, None, [1], {"a": 1}])
def test_a_value_of_the_wrong_type_is_refused(value: object) -> None:
    with pytest.raises(OmegaConfBaseException):
        config.typed(changed("trainer.max_epochs", value))


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ConfigKeyError, match="max_epoch"):
        config.typed(changed("trainer.max_epoch", 3))


def test_a_missing_key_is_refused() -> None:
    composed = compose([])
    OmegaConf.set_struct(composed, False)
    del composed["trainer"]["patience"]
    with pytest.raises(OmegaConfBaseException, match="patience"):
        config.typed(composed)


def test_each_choice_of_optimizer_has_its_own_fields() -> None:
    assert isinstance(config.typed(compose(["optimizer=adamw"])).optimizer, AdamW)
    composed = compose(["optimizer=sgd"])
    OmegaConf.set_struct(composed, False)
    composed["optimizer"]["fused"] = True  # of AdamW
    with pytest.raises(ConfigKeyError, match="fused"):
        config.typed(composed)


@pytest.mark.parametrize(
    ("target", "hint"),
    [("torch.optim.Adamw", "Did you mean 'torch.optim.AdamW'"), ("os.system", "Valid: torch.")],
)
def test_an_unknown_target_is_refused_before_it_is_imported(target: str, hint: str) -> None:
    with pytest.raises(UserError, match=rf"optimizer._target_={target}: unknown. {hint}"):
        config.typed(changed("optimizer._target_", target))
