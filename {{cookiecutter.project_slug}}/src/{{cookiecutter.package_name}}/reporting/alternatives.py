"""What each figure says, in a sentence with its numbers: for those who do not see it."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from .figures.training import validated_metric
from .shown import NUMBER, POINTS, Measure, counted, shown, signed, with_spread

Entry = dict[str, Any]
Values = NDArray[np.floating]
MOST_CONFUSIONS = 5  # pairs that are named


def scores(values: Entry, measure: Measure) -> str:
    """Of the models beside each other."""
    each = [f"{name} {with_spread(entry, measure.how)}" for name, entry in values.items()]
    return f"{measure.label.capitalize()} of each model with its interval: {'; '.join(each)}."


def differences(found: Entry, how: str) -> str:
    """Of the paired differences."""
    unit = " points" if how == POINTS else ""
    each = [f"{name} {with_spread(entry, how)}{unit}" for name, entry in found.items()]
    return f"How far the network is ahead, with its interval, of {'; '.join(each)}."


def confusion(counts: NDArray[np.int64], classes: list[str]) -> str:
    """Of the confusion matrix."""
    right, rows = int(np.trace(counts)), int(counts.sum())
    wrong = counts - np.diag(np.diag(counts))
    places = np.argsort(-wrong, axis=None, kind="stable")[:MOST_CONFUSIONS]
    pairs = [divmod(int(place), len(classes)) for place in places]
    each = [
        f"{classes[row]} taken for {classes[column]}: {wrong[row, column]}"
        for row, column in pairs
        if wrong[row, column]
    ]
    most = f" Most frequent confusions: {'; '.join(each)}." if each else ""
    return (
        f"Confusion matrix of {counted(len(classes), 'class', 'classes')}: "
        f"{right:,} of {rows:,} rows are on the diagonal, which is right.{most}"
    )


def values(targets: Values, predicted: Values, half_width: float | None, how: str) -> str:
    """Of predictions over targets."""
    r = float(np.corrcoef(targets, predicted)[0, 1]) if _vary(targets, predicted) else float("nan")
    together = "" if np.isnan(r) else f", correlation {r:.2f}"
    spans = [
        f"{name} from {shown(float(column.min()), how)} to {shown(float(column.max()), how)}"
        for name, column in (("targets", targets), ("predictions", predicted))
    ]
    return (
        f"Predictions over targets of {counted(len(targets), 'row')}: {', '.join(spans)}{together}."
        f"{_inside(targets, predicted, half_width, how)}"
    )


def residuals(targets: Values, predicted: Values, half_width: float | None, how: str) -> str:
    """Of errors over predictions."""
    errors = predicted - targets
    mean, low, high = (
        shown(float(value), signed(how)) for value in (errors.mean(), errors.min(), errors.max())
    )
    return (
        f"Errors over predictions: on average {mean}, from {low} to {high}."
        f"{_inside(targets, predicted, half_width, how)}"
    )


def _vary(*columns: Values) -> bool:
    return all(len(column) > 1 and column.std() > 0 for column in columns)


def _inside(targets: Values, predicted: Values, half_width: float | None, how: str) -> str:
    if half_width is None:
        return ""
    inside = int((np.abs(predicted - targets) <= half_width).sum())
    return f" {inside:,} of {len(targets):,} lie within {shown(half_width, how)} of the target."


def reliability(error: Entry) -> str:
    """Of the reliability diagram and its histogram."""
    bins = error["bins"]
    names = ("confidence", "accuracy", "low", "high", "rows")
    off = [
        f"at {confidence:.0%} confidence {accuracy:.0%} are right"
        for confidence, accuracy, low, high, _ in zip(*(bins[n] for n in names), strict=True)
        if not low <= accuracy <= high
    ]
    told = f"outside of it: {'; '.join(off)}" if off else "none is outside of it"
    sure = sum(
        int(rows)
        for confidence, rows in zip(bins["confidence"], bins["rows"], strict=True)
        if confidence > 0.9
    )
    return (
        f"How often the network is right over how sure it is, in {len(bins['rows'])} bins, with "
        f"the band that true probabilities would give; {told}. {sure:,} of {error['rows']:,} rows "
        f"are in bins of more than 90% confidence. Calibration error {error['value']:.3f}, if true "
        f"{error['expected_if_true']:.3f} and in 95% of cases below {error['limit_if_true']:.3f}."
    )


def risk(selective: Entry) -> str:
    """Of risk over coverage."""
    kept = selective["accuracy_at_90"]
    return (
        f"Share of errors among the rows that are answered: {selective['risk'][-1]:.1%} of all "
        f"rows, {1 - kept['value']:.1%} when the tenth that the network is least sure of is left "
        "aside."
    )


def slices(found: list[tuple[str, Entry]], everywhere: float, measure: Measure) -> str:
    """Of the parts of the rows."""
    each = [f"{name} {with_spread(entry, measure.how)}" for name, entry in found]
    over_all = f"{measure.label.capitalize()} over all rows {shown(everywhere, measure.how)}"
    return f"{over_all}; of {'; '.join(each)}."


def corruption_errors(found: Entry, mean: Entry) -> str:
    """Of the corruption errors."""
    each = [f"{name} {with_spread(entry, NUMBER)}" for name, entry in found.items()]
    return (
        "Errors on corrupted rows as a multiple of the reference's, below 1 is better: "
        f"{'; '.join(each)}; mean {with_spread(mean, NUMBER)}."
    )


def degradation(cells: list[Entry], reference: str, how: str) -> str:
    """Of what each severity does."""
    each: list[str] = []
    for corruption in dict.fromkeys(cell["corruption"] for cell in cells):
        mine = [cell for cell in cells if cell["corruption"] == corruption]
        first, last = mine[0], mine[-1]
        ends = [
            f"{name} from {shown(first[name]['value'], how)} to {shown(last[name]['value'], how)}"
            for name in ("network", reference)
        ]
        each.append(f"{corruption}: {', '.join(ends)}")
    return f"From the least to the greatest severity, {'; '.join(each)}."


def losses(history: pl.DataFrame, best_epoch: int) -> str:
    """Of the losses."""
    ends = [
        f"{name} from {history[key][0]:.3g} to {history[key][-1]:.3g}"
        for key, name in (("train/loss", "training loss"), ("val/loss", "validation loss"))
    ]
    lowest = f"{history['val/loss'].min():.3g}"
    epochs = counted(len(history), "epoch")
    return f"Over {epochs} {', '.join(ends)}; lowest {lowest} in epoch {best_epoch + 1}."


def validation(history: pl.DataFrame, best_epoch: int) -> str:
    """Of the metric on validation rows."""
    name = validated_metric(history)
    column, label = history[name], name.removeprefix("val/")
    return (
        f"Validation {label} from {column[0]:.3g} to {column[-1]:.3g}, {column[best_epoch]:.3g} in "
        f"epoch {best_epoch + 1}, which was kept."
    )
