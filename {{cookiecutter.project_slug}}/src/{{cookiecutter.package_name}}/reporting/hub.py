"""The front matter of the model card: metadata as the Hugging Face hub reads them."""

from __future__ import annotations

from typing import Any

from ..stats.verdict import INVALID
from .material import Material

TASKS = {
    ("images", False): "image-classification",
    ("table", False): "tabular-classification",
    ("table", True): "tabular-regression",
}
METRICS = {  # what the hub calls them
    "accuracy": "accuracy",
    "macro_f1": "f1",
    "balanced_accuracy": "balanced_accuracy",
    "matthews": "matthews_correlation",
    "auroc": "roc_auc",
    "average_precision": "average_precision",
    "nll": "log_loss",
    "brier": "brier_score",
    "mae": "mae",
    "rmse": "rmse",
    "r2": "r_squared",
}


def metadata(material: Material) -> dict[str, Any]:
    """Return license, library, task and results."""
    kind = material.facts["signature"]["input"]["name"]
    task = TASKS.get((kind, material.regression), "other")
    found: dict[str, Any] = {}
    if material.answers["license"]:
        found["license"] = material.answers["license"].lower()
    found["library_name"] = "pytorch"
    if task != "other":
        found["pipeline_tag"] = task
    found["tags"] = ["pytorch", material.name]
    if not material.concluded:
        found["tags"].append("no-conclusion")
    found["metrics"] = [METRICS[one.key] for one in material.measures]
    result = {
        "task": {"type": task, "name": task.replace("-", " ")},
        "dataset": {
            "type": material.name,
            "name": material.manifest.summary,
            "split": "folds" if material.metrics["test_set"]["folds"] else "test",
            "args": {"hash": material.metrics["test_set"]["hash"]},
        },
        "metrics": [_result(material, one.key, one.label) for one in material.measures],
    }
    if material.metrics["verdict"] == INVALID:
        return found  # no result for a leaderboard
    return found | {"model-index": [{"name": material.name, "results": [result]}]}


def front_matter(material: Material) -> str:
    """Return the metadata between two lines of dashes."""
    import yaml

    text = yaml.safe_dump(metadata(material), sort_keys=False, allow_unicode=True, width=100)
    return f"---\n{text}---\n"


def _result(material: Material, key: str, label: str) -> dict[str, Any]:
    entry = material.network[key]
    kept = {name: entry[name] for name in ("low", "high", "rows", "method")}
    args = {"level": material.metrics["level"], **kept}
    if key == "macro_f1":
        args["average"] = "macro"
    return {"type": METRICS[key], "name": label, "value": entry["value"], "args": args}
