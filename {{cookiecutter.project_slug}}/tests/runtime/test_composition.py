from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.runtime import composition
from {{ cookiecutter.package_name }}.runtime.errors import UserError


def test_a_later_override_of_a_key_replaces_the_earlier_one() -> None:
    merged = composition.merge_overrides(["seed=1", "trainer=gpu"], ["seed=2", "optimizer=sgd"])
    assert sorted(merged) == ["optimizer=sgd", "seed=2", "trainer=gpu"]


@pytest.mark.parametrize("override", ["+trainer.depth=3", "++seed=1", "~tracking"])
def test_keys_cannot_be_added_or_removed(override: str) -> None:
    with pytest.raises(UserError, match="cannot be added or removed"):
        composition.check_overrides(["seed=1", override])


def test_the_current_choices_are_part_of_the_configuration(current: Path) -> None:
    current.write_text("- optimizer=sgd\n- optimizer.lr=0.25\n")
    composed = composition.compose(composition.current_overrides())
    assert (composed.optimizer._target_, composed.optimizer.lr) == ("torch.optim.SGD", 0.25)


def test_composing_leaves_hydra_as_it_was() -> None:
    first = composition.compose(["seed=1"])
    assert (first.seed, composition.compose(["seed=2"]).seed) == (1, 2)


def test_help_lists_every_group_with_its_choices_and_the_values_as_they_stand() -> None:
    text = composition.help_text("train", "Train.", ["seed=77"])
    groups = {folder.name for folder in composition.CONF.iterdir() if folder.is_dir()}
    assert groups <= {line.split("=")[0].strip() for line in text.splitlines() if "=" in line}
    assert "optimizer=adamw|sgd" in text
    assert "seed: 77" in text
