"""The report as a page: what the files say, drawn and laid out by page.html."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..arrays import load_split
from ..predictions import Predictions
from ..runtime.errors import UserError
from ..schema import Manifest, as_html
from ..splits import views
from . import figures

MOST_ERRORS = 24
MEASURES = {  # what it is called, and how it is shown
    "accuracy": ("accuracy", "percent"),
    "macro_f1": ("macro-F1", "number"),
    "balanced_accuracy": ("balanced accuracy", "percent"),
    "matthews": ("Matthews' correlation", "number"),
    "nll": ("log loss", "number"),
    "brier": ("Brier score", "number"),
    "mae": ("mean absolute error", "amount"),
    "rmse": ("root mean squared error", "amount"),
    "r2": ("R²", "number"),
}


def render(
    *,
    metrics: dict[str, Any],
    leaks: list[dict[str, Any]],
    model: Path,
    prepared: Path,
    network: Path,
    baselines: Path,
    name: str,
) -> str:
    """Return the page as HTML text."""
    facts = json.loads((model / "model.json").read_text("utf-8"))
    history = pl.read_csv(model / "history.csv")
    table = Predictions.load(network / "test.parquet")
    manifest = Manifest.load(prepared)
    primary = metrics["comparison"]["metric"]
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
    )
    measures = [(key, *MEASURES[key]) for key in metrics["models"]["network"]]
    templates.filters["shown"] = partial(_shown, primary)
    ahead = metrics["comparison"]["differences"]
    return templates.get_template("page.html").render(
        name=name,
        metrics=metrics,
        leaks=leaks,
        model=facts,
        manifest=manifest,
        regression=not table.classes,
        measures=measures,
        order=sorted(metrics["models"], key=lambda n: ahead[n]["value"] if n in ahead else 0.0),
        tuning=how_tuned(json.loads((baselines / "tuning.json").read_text("utf-8"))),
        scores=figures.as_svg(figures.scores, metrics["models"], primary, MEASURES[primary][0]),
        curves=figures.as_svg(figures.learning_curves, history, facts["best_epoch"]),
        outcomes=draw_outcomes(table),
        errors=list_errors(table, prepared, manifest, views(manifest.folds, facts["fold"])),
        most_errors=MOST_ERRORS,
        wrong=int((~table.correct).sum()),
    )


def how_tuned(tuning: dict[str, list[dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    """Return the facts of each baseline; of one that was tuned in several folds, the first's."""
    return {
        name: facts[0] | {"converged": all(entry["converged"] for entry in facts)}
        for name, facts in tuning.items()
    }


def draw_outcomes(table: Predictions) -> str:
    """Return predictions against targets as SVG text: a confusion matrix, or points."""
    if table.classes:
        return figures.as_svg(figures.confusion_matrix, table.confusion, table.classes)
    return figures.as_svg(figures.predicted_values, table.targets, table.predicted)


def list_errors(
    table: Predictions, prepared: Path, manifest: Manifest, folds: list[int | None]
) -> list[dict[str, Any]]:
    """Return the worst errors, each with its row: those that the model was surest of, or largest.

    The table is of the test rows of ``folds``, one after the other.

    Raises:
        UserError: when ``table`` is of other rows than ``prepared`` holds.
    """
    parts = [load_split(prepared, "test", fold) for fold in folds]
    if [name for part in parts for name in part.ids] != table.ids:
        raise UserError(
            "predictions/network is of other rows than data/prepared now holds. Score again, in "
            "the same run."
        )
    inputs = [row for part in parts for row in part.inputs]
    confidence = table.outputs.max(axis=1) if table.classes else np.abs(table.errors)
    wrong = np.flatnonzero(~table.correct)
    return [
        {
            "id": table.ids[row],
            "picture": as_html(inputs[row], manifest),
            "target": _named(table, table.targets[row]),
            "predicted": _named(table, table.predicted[row]),
            "confidence": float(confidence[row]),
        }
        for row in sorted(wrong, key=lambda row: -confidence[row])[:MOST_ERRORS]
    ]


def _named(table: Predictions, value: Any) -> str:
    return table.classes[value] if table.classes else f"{value:.4g}"


def _shown(primary: str, value: float, how: str) -> str:
    if how == "ahead":
        return f"{100 * value:+.1f}" if primary == "accuracy" else f"{value:+.3g}"
    return {"percent": f"{value:.1%}", "number": f"{value:.3f}", "amount": f"{value:.4g}"}[how]
