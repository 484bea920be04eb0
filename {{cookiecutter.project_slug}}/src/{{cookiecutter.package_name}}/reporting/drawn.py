"""The figures of one report, each with a sentence that says what it shows."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup
from matplotlib.figure import Figure

from . import alternatives as told
from .drawing import as_svg
from .figures import comparison, outcomes, parts, training, trust
from .material import Material

Figures = dict[str, Markup]
MOST_SLICES = 20  # in a figure; the table has more


def draw(material: Material) -> Figures:
    """Return every figure that the material has values for, as SVG, by its name in page.html."""
    found = _comparison(material) | _outcomes(material) | _training(material)
    found |= _trust(material) | _slices(material)
    if "robustness" in material.metrics:
        found |= _robustness(material)
    return found


def _svg(alternative: str, function: Callable[..., Figure], *values: object) -> Markup:
    return Markup(as_svg(function, *values, alternative=alternative))  # noqa: S704 - escaped there


def _comparison(material: Material) -> Figures:
    primary, order = material.primary, material.order
    values = {name: material.metrics["models"][name][primary.key] for name in order}
    found = {name: material.differences[name] for name in order if name != "network"}
    shares = not material.regression
    drawn = (found, material.margins, shares, material.concluded)
    scores = (values, primary.label, shares)
    return {
        "scores": _svg(told.scores(values, primary), comparison.scores, *scores),
        "differences": _svg(
            told.differences(found, material.ahead), comparison.differences, *drawn
        ),
    }


def _outcomes(material: Material) -> Figures:
    table = material.table
    if table.classes:
        alternative = told.confusion(table.confusion, table.classes)
        drawn = _svg(alternative, outcomes.confusion_matrix, table.confusion, table.classes)
        return {"confusion": drawn}
    half, how = material.metrics["intervals_of_values"]["half_width"], material.primary.how
    values = (table.targets, table.predicted, half)
    return {
        "values": _svg(told.values(*values, how), outcomes.predicted_values, *values),
        "residuals": _svg(told.residuals(*values, how), outcomes.residuals, *values),
    }


def _training(material: Material) -> Figures:
    values = (material.history, material.facts["best_epoch"])
    return {
        "losses": _svg(told.losses(*values), training.losses, *values),
        "validation": _svg(told.validation(*values), training.validation, *values),
    }


def _trust(material: Material) -> Figures:
    found = material.metrics.get("calibration")
    if not found:
        return {}
    error, selective = found["error"], found["selective"]
    return {
        "reliability": _svg(told.reliability(error), trust.reliability, error["bins"]),
        "risk": _svg(told.risk(selective), trust.risk_coverage, selective),
    }


def _slices(material: Material) -> Figures:
    primary = material.primary
    declared = [(entry["name"], entry) for entry in material.metrics["slices"]]
    groups = [(entry["group"], entry) for entry in material.metrics["sensitive_groups"]]
    measured = [(n, e[primary.key]) for n, e in [*declared, *groups] if e["measured"]]
    shown = measured[:MOST_SLICES]
    if not shown:
        return {}
    everywhere = material.network[primary.key]["value"]
    alternative = told.slices(shown, everywhere, primary)
    drawn = (shown, everywhere, primary.label, not material.regression)
    return {"slices": _svg(alternative, parts.slices, *drawn)}


def _robustness(material: Material) -> Figures:
    found = material.metrics["robustness"]
    errors, mean = found["corruption_errors"], found["mean_corruption_error"]
    shares = not material.regression
    cells = (found["cells"], found["reference"])
    how = material.primary.how
    return {
        "degradation": _svg(told.degradation(*cells, how), parts.degradation, *cells, shares),
        "corruption_errors": _svg(
            told.corruption_errors(errors, mean), parts.corruption_errors, errors, mean
        ),
    }
