"""How conf/, the project's current choice and the command line become one configuration."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .errors import UserError
from .files import write_text

CONF = Path(__file__).parents[1] / "conf"
CURRENT = CONF / "current.yaml"  # the overrides that `uv run use ...` made the project's own
RECORD = "overrides.yaml"  # in the folder of a run by hand


def current_overrides() -> list[str]:
    """Return the overrides that are the project's current configuration."""
    from omegaconf import OmegaConf

    return [str(item) for item in OmegaConf.load(CURRENT)]


def brings_own_data(verb: str, words: list[str]) -> bool:
    """Whether a command brings the user's own data in: they become the project's, as they should.

    Other runs by hand leave the project as it is until ``use`` says otherwise.
    """
    return verb == "ingest" and any(word.startswith("data.path=") for word in words)


def write_current(overrides: list[str]) -> None:
    """Make ``overrides`` the project's current configuration."""
    from omegaconf import OmegaConf

    write_text(CURRENT, OmegaConf.to_yaml(OmegaConf.create(overrides)))


def recorded_overrides(project: Path, run: str) -> list[str]:
    """Return the overrides that the run by hand of this name has had so far."""
    from omegaconf import OmegaConf

    record = project / "runs" / run / RECORD
    return [str(item) for item in OmegaConf.load(record)] if record.is_file() else []


def record_overrides(output: Path, overrides: list[str]) -> None:
    """Note in the folder of a run what it was told: later commands of the run begin with that.

    Whether a training goes on is asked anew each time.
    """
    from omegaconf import OmegaConf

    kept = [override for override in overrides if not override.startswith("resume=")]
    write_text(output / RECORD, OmegaConf.to_yaml(OmegaConf.create(kept)))


def check_overrides(overrides: list[str]) -> list[str]:
    """Refuse overrides that would add or delete keys: every key is in the schema."""
    for override in overrides:
        if override[0] in "+~":
            hint = f" Write {override.lstrip('+')!r}." if "=" in override else ""
            raise UserError(f"{override}: keys cannot be added or removed.{hint}")
    return overrides


def merge_overrides(base: list[str], new: list[str]) -> list[str]:
    """Lay ``new`` overrides over ``base``, key by key."""
    return list({item.partition("=")[0]: item for item in [*base, *new]}.values())


def unread_overrides(project: Path, verb: str, overrides: list[str]) -> dict[str, list[str]]:
    """Return the ``overrides`` that change nothing for ``verb``, each with the stages it is for."""
    from omegaconf import OmegaConf

    if not overrides:
        return {}
    pipeline: Any = OmegaConf.to_container(OmegaConf.load(project / "dvc.yaml"))
    stages = pipeline.get("stages", {})
    unread = {}
    for override in overrides:
        key = override.partition("=")[0]
        readers = [
            name
            for name, stage in stages.items()
            if any(
                f"{read}.".startswith(f"{key}.") or f"{key}.".startswith(f"{read}.")
                for read in stage.get("params", [])
            )
        ]
        if readers and verb not in readers:
            unread[override] = readers
    return unread


def help_text(verb: str, purpose: str, overrides: list[str]) -> str:
    """Say what ``verb`` does, which choices there are, and how every value stands."""
    from omegaconf import OmegaConf

    files = sorted(CONF.glob("*/*.yaml"))
    groups = {file.parent.name: [] for file in files}
    for file in files:
        groups[file.parent.name].append(file.stem)
    choices = "\n".join(f"  {group}={'|'.join(names)}" for group, names in groups.items())
    return f"""{verb}: {purpose}

By hand it writes to runs/<id>/ only, and reads what the pipeline (`uv run dvc repro`) made unless
the run has its own: `uv run {verb} run=NAME ...`. `--cfg job` shows the configuration, `-m` sweeps.

Choices:
{choices}

Values, as they stand now:
{OmegaConf.to_yaml(compose(overrides))}"""


def compose(overrides: list[str]) -> Any:
    """Compose conf/ with ``overrides`` outside of a Hydra application."""
    from hydra import compose as hydra_compose
    from hydra import initialize_config_dir

    with initialize_config_dir(str(CONF), version_base="1.3"):
        return hydra_compose("config", overrides)


def choices_in(overrides: list[str]) -> dict[str, str | None]:
    """Return which file of each group ``overrides`` choose."""
    import hydra

    with hydra.initialize_config_dir(str(CONF), version_base="1.3"):
        composed = hydra.compose("config", overrides, return_hydra_config=True)
    return dict(composed.hydra.runtime.choices)


def run_application(task: Callable[[Any], None], options: list[str], overrides: list[str]) -> None:
    """Call ``task`` with conf/ composed, as an application of Hydra's; it reads sys.argv too.

    Without ``options`` of Hydra's own (``-m``, ``--cfg job``) that is done here: an application
    composes everything twice.
    """
    import hydra
    from hydra.core.hydra_config import HydraConfig
    from omegaconf import open_dict

    os.environ["HYDRA_FULL_ERROR"] = "1"  # raise instead of printing: `guarded` explains
    if options:
        hydra.main(version_base="1.3", config_path=str(CONF), config_name="config")(task)()
        return
    with hydra.initialize_config_dir(str(CONF), version_base="1.3"):
        composed = hydra.compose("config", overrides, return_hydra_config=True)
    HydraConfig.instance().set_config(composed)
    with open_dict(composed):
        del composed["hydra"]
    task(composed)
