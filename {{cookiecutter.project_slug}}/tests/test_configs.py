"""Every file in conf/ composes, fits its types, and builds what it names."""

import re
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from configured import configured
from import_graph import verbs
from kit_facts import FOR_CHECKS, small_manifest
from lightning.pytorch import Callback
from network_cases import needs_its_extra
from omegaconf import OmegaConf

from {{ cookiecutter.package_name }}.choices.instantiation import instantiate
from {{ cookiecutter.package_name }}.config import Config, typed
from {{ cookiecutter.package_name }}.model import build, example_input
from {{ cookiecutter.package_name }}.runtime import composition
from {{ cookiecutter.package_name }}.training.trainer import make_trainer

CONF = composition.CONF
FILES = sorted(file.relative_to(CONF).with_suffix("") for file in CONF.rglob("*.yaml"))
CHOICES = [f"{file.parent.as_posix()}={file.name}" for file in FILES if len(file.parts) > 1]
WHOLE = [choice for choice in CHOICES if choice.startswith(("experiment=", "debug=", "search="))]
PAIRS = [
    [one, other]
    for one in WHOLE
    for other in WHOLE
    if one.startswith("experiment=") and other.startswith("debug=")
]


def keys_of(composed: Any, prefix: str = "") -> set[str]:
    """The keys of a configuration as YAML gives them, down to the values."""
    if not isinstance(composed, dict) or prefix == ".tune.space":  # whose keys are free
        return {prefix}
    return {key for name, part in composed.items() for key in keys_of(part, f"{prefix}.{name}")}


def fields_of(value: Any, prefix: str = "") -> set[str]:
    """The fields of the typed configuration, down to the values."""
    if not is_dataclass(value):
        return {prefix}
    return {
        key
        for field in fields(value)
        for key in fields_of(getattr(value, field.name), f"{prefix}.{field.name}")
    }


def facts_of(choice: str) -> dict[str, str]:
    """What the comments at the top of a file say: command, duration, expect."""
    group, _, name = choice.partition("=")
    text = (CONF / group / f"{name}.yaml").read_text("utf-8")
    return dict(re.findall(r"^# (\w+): (.+)$", text, re.MULTILINE))


def test_no_file_of_conf_is_left_out() -> None:
    top = {file.name for file in FILES if len(file.parts) == 1}
    assert top - {"serving", "monitoring"} == {"config", "current"}  # those of a service
    assert len(CHOICES) == len(FILES) - len(top)
    assert {file.suffix for file in CONF.rglob("*.*") if file.is_file()} == {".yaml"}


@pytest.mark.slow
@pytest.mark.parametrize("overrides", [[], *([choice] for choice in CHOICES), *PAIRS], ids=str)
def test_a_choice_composes_and_has_exactly_the_keys_of_its_types(overrides: list[str]) -> None:
    composed = composition.compose(overrides)
    config = typed(composed)
    assert keys_of(OmegaConf.to_container(composed, resolve=True)) == fields_of(config)


def test_the_current_configuration_of_this_project_composes() -> None:
    assert isinstance(configured(*composition.current_overrides()), Config)


@pytest.mark.slow
@pytest.mark.parametrize("choice", CHOICES)
def test_a_choice_builds_its_network_and_its_optimizer(choice: str) -> None:
    name = choice.removeprefix("model=")
    needs_its_extra(name)
    config, manifest = configured(choice, *FOR_CHECKS.get(name, [])), small_manifest()
    network = build(config.model, manifest).eval()
    outputs = network(example_input(manifest))
    assert outputs.shape == (2, len(manifest.classes))
    optimizer = instantiate(config.optimizer, network.parameters(), without=("schedule", "warmup"))
    assert isinstance(optimizer, torch.optim.Optimizer)
    assert optimizer.defaults["lr"] == config.optimizer.lr


@pytest.mark.slow
@pytest.mark.parametrize("choice", CHOICES)
def test_a_choice_builds_its_trainer(choice: str, tmp_path: Path) -> None:
    settings = configured(choice).trainer
    needed = settings.devices if settings.accelerator in ("gpu", "cuda") else 0
    if needed > torch.cuda.device_count():
        pytest.skip(f"needs {needed} GPUs, and this machine has {torch.cuda.device_count()}")
    if settings.accelerator == "mps" and not torch.backends.mps.is_available():
        pytest.skip("needs the GPU of an Apple computer")
    try:
        trainer = make_trainer(settings, tmp_path, [Callback()])
    finally:
        torch.use_deterministic_algorithms(False)  # the Trainer switches it on for the process
    assert trainer.num_devices == settings.devices
    assert trainer.max_epochs == (1 if settings.fast_dev_run else settings.max_epochs)


@pytest.mark.parametrize("choice", WHOLE)
def test_a_whole_configuration_states_command_duration_and_what_to_expect(choice: str) -> None:
    facts = facts_of(choice)
    assert set(facts) == {"command", "duration", "expect"}
    assert re.search(r"\d+ (s|min)|minutes|hours", facts["duration"])
    first, *later = facts["command"].split(", then ")
    uv, run, verb, *overrides = first.split()
    known = {one.rpartition(".")[2] for one in verbs()}
    assert (uv, run, verb in known) == ("uv", "run", True)
    assert choice in overrides
    assert isinstance(configured(*overrides), Config)
    assert later == (["uv run dvc repro"] if verb == "use" else [])
