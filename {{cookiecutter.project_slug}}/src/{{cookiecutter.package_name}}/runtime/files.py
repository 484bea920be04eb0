"""Where a verb reads and writes: whole outputs or none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .errors import UserError
from .patience import patiently
from .processes import LOCK, is_abandoned

PRODUCED_BY = {
    "data/raw": "ingest",
    "data/prepared": "prepare",
    "reports/audit.json": "audit",
    "models/network": "train",
    "predictions/baselines": "baselines",
    "predictions/network": "score",
    "reports/confusion.csv": "evaluate",
    "reports/summary.json": "evaluate",
    "reports/metrics.json": "evaluate",
    "reports/report.html": "report",
    "reports/model_card.md": "report",
}
MADE_FROM = {
    "data/prepared": ["data/raw"],
    "reports/audit.json": ["data/prepared"],
    "models/network": ["data/prepared", "reports/audit.json"],
    "predictions/baselines": ["data/prepared", "reports/audit.json"],
    "predictions/network": ["models/network", "data/prepared"],
    "reports/confusion.csv": ["predictions/network"],
    "reports/summary.json": ["predictions/network", "predictions/baselines"],
    "reports/metrics.json": ["predictions/network", "predictions/baselines"],
    "reports/report.html": ["reports/metrics.json"],
    "reports/model_card.md": ["reports/metrics.json"],
}
TRACKING = "runs/tracking"  # what MLflow has not got yet
# Folders of runs/ that are no run by hand.
RESERVED = ("stages", "tracking", "tune", "predict", "registry", "served", "monitor")
BEGUN = "begun"  # in the folder of a run: one empty file for each verb


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
        own = [origin for origin in [name, *_origins(name)] if self._makes(origin)]
        if own and self.output != self.project:
            run = self.output.name
            raise UserError(
                f"{name}: run={run} made its own {own[0]} or began to, and nothing from it. "
                f"`uv run {verb} run={run}` makes it."
            )
        if (self.project / name).exists():
            return self.project / name
        raise UserError(
            f"{name}: not there yet. `uv run dvc repro {verb}` makes it "
            "(or `uv run dvc pull`, if somebody pushed it)."
        )

    def given(self, name: str) -> Path:
        """Find what people write and commit: it is the same for every run."""
        return self.project / name

    def begins(self, verb: str) -> None:
        """Note that a run by hand makes the outputs of ``verb`` itself, whether it ends or not."""
        place = self.output / BEGUN / verb
        place.parent.mkdir(exist_ok=True)
        place.touch()

    def _makes(self, name: str) -> bool:
        begun = self.output / BEGUN / PRODUCED_BY[name]
        return (self.output / name).exists() or begun.exists()

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
            patiently(destination.replace, replaced)
        patiently(partial.replace, destination)
        remove(replaced)
        if self.output != self.project:
            for made in PRODUCED_BY:
                if name in _origins(made):
                    remove(self.output / made)


def needs_a_run(verb: str) -> bool:
    """Whether ``verb`` goes on from a trained network, so that a run of a new name is a mistake."""
    outputs = [name for name, maker in PRODUCED_BY.items() if maker == verb]
    return any("models/network" in _origins(name) for name in outputs)


def _origins(name: str) -> list[str]:
    direct = MADE_FROM.get(name, [])
    return [*direct, *(origin for parent in direct for origin in _origins(parent))]


def remove(path: Path) -> None:
    """Delete a file or a folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        patiently(shutil.rmtree, path)
    else:
        patiently(path.unlink, True)


def files_below(folder: Path) -> list[Path]:
    """Return every file below ``folder`` that is not hidden, in order; links are followed."""
    found: list[Path] = []
    for parent, folders, names in os.walk(folder, followlinks=True):  # large sets are often links
        here = Path(parent)
        folders[:] = [name for name in folders if name[0] != "." and not _leads_back(here / name)]
        found += [here / name for name in names if name[0] != "."]
    return sorted(found)


def _leads_back(folder: Path) -> bool:
    return folder.is_symlink() and folder.parent.resolve().is_relative_to(folder.resolve())


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
    if Path(run).name != run or run in ("", "..", *RESERVED):
        others = ", ".join(RESERVED)
        raise UserError(f"run={run}: expected the name of one folder, and none of {others}.")
    output = project / "runs" / run
    return Workspace(project, output, output / "scratch", output / "config.yaml")


def known_runs(project: Path) -> list[str]:
    """Return the names of the runs by hand so far."""
    return [record.parent.name for record in (project / "runs").glob("*/overrides.yaml")]


def forget_if_empty(run: Workspace) -> None:
    """Remove the folder of a run by hand that failed before it made anything."""
    little = {"config.yaml", "overrides.yaml", BEGUN, LOCK}
    if {path.name for path in run.output.iterdir()} <= little:
        remove(run.output)


def write_text(path: Path, text: str) -> None:
    """Write a small file whole or not at all, with the same bytes on every system."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    partial.write_text(text, encoding="utf-8", newline="\n")
    patiently(partial.replace, path)
