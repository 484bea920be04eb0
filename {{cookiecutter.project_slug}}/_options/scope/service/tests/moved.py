"""A small MLflow to bring somewhere: runs, models, and a registry with its names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from mlflow import MlflowClient
from mlflow.entities import LoggedModelOutput
from tracked import history

from {{ cookiecutter.package_name }}.config import Tracking
from {{ cookiecutter.package_name }}.gate.registry import (
    CHALLENGER,
    CHAMPION,
    Registry,
    Version,
)
from {{ cookiecutter.package_name }}.tracking.lineage import file_hash

NAME = "models"
START = 1_700_000_000_000


class Filled:
    """Logs and registers models by hand, as training and the gate do.

    Args:
        uri: of the MLflow.
        folder: for files on their way.
    """

    def __init__(self, uri: str, folder: Path) -> None:
        self.uri, self.folder = uri, folder
        self.client = MlflowClient(uri)
        self.registry = Registry(Tracking(True, uri, "default", 2.0), folder, NAME)

    def run(self, name: str, **tags: str) -> str:
        """A run with values, an artifact and a time of its own."""
        known = self.client.get_experiment_by_name("default")
        experiment = known.experiment_id if known else self.client.create_experiment("default")
        made = self.client.create_run(experiment, START, {"journal": name, **tags}, name)
        run = made.info.run_id
        self.client.log_param(run, "seed", name)
        for step in range(5):
            self.client.log_metric(run, "val/loss", 1 / (step + 1), START + step, step)
        self.client.log_text(run, f"code of {name}", "code/diff.txt")
        self.client.set_terminated(run, "FINISHED", START + 60_000)
        return run

    def model(self, name: str) -> Version:
        """A run whose model is registered, with what the gate keeps of it."""
        run = self.run(name)
        weights = self.folder / name / "data/network/state.ckpt"
        weights.parent.mkdir(parents=True)
        weights.write_text(f"weights of {name}", "utf-8")
        model_hash = file_hash(weights)
        experiment = self.client.get_run(run).info.experiment_id
        made = self.client.create_logged_model(experiment, "model", run, {"hash": model_hash})
        facts = {"model_id": made.model_id, "run_id": run}
        (self.folder / name / "MLmodel").write_text(yaml.safe_dump(facts), "utf-8")
        self.client.log_model_artifacts(made.model_id, str(self.folder / name))
        self.client.finalize_logged_model(made.model_id, "READY")
        self.client.log_outputs(run, [LoggedModelOutput(made.model_id, 0)])
        version = self.registry.register(model_hash)
        evidence = self.folder / f"evidence of {name}"
        evidence.mkdir()
        (evidence / "test.parquet").write_text(f"predictions of {name}", "utf-8")
        self.registry.keep_evidence(version, evidence)
        return version

    def promote(self, version: Version) -> None:
        """Put a version into use, as the gate does."""
        before, anchor = self.registry.in_use(CHAMPION), self.registry.anchor()
        tags = {"previous_champion": before.number if before else ""}
        tags |= {"previous_anchor": anchor.number if anchor else "", "verdict": "promote"}
        self.registry.tag(version, tags)
        self.registry.point(CHALLENGER, version)
        self.registry.point(CHAMPION, version)
        self.registry.set_anchor(version.number)

    def seen(self) -> dict[str, Any]:
        """All that is known of each run, by its name, and that is the same wherever it is."""
        found: dict[str, Any] = {}
        experiments = [one.experiment_id for one in self.client.search_experiments()]
        for run in self.client.search_runs(experiments):
            file = self.client.download_artifacts(run.info.run_id, "code/diff.txt")
            found[str(run.info.run_name)] = {
                "parameters": run.data.params,
                "values": history(self.client, run),
                "ended": (run.info.status, run.info.start_time, run.info.end_time),
                "file": Path(file).read_text("utf-8"),
            }
        return found

    def versions(self) -> list[tuple[str, str, str]]:
        """Number, hash and verdict of each version."""
        found = self.client.search_model_versions(f"name = '{NAME}'")
        return sorted(
            (str(one.version), one.tags["model_hash"], one.tags.get("verdict", "")) for one in found
        )
