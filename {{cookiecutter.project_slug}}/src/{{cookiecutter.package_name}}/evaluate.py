"""predictions -> reports/metrics.json: numbers with intervals, and whether a difference is real."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .config import Config
from .runtime.command import command
from .runtime.errors import UserError
from .runtime.files import Workspace, write_text

if TYPE_CHECKING:
    from .predictions import Predictions

SMALLEST_PROBABILITY = 1e-6  # a model that says 0 and errs would have an infinite log loss


@command
def main(config: Config, workspace: Workspace) -> None:
    """Compare the network with the baselines on the test split."""
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


def evaluate(
    test: dict[str, Predictions],
    validation: dict[str, Predictions],
    *,
    level: float,
    resamples: int,
    seed: int,
) -> dict[str, Any]:
    """Return metrics.json. Which baseline is the best is decided on validation."""
    from .stats.verdict import decide

    models = {name: describe(table, level, resamples, seed) for name, table in test.items()}
    differences = {
        name: compare(test["network"], table, level)
        for name, table in test.items()
        if name != "network"
    }
    best = max(differences, key=lambda name: validation[name].correct.mean())
    rows = len(test["network"].ids)
    verdict = decide(list(differences.values()), rows, level)
    return {
        "headline": headline(
            verdict, models["network"]["accuracy"], best, differences, rows, level
        ),
        "verdict": verdict,
        "level": level,
        "seed": seed,
        "test_set": {"rows": rows, "hash": table_hash(test["network"])},
        "models": models,
        "comparison": {"best_baseline": best, "accuracy_difference": differences},
    }


def describe(table: Predictions, level: float, resamples: int, seed: int) -> dict[str, Any]:
    """Return accuracy, macro-F1 and negative log likelihood of one model with their intervals."""
    import numpy as np

    from .stats.intervals import bootstrap_confusion, bootstrap_mean, macro_f1, wilson

    rows = len(table.ids)
    accuracy = wilson(int(table.correct.sum()), rows, level)
    f1 = bootstrap_confusion(table.confusion, macro_f1, resamples=resamples, level=level, seed=seed)
    given = table.probabilities[np.arange(rows), table.targets]
    losses = -np.log(np.maximum(given, SMALLEST_PROBABILITY))
    nll = bootstrap_mean(losses, resamples=resamples, level=level, seed=seed)
    return {"accuracy": accuracy.as_dict(), "macro_f1": f1.as_dict(), "nll": nll.as_dict()}


def compare(network: Predictions, baseline: Predictions, level: float) -> dict[str, Any]:
    """Return the paired difference in accuracy, network minus baseline, on the same rows."""
    from .stats.paired import bonett_price, mcnemar_mid_p

    if table_hash(network) != table_hash(baseline):
        raise UserError(
            "predictions of different rows cannot be compared. `uv run dvc repro` makes them anew, "
            "or `uv run baselines run=NAME` and `uv run score run=NAME` those of a run by hand."
        )
    gained = int((network.correct & ~baseline.correct).sum())
    lost = int((~network.correct & baseline.correct).sum())
    interval = bonett_price(gained, lost, len(network.ids), level)
    return {
        **interval.as_dict(),
        "gained": gained,
        "lost": lost,
        "p_value": mcnemar_mid_p(gained, lost),
    }


def headline(
    verdict: str,
    accuracy: dict[str, Any],
    best: str,
    differences: dict[str, Any],
    rows: int,
    level: float,
) -> str:
    """Say the result in one sentence that claims no more than the intervals do."""
    value, low, high = (f"{100 * accuracy[key]:.1f}" for key in ("value", "low", "high"))
    from .stats.verdict import FEWEST_ROWS

    shown, which = best, "the best of them on validation"
    if verdict == "worse":
        shown = min(differences, key=lambda name: differences[name]["high"])
        which = "the furthest ahead"
    points, least, most = (
        f"{100 * differences[shown][key]:+.1f}" for key in ("value", "low", "high")
    )
    claims = {
        "better": "it beats every baseline",
        "worse": "a baseline beats it",
        "no_difference": "no clear difference to the baselines",
        "too_few_rows": f"under {FEWEST_ROWS} rows, too few to call a winner",
    }
    return (
        f"The network is right on {value}% [{low}, {high}] of {rows} test rows; {claims[verdict]} "
        f"({points} points [{least}, {most}] against {shown}, {which}; "
        f"{100 * level:g}% intervals)."
    )


def summary(metrics: dict[str, Any]) -> dict[str, float]:
    """Return the few numbers that `dvc metrics show` and `dvc metrics diff` print in one line."""
    best = metrics["comparison"]["best_baseline"]
    network = {name: entry["value"] for name, entry in metrics["models"]["network"].items()}
    ahead = metrics["comparison"]["accuracy_difference"][best]["value"]
    return {"rows": metrics["test_set"]["rows"], **network, "ahead_of_best_baseline": ahead}


def confusion_csv(table: Predictions) -> str:
    """Return target and prediction of each row, for `dvc plots`."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["target", "prediction"])
    for target, predicted in zip(table.targets, table.predicted, strict=True):
        writer.writerow([table.classes[target], table.classes[predicted]])
    return stream.getvalue()


def table_hash(table: Predictions) -> str:
    """Return a hash of the ids and targets: the same for every model on the same test set."""
    digest = hashlib.blake2b(digest_size=16)
    for name, target in zip(table.ids, table.targets, strict=True):
        digest.update(f"{name}\n{table.classes[target]}\n".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
