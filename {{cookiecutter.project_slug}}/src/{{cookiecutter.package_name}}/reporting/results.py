"""The quantitative analyses of the model card: tables whose every number is claimed."""

from __future__ import annotations

from .claims import NO_CLAIM, claimed, name, plain, rows_of, table, with_interval
from .material import Material
from .shown import NUMBER, PERCENT, probability, shown

MOST_CLASSES = 100


def quantitative(material: Material) -> list[str]:
    """Return the lines of the section."""
    parts = [
        ("All rows", overall(material)),
        ("Against baselines", against(material)),
        ("Classes", classes(material)),
        ("Slices and groups", parts_of_rows(material)),
        ("Calibration", calibration(material)),
        ("Robustness", robustness(material)),
        ("Behaviour", behaviour(material)),
    ]
    lines: list[str] = []
    for title, body in parts:
        lines += ["", f"### {title}", "", *body] if body else []
    return lines


def overall(material: Material) -> list[str]:
    """Return each measure of the network with interval, rows and method."""
    metrics = material.metrics
    rows = [
        [
            one.label,
            with_interval(metrics, f"models.network.{one.key}", one.how),
            rows_of(metrics, f"models.network.{one.key}.rows"),
            material.network[one.key]["method"],
        ]
        for one in material.measures
    ]
    return table(["measure", "value and interval", "rows", "method"], rows)


def against(material: Material) -> list[str]:
    """Return how each model does, and how far the network is ahead of it."""
    metrics, primary = material.metrics, material.primary
    unit = "difference" if material.regression else "points"
    rows: list[list[str]] = []
    for model in material.order:
        value = with_interval(metrics, f"models.{model}.{primary.key}", primary.how)
        on_validation = f"{shown(material.validated(model), primary.how)} {NO_CLAIM}"
        if model == "network":
            rows.append([f"**{model}**", on_validation, value, "", "", ""])
            continue
        path = f"comparison.differences.{model}"
        ahead = with_interval(metrics, path, material.ahead)
        p_value = probability(material.differences[model]["p_adjusted"])
        count = rows_of(metrics, f"{path}.rows")
        rows.append([model, on_validation, value, ahead, count, p_value])
    head = ["model", "on validation", primary.label, f"ahead by ({unit})", "rows", "p, Holm"]
    best = f"The best baseline on validation is {material.best}. Differences are paired."
    return [best, "", *table(head, rows)]


def classes(material: Material) -> list[str]:
    """Return recall and precision of each class."""
    rows: list[list[str]] = []
    for place, entry in enumerate(material.metrics.get("classes", [])[:MOST_CLASSES]):
        cells = [
            with_interval(material.metrics, f"classes.{place}.{measure}", PERCENT)
            if entry[measure]
            else "too few rows"
            for measure in ("recall", "precision")
        ]
        count = rows_of(material.metrics, f"classes.{place}.rows")
        rows.append([name(entry["class"]), count, *cells])
    return table(["class", "rows", "recall", "precision"], rows) if rows else []


def parts_of_rows(material: Material) -> list[str]:
    """Return the measure on declared slices and sensitive groups; and found slices that hold."""
    metrics, primary = material.metrics, material.primary
    rows: list[list[str]] = []
    for key, label in (("slices", "name"), ("sensitive_groups", "group")):
        for place, entry in enumerate(metrics[key]):
            path = f"{key}.{place}"
            value = f"not measured: {plain(entry.get('why', ''))}"
            if entry["measured"]:
                value = with_interval(metrics, f"{path}.{primary.key}", primary.how)
            rows.append([name(entry[label]), rows_of(metrics, f"{path}.rows"), value])
    lines = table(["rows where", "rows", primary.label], rows) if rows else ["None is declared."]
    found = [
        f"- {name(entry['name'])}: mean error "
        f"{with_interval(metrics, f'found_slices.{place}.error', primary.how)} on "
        f"{rows_of(metrics, f'found_slices.{place}.rows')} validation rows"
        for place, entry in enumerate(metrics["found_slices"])
        if entry["confirmed"]
    ]
    told = "Found on one half of the validation rows and confirmed on the other:"
    return [*lines, "", told, "", *found] if found else lines


def calibration(material: Material) -> list[str]:
    """Return whether probabilities, or intervals around values, can be believed."""
    metrics = material.metrics
    if "calibration" in metrics:
        error, path = metrics["calibration"]["error"], "calibration.error"
        verdict = "more than chance explains" if error["miscalibrated"] else "no more than chance"
        value, true = (claimed(metrics, f"{path}.{k}", NUMBER) for k in ("value", "limit_if_true"))
        kept = with_interval(metrics, "calibration.selective.accuracy_at_90", PERCENT)
        return [
            f"- calibration error {value} on {rows_of(metrics, f'{path}.rows')} rows; true "
            f"probabilities stay below {true} in 95 of 100 cases: {verdict}",
            f"- accuracy on the surest nine tenths of the rows: {kept}",
        ]
    found, path = metrics["intervals_of_values"], "intervals_of_values"
    if found["half_width"] is None:
        return [f"Not measured: {plain(found['why'])}."]
    half = claimed(metrics, f"{path}.half_width", material.primary.how)
    return [
        f"Intervals of ± {half}, made to hold nine tenths of the targets, hold "
        f"{with_interval(metrics, f'{path}.coverage', PERCENT)} of "
        f"{rows_of(metrics, f'{path}.coverage.rows')}."
    ]


def robustness(material: Material) -> list[str]:
    """Return errors on corrupted rows, as a multiple of the reference's."""
    metrics = material.metrics
    if "robustness" not in metrics:
        return []
    found, path = metrics["robustness"], "robustness"
    rows = [
        [name(one), with_interval(metrics, f"{path}.corruption_errors.{one}", NUMBER)]
        for one in found["corruption_errors"]
    ]
    rows.append(["**mean**", with_interval(metrics, f"{path}.mean_corruption_error", NUMBER)])
    head = ["corruption", f"errors relative to {found['reference']}"]
    lines = [f"{rows_of(metrics, f'{path}.rows')} rows, five severities.", "", *table(head, rows)]
    if "relative_corruption_error" in found:
        lost = with_interval(metrics, f"{path}.relative_corruption_error", NUMBER)
        lines += ["", f"It loses {lost} times as much to corruptions as {found['reference']} does."]
    return lines


def behaviour(material: Material) -> list[str]:
    """Return on which share of rows each check held."""
    metrics = material.metrics
    rows = [
        [
            plain(entry["check"]),
            entry["kind"],
            {None: "", True: "passed", False: "**failed**"}[entry["passed"]],
            rows_of(metrics, f"behaviour.{place}.held.rows"),
            with_interval(metrics, f"behaviour.{place}.held", PERCENT),
        ]
        for place, entry in enumerate(metrics.get("behaviour", []))
    ]
    return table(["check", "kind", "must hold", "rows", "held"], rows) if rows else []
