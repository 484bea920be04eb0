"""Tables as they may come one day: four families at five severities."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ..schema import Manifest, Table

MISSING = (0.1, 0.2, 0.35, 0.5, 0.7)  # share of the values that are lost
NOISE = (0.1, 0.25, 0.5, 0.75, 1.0)  # standard deviation, in those of the training rows
COLUMNS = (0.1, 0.2, 0.3, 0.4, 0.5)  # share of the numbers that come in another unit
UNIT = (1.1, 1.25, 1.5, 2.54, 10.0)  # what they are multiplied by: inches for centimetres, ...
UNSEEN = (0.1, 0.2, 0.4, 0.7, 1.0)  # share of the categories that training never saw
LARGEST = float(np.finfo(np.float32).max)

Corruption = Callable[[Table, int, np.random.Generator, NDArray[np.float64]], Table]


def applicable(manifest: Manifest) -> list[str]:
    """Return the corruptions that the data can have: a table without categories has no new ones."""
    numbers, categories = manifest.numbers, len(manifest.features) - manifest.numbers
    lacking = {"noise": not numbers, "shifted scales": not numbers}
    lacking |= {"missing values": not numbers + categories, "unseen categories": not categories}
    return [name for name in CORRUPTIONS if not lacking[name]]


def corrupt(
    inputs: Table, name: str, severity: int, seed: int, manifest: Manifest, fold: int | None = None
) -> Table:
    """Return corrupted copies of rows.

    Args:
        inputs: float32 (rows, features): numbers, NaN where missing, then codes of categories.
        name: a key of CORRUPTIONS.
        severity: 1 to 5.
        seed: with name and severity it says what is drawn.
        manifest: of the prepared data.
        fold: whose training rows say how much a number varies.

    Raises:
        ValueError: for a severity that there is not.
    """
    if not 1 <= severity <= len(NOISE):
        raise ValueError(f"severity is {severity}: expected 1 to {len(NOISE)}")
    generator = np.random.default_rng([seed, severity, *name.encode()])
    std = np.array(manifest.statistics_of(fold).std)
    return CORRUPTIONS[name](inputs.copy(), severity - 1, generator, std)


def missing_values(
    table: Table, step: int, generator: np.random.Generator, std: NDArray[np.float64]
) -> Table:
    """Lose values, of numbers and of categories."""
    lost = generator.random(table.shape) < MISSING[step]
    lost_value = np.where(np.arange(table.shape[1]) < len(std), np.nan, 0).astype(np.float32)
    return np.where(lost, lost_value, table)


def noise(
    table: Table, step: int, generator: np.random.Generator, std: NDArray[np.float64]
) -> Table:
    """Add Gaussian noise to numbers, in proportion to how much each varies."""
    numbers = table[:, : len(std)]
    drawn = generator.standard_normal(numbers.shape) * (NOISE[step] * std)
    table[:, : len(std)] = (numbers + drawn).clip(-LARGEST, LARGEST)
    return table


def shifted_scales(
    table: Table, step: int, generator: np.random.Generator, std: NDArray[np.float64]
) -> Table:
    """Multiply some numbers, as if they came in another unit: in all rows the same ones."""
    del generator  # a higher severity has the columns of a lower one, and more
    count = max(1, round(COLUMNS[step] * len(std)))
    chosen = np.random.default_rng(0).permutation(len(std))[:count]
    values = table[:, chosen].astype(np.float64) * UNIT[step]
    table[:, chosen] = values.clip(-LARGEST, LARGEST)
    return table


def unseen_categories(
    table: Table, step: int, generator: np.random.Generator, std: NDArray[np.float64]
) -> Table:
    """Replace categories by ones that training never saw: code 0."""
    codes = table[:, len(std) :]
    codes[generator.random(codes.shape) < UNSEEN[step]] = 0
    return table


CORRUPTIONS: dict[str, Corruption] = {
    "missing values": missing_values,
    "noise": noise,
    "shifted scales": shifted_scales,
    "unseen categories": unseen_categories,
}
