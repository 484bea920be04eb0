"""predictions -> reports/metrics.json: numbers with intervals, and whether a difference is real."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .config import Config
from .runtime.command import command
from .runtime.errors import UserError
from .runtime.files import Workspace, write_text

if TYPE_CHECKING:
    from .predictions import Predictions


@command
def main(config: Config, workspace: Workspace) -> None:
    """Compare the network with the baselines on the test split."""
    from .measures.confusion import confusion_csv
    from .tracking.tracker import Tracker

    level, resamples, seed = config.evaluation.level, config.evaluation.resamples, config.seed
    network, baselines = (
        workspace.reads("predictions/network"),
        workspace.reads("predictions/baselines"),
    )
    folders = {"network": network} | {path.name: path for path in sorted(baselines.glob("*/"))}
    test, validation = load(folders, "test"), load(folders, "val")
    metrics = evaluate(test, validation, level=level, resamples=resamples, seed=seed)
    with workspace.publishes("reports/confusion.csv") as file:
        write_text(file, confusion_csv(test["network"]))
    with workspace.publishes("reports/summary.json") as file:
        write_text(file, json.dumps(summary(metrics), indent=1) + "\n")
    with workspace.publishes("reports/metrics.json") as file:
        write_text(file, json.dumps(metrics, indent=1) + "\n")
    print(f"evaluate: {metrics['headline']}")
    with Tracker(config.tracking, workspace, "evaluate") as tracker:
        tracker.join(workspace.reads("models/network"))
        tracker.log(
            {f"test/{name}": entry["value"] for name, entry in metrics["models"]["network"].items()}
        )


def load(folders: dict[str, Path], split: str) -> dict[str, Predictions]:
    """Read the predictions of every model for one split."""
    from .predictions import Predictions

    return {name: Predictions.load(folder / f"{split}.parquet") for name, folder in folders.items()}


def measures_of(table: Predictions) -> ModuleType:
    """Return the module that measures this kind of target."""
    from .measures import classification, regression

    return classification if table.classes else regression


def evaluate(
    test: dict[str, Predictions],
    validation: dict[str, Predictions],
    *,
    level: float,
    resamples: int,
    seed: int,
) -> dict[str, Any]:
    """Return metrics.json. Which baseline is the best is decided on validation."""
    from .measures.folds import test_share_of
    from .measures.headline import headline
    from .stats.verdict import decide

    network = test["network"]
    measures = measures_of(network)
    how: dict[str, Any] = {"level": level, "resamples": resamples, "seed": seed}
    test_share = test_share_of(network, validation["network"])
    differences: dict[str, dict[str, Any]] = {}
    for name in (name for name in test if name != "network"):
        require_same_rows(network, test[name])
        differences[name] = measures.compare(network, test[name], test_share=test_share, **how)
    rows, folds = len(network.ids), 0 if network.fold is None else int(network.fold.max()) + 1
    metrics: dict[str, Any] = {
        "verdict": decide(list(differences.values()), rows, level),
        "level": level,
        "seed": seed,
        "test_set": {"rows": rows, "folds": folds, "hash": table_hash(network)},
        "models": {name: measures.describe(table, **how) for name, table in test.items()},
        "comparison": {
            "metric": measures.PRIMARY,
            "best_baseline": max(differences, key=lambda n: measures.quality(validation[n])),
            "differences": differences,
        },
    }
    return {"headline": headline(metrics)} | metrics


def require_same_rows(network: Predictions, baseline: Predictions) -> None:
    """Refuse to compare predictions of different rows."""
    if table_hash(network) != table_hash(baseline):
        raise UserError(
            "predictions of different rows cannot be compared. `uv run dvc repro` makes them anew, "
            "or `uv run baselines run=NAME` and `uv run score run=NAME` those of a run by hand."
        )


def summary(metrics: dict[str, Any]) -> dict[str, float]:
    """Return the few numbers that `dvc metrics show` and `dvc metrics diff` print in one line."""
    best = metrics["comparison"]["best_baseline"]
    network = {name: entry["value"] for name, entry in metrics["models"]["network"].items()}
    ahead = metrics["comparison"]["differences"][best]["value"]
    return {"rows": metrics["test_set"]["rows"], **network, "ahead_of_best_baseline": ahead}


def table_hash(table: Predictions) -> str:
    """Return a hash of the ids and targets: the same for every model on the same test set."""
    names = table.classes
    targets = [names[number] for number in table.targets] if names else table.targets.tolist()
    digest = hashlib.blake2b(digest_size=16)
    for name, target in zip(table.ids, targets, strict=True):
        digest.update(f"{name}\n{target}\n".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
