from pathlib import Path
from typing import Any

import pytest
from calling import Invoke
from hydra._internal.config_loader_impl import ConfigLoaderImpl
from hydra.core.hydra_config import HydraConfig

from {{ cookiecutter.package_name }}.runtime import composition
from {{ cookiecutter.package_name }}.runtime.command import command
from {{ cookiecutter.package_name }}.runtime.errors import UserError


def test_a_later_override_of_a_key_replaces_the_earlier_one() -> None:
    merged = composition.merge_overrides(["seed=1", "trainer=gpu"], ["seed=2", "optimizer=sgd"])
    assert sorted(merged) == ["optimizer=sgd", "seed=2", "trainer=gpu"]


@pytest.mark.parametrize("override", ["+trainer.depth=3", "++seed=1", "~tracking"])
def test_keys_cannot_be_added_or_removed(override: str) -> None:
    with pytest.raises(UserError, match="cannot be added or removed"):
        composition.check_overrides(["seed=1", override])


def test_the_current_choices_are_part_of_the_configuration(current: Path) -> None:
    current.write_text("- optimizer=sgd\n- optimizer.lr=0.25\n", "utf-8")
    composed = composition.compose(composition.current_overrides())
    assert (composed.optimizer._target_, composed.optimizer.lr) == ("torch.optim.SGD", 0.25)


def test_composing_leaves_hydra_as_it_was() -> None:
    first = composition.compose(["seed=1"])
    assert (first.seed, composition.compose(["seed=2"]).seed) == (1, 2)


@pytest.mark.usefixtures("project")
def test_a_command_composes_once_and_knows_what_it_was_told(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    composed, told = list[object](), list[list[str]]()
    load = ConfigLoaderImpl.load_configuration

    def count(*arguments: Any, **settings: Any) -> Any:
        composed.append(load(*arguments, **settings))
        return composed[-1]

    @command
    def main(_config: object, _workspace: object) -> None:
        told.append(list(HydraConfig.get().overrides.task))

    monkeypatch.setattr(ConfigLoaderImpl, "load_configuration", count)
    invoke(main, "run=mine", "seed=3")
    assert len(composed) == 1
    assert sorted(told[0]) == ["run=mine", "seed=3"]


def test_help_lists_every_group_with_its_choices_and_the_values_as_they_stand() -> None:
    text = composition.help_text("train", "Train.", ["seed=77"])
    groups = {folder.name for folder in composition.CONF.iterdir() if folder.is_dir()}
    assert groups <= {line.split("=")[0].strip() for line in text.splitlines() if "=" in line}
    assert "optimizer=adamw|sgd" in text
    assert "seed: 77" in text
