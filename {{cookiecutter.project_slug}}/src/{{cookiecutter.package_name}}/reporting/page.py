"""The report as a page: what the files say, drawn and laid out by page.html."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..arrays import load_split
from ..predictions import Predictions
from ..runtime.errors import UserError
from ..schema import Manifest, as_html
from . import figures

MOST_ERRORS = 24


def render(
    *,
    metrics: dict[str, Any],
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
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
    )
    templates.filters["percent"] = "{:.1%}".format
    templates.filters["points"] = _points
    return templates.get_template("page.html").render(
        name=name,
        metrics=metrics,
        model=facts,
        manifest=Manifest.load(prepared),
        tuning=json.loads((baselines / "tuning.json").read_text("utf-8")),
        accuracies=figures.as_svg(figures.accuracies, metrics["models"]),
        curves=figures.as_svg(figures.learning_curves, history, facts["best_epoch"]),
        confusion=figures.as_svg(figures.confusion_matrix, table.confusion, table.classes),
        errors=list_errors(table, prepared),
        most_errors=MOST_ERRORS,
        wrong=int((~table.correct).sum()),
    )


def list_errors(table: Predictions, prepared: Path) -> list[dict[str, Any]]:
    """Return the errors that the model was surest of, each with its picture."""
    rows = load_split(prepared, "test")
    if rows.ids != table.ids:
        raise UserError(
            "predictions/network is of other rows than data/prepared now holds. Score again, in "
            "the same run."
        )
    confidence = table.probabilities.max(axis=1)
    wrong = sorted((~table.correct).nonzero()[0], key=lambda row: -confidence[row])
    return [
        {
            "id": table.ids[row],
            "picture": as_html(rows.inputs[row]),
            "target": table.classes[table.targets[row]],
            "predicted": table.classes[table.predicted[row]],
            "confidence": float(confidence[row]),
        }
        for row in wrong[:MOST_ERRORS]
    ]


def _points(share: float) -> str:
    return f"{100 * share:+.1f}"
