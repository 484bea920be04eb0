"""predictions -> reports/metrics.json: numbers with intervals, and whether a difference is real."""

from __future__ import annotations

import json
from typing import Any

from .config import Config
from .runtime.command import command
from .runtime.files import Workspace, write_text


@command
def main(config: Config, workspace: Workspace) -> None:
    """Compare the network with the baselines on the test split."""
    from .measures.confusion import confusion_csv
    from .measures.evaluation import evaluate
    from .measures.tables import load_evidence, outputs_hash
    from .records import looks
    from .tracking.tracker import Tracker

    evidence = load_evidence(
        workspace.reads("predictions/network"), workspace.reads("predictions/baselines")
    )
    metrics = evaluate(evidence, config.evaluation, config.seed)
    with workspace.publishes("reports/confusion.csv") as file:
        write_text(file, confusion_csv(evidence.network))
    with workspace.publishes("reports/summary.json") as file:
        write_text(file, json.dumps(summary(metrics), indent=1) + "\n")
    with workspace.publishes("reports/metrics.json") as file:
        write_text(file, json.dumps(metrics, indent=1, allow_nan=False) + "\n")
    print(f"evaluate: {metrics['headline']}")
    of = "pipeline" if workspace.output == workspace.project else workspace.output.name
    test_set, predictions = metrics["test_set"]["hash"], outputs_hash(evidence.network)
    looked = looks.note_look(workspace.project, test_set, predictions, of)
    for warning in [*warnings(metrics), looks.warning(looked)]:
        if warning:
            print(f"evaluate: {warning}")
    with Tracker(config.tracking, workspace, "evaluate") as tracker:
        tracker.join(workspace.reads("models/network"))
        tracker.log(
            {f"test/{name}": entry["value"] for name, entry in metrics["models"]["network"].items()}
        )


def summary(metrics: dict[str, Any]) -> dict[str, float]:
    """Return the few numbers that `dvc metrics show` and `dvc metrics diff` print in one line."""
    best = metrics["comparison"]["best_baseline"]
    network = {name: entry["value"] for name, entry in metrics["models"]["network"].items()}
    ahead = metrics["comparison"]["differences"][best]["value"]
    return {"rows": metrics["test_set"]["rows"], **network, "ahead_of_best_baseline": ahead}


def warnings(metrics: dict[str, Any]) -> list[str]:
    """Return what a reader of the headline alone should also know."""
    found: list[str] = []
    broken = [e["check"] for e in metrics.get("behaviour", []) if e["passed"] is False]
    if broken:
        found.append(f"behaves as it must not: {', '.join(broken)}")
    if metrics.get("calibration", {}).get("error", {}).get("miscalibrated"):
        found.append("its probabilities are off by more than chance; see calibration in the report")
    weak = [entry["name"] for entry in metrics["found_slices"] if entry["confirmed"]]
    if weak:
        found.append(f"errs more where {'; where '.join(weak)} (found and confirmed on validation)")
    return found


if __name__ == "__main__":
    main()
