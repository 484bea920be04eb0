"""Everything -> reports/report.html: one page that needs no other file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .config import Config
from .runtime.command import command
from .runtime.files import Workspace, write_text

if TYPE_CHECKING:
    from .predictions import Predictions

MOST_ERRORS = 24


@command
def main(config: Config, workspace: Workspace) -> None:
    """Write the report."""
    del config  # the report shows what is there
    page = render(
        metrics=json.loads(workspace.reads("reports/metrics.json").read_text("utf-8")),
        model=workspace.reads("models/network"),
        prepared=workspace.reads("data/prepared"),
        network=workspace.reads("predictions/network"),
        baselines=workspace.reads("predictions/baselines"),
        name=str(__package__),
    )
    with workspace.publishes("reports/report.html") as file:
        write_text(file, page)
    print(f"report: {workspace.output / 'reports/report.html'}")


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
    import polars as pl
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from .predictions import Predictions
    from .reporting import figures
    from .schema import Manifest

    facts = json.loads((model / "model.json").read_text("utf-8"))
    history = pl.read_csv(model / "history.csv")
    table = Predictions.load(network / "test.parquet")
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "reporting"),
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
    from .arrays import load_split
    from .schema import as_html

    rows = load_split(prepared, "test")
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


if __name__ == "__main__":
    main()
