"""How numbers are written in the report and in the model card."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

PERCENT, POINTS, NUMBER = "percent", "points", ".3f"
AMOUNT_DIGITS = 4  # of the network's error; all amounts have as many decimals


@dataclass(frozen=True)
class Measure:
    """What is measured of a model, and how it is shown: "percent", or a number's format."""

    key: str  # in metrics.json
    label: str
    how: str
    definition: str


CLASSES = [
    Measure("accuracy", "accuracy", PERCENT, "share of rows whose likeliest class is the target"),
    Measure("macro_f1", "macro-F1", NUMBER, "mean over the classes of 2PR / (P + R)"),
    Measure("balanced_accuracy", "balanced accuracy", PERCENT, "mean of the classes' recall"),
    Measure("matthews", "Matthews' correlation", NUMBER, "of targets and predictions, at most 1"),
    Measure("auroc", "AUROC", NUMBER, "chance that the last class scores above the other one"),
    Measure("average_precision", "average precision", NUMBER, "mean at each row of the last class"),
    Measure("nll", "log loss", NUMBER, "mean of ln(1/p) of the target, p held above 0.000001"),
    Measure("brier", "Brier score", NUMBER, "mean squared distance to certainty, from 0 to 2"),
]
AMOUNT = "amount"  # until the values are known
VALUES = [
    Measure("mae", "mean absolute error", AMOUNT, "mean distance of prediction and target"),
    Measure("rmse", "root mean squared error", AMOUNT, "root of the mean squared distance"),
    Measure("r2", "R²", NUMBER, "share of the squared distance to the test mean that is explained"),
]


def measures_of(network: dict[str, Any]) -> list[Measure]:
    """Return the measures of a model, the primary one first; ``network`` has their values."""
    found: list[Measure] = []
    for one in [*CLASSES, *VALUES]:
        if one.key in network:
            how = amounts(network["mae"]["value"]) if one.how == AMOUNT else one.how
            found.append(Measure(one.key, one.label, how, one.definition))
    return found


def amounts(typical: float) -> str:
    """Return the format of amounts in the unit of ``typical``: all with as many decimals."""
    if not typical or not math.isfinite(typical) or not 1e-6 < abs(typical) < 1e9:
        return f".{AMOUNT_DIGITS - 1}e"
    return f",.{max(0, AMOUNT_DIGITS - 1 - math.floor(math.log10(abs(typical))))}f"


def signed(how: str) -> str:
    """Return the format of differences between what is shown ``how``."""
    return POINTS if how == PERCENT else f"+{how}"


def shown(value: float, how: str) -> str:
    """Return a number as text: "percent", "points" (of a share, with its sign), or as a format."""
    if how in (PERCENT, POINTS):
        text = f"{100 * value:.1f}%" if how == PERCENT else f"{100 * value:+.1f}"
    else:
        text = format(value, how)
    if not any(digit in text for digit in "123456789"):
        text = text.replace("-", "+" if "+" in how or how == POINTS else "")
    return text.replace("-", "\N{MINUS SIGN}")


def spread(entry: dict[str, Any], how: str) -> str:
    """Return the interval of ``entry`` as text."""
    low, high = shown(entry["low"], how), shown(entry["high"], how)
    return f"{low.removesuffix('%')} to {high}"


def with_spread(entry: dict[str, Any], how: str) -> str:
    """Return value and interval as text."""
    return f"{shown(entry['value'], how)} ({spread(entry, how)})"


def probability(p_value: float) -> str:
    """Return a p value as text."""
    return "< 0.001" if p_value < 0.001 else f"{p_value:.3f}"


def counted(number: int, thing: str, things: str | None = None) -> str:
    """Return a number and what it counts, in the plural where that is due."""
    return f"{number:,} {thing if number == 1 else things or f'{thing}s'}"


def listed(names: list[str], most: int = 5) -> str:
    """Return the first of ``names`` in a sentence, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
