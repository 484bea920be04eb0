"""conf/experiment/NAME.yaml: what a search chose, as a configuration that `use` makes one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..experiments.training import RECIPE
from ..runtime.composition import CONF, choices_in, compose, current_overrides, merge_overrides
from ..runtime.errors import UserError
from ..runtime.files import write_text
from ..training.resume import differences

MARK = "# Written by `uv run tune`: the next search of this name overwrites it."
SECONDS_OF_A_MINUTE = 60


def file_for(name: str) -> Path:
    """Return where the configuration goes.

    Raises:
        UserError: when somebody else's file lies there.
    """
    file = CONF / "experiment" / f"{name}.yaml"
    if file.exists() and MARK not in file.read_text("utf-8"):
        raise UserError(
            f"conf/experiment/{file.name}: not written by a search, and a search of this name "
            f"would overwrite it. Move it, or name the study: tune.study={name}-tuned"
        )
    return file


def write_experiment(name: str, chosen: list[str], seconds: float, expected: str) -> Path:
    """Write what ``chosen`` overrides change in the project's configuration.

    Args:
        name: of the search, and of the experiment.
        chosen: overrides over the current ones.
        seconds: that a training takes.
        expected: what comes out, with its uncertainty.
    """
    from omegaconf import OmegaConf

    file = file_for(name)
    current, wanted = current_overrides(), merge_overrides(current_overrides(), chosen)
    before, after = choices_in(current), choices_in(wanted)
    groups = {key: after[key] for key in RECIPE if before.get(key) != after.get(key)}
    named = [f"{key}={choice}" for key, choice in groups.items()]
    before, after = (_recipe(words) for words in (merge_overrides(current, named), wanted))
    changed: dict[str, Any] = {}
    for key in differences(before, after):
        *path, last = key.split(".")
        place, value = changed, after
        for part in path:
            place, value = place.setdefault(part, {}), value[part]
        place[last] = value[last]
    body = OmegaConf.to_yaml(OmegaConf.create(changed)) if changed else ""
    others = [f"  - override /{key}: {choice}\n" for key, choice in groups.items()]
    defaults = "".join(["defaults:\n", *others]) if groups else ""
    write_text(file, f"{_head(name, seconds, expected)}{defaults}{body}")
    return file


def _head(name: str, seconds: float, expected: str) -> str:
    minutes = seconds / SECONDS_OF_A_MINUTE
    duration = f"{seconds:.0f} s" if minutes < 2 else f"{minutes:.0f} min"
    return f"""# @package _global_
# What the search `{name}` chose.
{MARK}
# command: uv run use experiment={name}, then uv run dvc repro
# duration: {duration} to train
# expect: {expected}
"""


def _recipe(overrides: list[str]) -> dict[str, Any]:
    from omegaconf import OmegaConf

    resolved: Any = OmegaConf.to_container(compose(overrides), resolve=True)
    return {key: resolved[key] for key in RECIPE}
