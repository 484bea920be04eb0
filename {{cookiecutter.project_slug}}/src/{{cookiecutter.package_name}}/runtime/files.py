"""Where a verb reads and writes: whole outputs or none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .errors import UserError
from .processes import is_abandoned

PRODUCED_BY = {
    "data/raw": "ingest",
    "data/prepared": "prepare",
    "models/network": "train",
    "predictions/baselines": "baselines",
    "predictions/network": "score",
    "reports/confusion.csv": "evaluate",
    "reports/summary.json": "evaluate",
    "reports/metrics.json": "evaluate",
    "reports/report.html": "report",
}
MADE_FROM = {
    "data/prepared": ["data/raw"],
    "models/network": ["data/prepared"],
    "predictions/baselines": ["data/prepared"],
    "predictions/network": ["models/network", "data/prepared"],
    "reports/confusion.csv": ["predictions/network"],
    "reports/summary.json": ["predictions/network", "predictions/baselines"],
    "reports/metrics.json": ["predictions/network", "predictions/baselines"],
    "reports/report.html": ["reports/metrics.json"],
}


@dataclass(frozen=True)
class Workspace:
    """The folders of one run: a stage writes to the project, a run by hand to runs/<id>."""

    project: Path
    output: Path
    scratch: Path  # for work in progress; on the same disk, so that publishing is a rename
    config_file: Path  # the resolved configuration, as it was composed

    def reads(self, name: str) -> Path:
        """Find an input: what this run made itself, or else what the pipeline made.

        Raises:
            UserError: when neither made it, or the pipeline made it from other files than this
                run has, so that the run would report another model's numbers.
        """
        verb = PRODUCED_BY[name]
        if (self.output / name).exists():
            return self.output / name
        own = [origin for origin in _origins(name) if (self.output / origin).exists()]
        if own and self.output != self.project:
            run = self.output.name
            raise UserError(
                f"{name}: run={run} has its own {own[0]}, but nothing made from it. "
                f"`uv run {verb} run={run}` makes it."
            )
        if (self.project / name).exists():
            return self.project / name
        raise UserError(
            f"{name}: not there yet. `uv run dvc repro {verb}` makes it "
            "(or `uv run dvc pull`, if somebody pushed it)."
        )

    @contextmanager
    def publishes(self, name: str) -> Iterator[Path]:
        """Yield a new path to write a file or folder to; move it into place when all went well.

        A run by hand loses what it had made from the old one. A stage whose dvc was killed leaves
        the place alone: a later dvc may have filled it.
        """
        self.scratch.mkdir(parents=True, exist_ok=True)
        partial, replaced = self.scratch / "partial" / name, self.scratch / "replaced"
        remove(partial)
        partial.parent.mkdir(parents=True, exist_ok=True)
        yield partial
        if self.output == self.project and is_abandoned():
            raise UserError(
                f"{name}: not replaced, because dvc was killed. `uv run dvc repro` makes it."
            )
        destination = self.output / name
        destination.parent.mkdir(parents=True, exist_ok=True)
        remove(replaced)
        if destination.exists():
            destination.replace(replaced)
        partial.replace(destination)
        remove(replaced)
        if self.output != self.project:
            for made in PRODUCED_BY:
                if name in _origins(made):
                    remove(self.output / made)


def _origins(name: str) -> list[str]:
    direct = MADE_FROM.get(name, [])
    return [*direct, *(origin for parent in direct for origin in _origins(parent))]


def remove(path: Path) -> None:
    """Delete a file or a folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def find_project(start: Path) -> Path:
    """Return the nearest folder at or above ``start`` that holds dvc.yaml."""
    for folder in (start, *start.parents):
        if (folder / "dvc.yaml").is_file():
            return folder
    raise UserError(
        f"{start}: not inside a project (no dvc.yaml here or above). Change into the project."
    )


def stage_workspace(project: Path, verb: str) -> Workspace:
    """The workspace of a stage: it writes what DVC owns."""
    return Workspace(project, project, project / "runs" / "stages" / verb, project / "params.yaml")


def run_workspace(project: Path, run: str) -> Workspace:
    """The workspace of a run by hand: it writes to runs/<run> only."""
    if Path(run).name != run or run in ("", "..", "stages"):
        raise UserError(f"run={run}: expected the name of one folder, and not 'stages'.")
    output = project / "runs" / run
    return Workspace(project, output, output / "scratch", output / "config.yaml")


def write_text(path: Path, text: str) -> None:
    """Write a small file whole or not at all, with the same bytes on every system."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    partial.write_text(text, encoding="utf-8", newline="\n")
    partial.replace(path)
