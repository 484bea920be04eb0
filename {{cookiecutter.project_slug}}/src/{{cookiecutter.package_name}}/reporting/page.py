"""The report as a page: what the files say, drawn and laid out by page.html and parts/."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape

from ..splits import views
from ..stats.verdict import INVALID
from . import checklist, shown
from .cautions import cautions
from .drawn import draw
from .efficiency import PLACE, circumstances, costs
from .figures.outcomes import MOST_LABELS
from .lineage import commands, lineage
from .material import Material
from .mistakes import MOST_ERRORS, list_errors
from .templates import COMMON, templates_in

MOST_FOUND = 8  # slices that nobody declared; those that were confirmed are all shown
VERDICTS = {
    "better": "better than every baseline",
    "worse": "worse than a baseline",
    "no_difference": "no clear difference",
    "too_few_rows": "too few rows to conclude",
    INVALID: "invalid: no conclusion",
}


@dataclass(frozen=True)
class Part:
    """One section of the page, for its place in the table of contents too."""

    name: str  # its id, and that of its template
    title: str


def render(material: Material) -> str:
    """Return the page as HTML text: the same bytes for the same material."""
    return _templates().get_template("page.html").render(_contents(material))


def _contents(material: Material) -> dict[str, Any]:
    table, folds = material.table, views(material.manifest.folds, material.facts["fold"])
    found = material.efficiency or {}
    both = checklist.both(material)
    return {
        "material": material,
        "metrics": material.metrics,
        "verdict": VERDICTS[material.metrics["verdict"]],
        "cautions": cautions(material),
        "parts": parts(material),
        "primary": material.primary,
        "figures": draw(material),
        "errors": list_errors(table, material.prepared, material.manifest, folds),
        "most_errors": MOST_ERRORS,
        "numbered": len(table.classes) > MOST_LABELS,
        "wrong": int((~table.correct).sum()),
        "found_slices": found_slices(material.metrics["found_slices"]),
        "grid": grid(material.metrics.get("robustness"), material.regression),
        "costs": costs(found) if found else [],
        "circumstances": circumstances(found),
        "efficiency_place": PLACE,
        "lineage": lineage(material),
        "commands": commands(),
        "checklists": [(title, items, checklist.filled(items)) for title, items in both.items()],
        "definitions": checklist.definitions(material),
        "intervals": checklist.intervals(material),
    }


def _templates() -> Environment:
    templates = templates_in(COMMON)
    templates.filters |= {
        "shown": shown.shown,
        "spread": shown.spread,
        "probability": shown.probability,
        "counted": shown.counted,
        "code": code,
        "sentence": sentence,
    }
    return templates


def sentence(text: str) -> str:
    """Return ``text`` with a capital letter first, and the others as they are."""
    return text[:1].upper() + text[1:]


def code(text: str) -> Markup:
    """Return ``text`` with what stands in backticks as code, and everything else as it is."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704


def parts(material: Material) -> list[Part]:
    """Return the sections that there is something to say in, in order."""
    metrics = material.metrics
    listed = [
        ("comparison", "Comparison with baselines"),
        ("errors", "Errors"),
        ("trust", "Prediction intervals" if material.regression else "Calibration"),
        ("slices", "Slices"),
        ("robustness", "Robustness" if "robustness" in metrics else ""),
        ("behaviour", "Behaviour" if "behaviour" in metrics else ""),
        ("training", "Training"),
        ("cost", "Cost"),
        ("data", "Data"),
        ("gaps", "Not measured"),
        ("lineage", "Lineage"),
        ("checklists", "Reproducibility checklists"),
        ("reading", "How to read this"),
    ]
    return [Part(name, title) for name, title in listed if title]


def found_slices(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Return which found slices are shown, the surest first, and how many are not."""
    order = sorted(found, key=lambda entry: entry["p_value"])
    confirmed = [entry for entry in order if entry["confirmed"]]
    others = [entry for entry in order if not entry["confirmed"]]
    shown_ = [*confirmed, *others[: max(0, MOST_FOUND - len(confirmed))]]
    return {"shown": shown_, "more": len(found) - len(shown_), "confirmed": len(confirmed)}


def grid(robustness: dict[str, Any] | None, regression: bool) -> dict[str, Any]:
    """Return the cells of the robustness grid in rows, each with how bad it is from 0 to 1."""
    if robustness is None:
        return {}
    names = ("network", robustness["reference"])
    cells = robustness["cells"]
    worst = max(cell[name]["value"] for cell in cells for name in names) or 1.0
    rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for cell in cells:
        for name in names:
            value = cell[name]["value"]
            bad = value / worst if regression else 1 - value
            entry = {**cell[name], "bad": round(bad, 3)}
            rows.setdefault((cell["corruption"], name), []).append(entry)
    severities = list(dict.fromkeys(cell["severity"] for cell in cells))
    return {"severities": severities, "rows": rows}
