"""What a run leaves in MLflow so that `uv run restore` finds the way back to its project."""

from __future__ import annotations

import contextlib
import getpass
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..config import Tracking
from ..runtime.files import PRODUCED_BY, Workspace
from .journal import Writer
from .lineage import CodeState, code_state
from .uploads import keep_files

PIPELINE = "pipeline"  # the name of its runs
LONGEST_PARAMETER = 250  # characters that every MLflow server takes
WRITTEN_BY_THE_PIPELINE = ("dvc.lock", "params.yaml")  # which name the data, and are in no diff
MOST_NAMES = 100  # of files that are not recorded


@dataclass(frozen=True)
class Record:
    """The project as a verb found it: the code, and the files for the folder code/ of the run.

    ``name`` is that of a run by hand; None is the pipeline.
    """

    name: str | None
    code: CodeState
    files: dict[str, bytes]

    @property
    def digest(self) -> str:
        """Equal for two verbs that belong to one run and saw the same code."""
        return f"{self.code.digest[:32]} {self.name or ''}".strip()


def record_of(workspace: Workspace, verb: str) -> Record:
    """Read what there is; without git that is the pipeline's own files."""
    project, code = workspace.project, code_state(workspace.project)
    name = workspace.output.name if workspace.output != project else None
    overrides = _overrides() if name else []
    run = {"name": name, "verbs": _verbs(workspace, verb), "overrides": overrides}
    files = {"run.json": json.dumps(run, ensure_ascii=False, indent=1).encode()}
    for file in WRITTEN_BY_THE_PIPELINE:
        if (project / file).is_file():
            files[file] = (project / file).read_bytes()
    if code.diff:
        files["diff.patch"] = code.diff
    if code.left_out:
        files["left_out.txt"] = "\n".join(code.left_out[:MOST_NAMES]).encode()
    files |= {f"new/{path}": content for path, content in code.new_files.items()}
    return Record(name, code, files)


def _verbs(workspace: Workspace, last: str) -> list[str]:
    """The verbs up to ``last`` whose outputs a run by hand has itself; ``last`` of the pipeline."""
    verbs = list(dict.fromkeys(PRODUCED_BY.values()))
    if workspace.output == workspace.project or last not in verbs:
        return [last]
    made = {verb for name, verb in PRODUCED_BY.items() if (workspace.output / name).exists()}
    return [verb for verb in verbs[: verbs.index(last)] if verb in made] + [last]


def _overrides() -> list[str]:
    # Not from overrides.yaml: until a verb of a run ends well, that holds what was there before.
    from hydra.core.hydra_config import HydraConfig

    return list(HydraConfig.get().overrides.task) if HydraConfig.initialized() else []


def facts_of(record: Record, verb: str, settings: Tracking) -> dict[str, Any]:
    """Return what a journal says first of its run."""
    shown = {"source.name": verb, "source.type": "LOCAL"}
    with contextlib.suppress(OSError, KeyError):  # in a container nobody may have a name
        shown["user"] = getpass.getuser()
    if record.code.commit:
        shown["source.git.commit"] = record.code.commit
    return {
        "name": record.name or PIPELINE,
        "verb": verb,
        "experiment": settings.experiment,
        "timeout": settings.timeout,
        "tags": {f"mlflow.{name}": value for name, value in shown.items()},
    }


def keep_origin(journal: Writer, config_file: Path, record: Record) -> None:
    """Keep parameters, configuration and code of a run that begins; one that is joined has them."""
    keep_params(journal, config_file)
    commit, dirty = record.code.commit or "none", str(record.code.dirty).lower()
    tags = {"git_commit": commit, "git_dirty": dirty, "record": record.digest}
    journal.append("tags", tags=tags, origin=True)
    keep_files(journal, {config_file.name: config_file.read_bytes()}, "", origin=True)
    keep_code(journal, record)


def keep_params(journal: Writer, config_file: Path) -> None:
    """Keep every value of the configuration."""
    from omegaconf import OmegaConf

    config = OmegaConf.to_container(OmegaConf.load(config_file))
    params = {key: str(value)[:LONGEST_PARAMETER] for key, value in _flat(config).items()}
    journal.append("params", params=params, origin=True)


def keep_code(journal: Writer, record: Record) -> None:
    """Keep the files of ``record`` for the folder code/, unless the run was begun by other code."""
    keep_files(journal, record.files, "code", record=record.digest)


def _flat(values: Any, prefix: str = "") -> dict[str, Any]:
    if not isinstance(values, dict):
        return {prefix: values}
    return {
        name: v
        for key, part in values.items()
        for name, v in _flat(part, f"{prefix}.{key}" if prefix else str(key)).items()
    }
