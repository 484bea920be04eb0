"""How far the parts of the data differ, column by column: splits, or folds."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .association import chance_p_values, holm
from .data import TRAIN, ExplorationData
from .levels import MOST_LEVELS, count_tables, levels_of

FLOOR, FLOOR_STANDARDISED = 0.1, 0.2  # smaller differences are never flagged
DOUBT = 0.05  # nor are those with a p value, corrected for their number, above this


def compare_parts(data: ExplorationData) -> pd.DataFrame:
    """Compare every column's own distribution between parts; no relation to the target is used.

    Every part is compared with ``train``; folds each with all other rows. Rows of one group count
    once. Returns a row per column and part:

    - ``distance``: largest difference between shares of rows, from 0 to 1. For numbers it is
      Kolmogorov and Smirnov's (missing as the lowest value), else the total variation;
    - ``standardised``: difference of means in standard deviations; NaN for categories;
    - ``p_value``: of "the same distribution", corrected for all comparisons (Holm);
    - ``flag``: the p value is below 5 % and the difference large enough to matter.
    """
    data = data.independent
    split = data.split.astype(str).to_numpy()
    numbers = [*data.numbers, *([data.target] if data.is_regression else [])]
    others = [*data.categories, *([] if data.is_regression else [data.target])]
    parts = data.parts if len(data.parts) > 1 else []
    tables = []
    for part in [name for name in parts if name != TRAIN]:
        inside = split == part
        outside = split == TRAIN if TRAIN in parts else ~inside
        tables.append(_compare_numbers(data, numbers, inside, outside).assign(part=part))
        tables.append(_compare_categories(data, others, inside, outside).assign(part=part))
    if not tables:
        numbers_of = dict.fromkeys(["distance", "standardised", "p_value"], np.zeros(0))
        names_of = dict.fromkeys(["column", "part"], np.array([], dtype=str))
        return pd.DataFrame({**names_of, **numbers_of, "flag": np.zeros(0, np.bool_)})
    found = pd.concat(tables, ignore_index=True)
    found["part"] = pd.Categorical(found["part"], parts)
    found["p_value"] = holm(found["p_value"].to_numpy(np.float64))
    large = (found["distance"] >= FLOOR) | (found["standardised"].abs() >= FLOOR_STANDARDISED)
    found["flag"] = large & (found["p_value"] < DOUBT)
    return found.sort_values("distance", ascending=False, kind="stable", ignore_index=True)


def kolmogorov_smirnov(
    first: NDArray[np.float64], second: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Largest difference of the distribution functions of (columns, n) and (columns, m).

    NaN counts as the lowest value.
    """
    both = np.concatenate([first, second], axis=1)
    both[np.isnan(both)] = -np.inf
    order = np.argsort(both, axis=1)
    ordered = np.take_along_axis(both, order, axis=1)
    below = np.cumsum(order < first.shape[1], axis=1)
    others_below = np.arange(1, both.shape[1] + 1) - below
    gaps = np.abs(below / first.shape[1] - others_below / second.shape[1])
    last = np.ones(ordered.shape, dtype=np.bool_)
    last[:, :-1] = ordered[:, 1:] != ordered[:, :-1]  # within equal values there is no gap
    return np.where(last, gaps, 0).max(axis=1)


def _compare_numbers(
    data: ExplorationData,
    names: list[str],
    inside: NDArray[np.bool_],
    outside: NDArray[np.bool_],
) -> pd.DataFrame:
    from scipy.special import kolmogorov

    values = data.matrix(names)
    first, second = values[:, inside], values[:, outside]
    distance = kolmogorov_smirnov(first, second)
    size = first.shape[1] * second.shape[1] / values.shape[1]
    (mean, variance), (other_mean, other_variance) = map(_moments, (first, second))
    spread = np.sqrt((variance + other_variance) / 2)
    return pd.DataFrame(
        {
            "column": names,
            "distance": distance,
            "standardised": np.where(spread > 0, mean - other_mean, np.nan)
            / np.where(spread > 0, spread, 1.0),
            "p_value": kolmogorov(distance * np.sqrt(size)),
        }
    )


def _moments(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    known = np.isfinite(values)
    count = known.sum(axis=1)
    mean = np.where(known, values, 0).sum(axis=1) / np.maximum(count, 1)
    square = np.where(known, values - mean[:, None], 0) ** 2
    return np.where(count > 0, mean, np.nan), square.sum(axis=1) / np.maximum(count - 1, 1)


def _compare_categories(
    data: ExplorationData,
    names: list[str],
    inside: NDArray[np.bool_],
    outside: NDArray[np.bool_],
) -> pd.DataFrame:
    places = np.flatnonzero(inside | outside)
    part = inside[places].astype(np.int64)
    counts = np.zeros((len(names), MOST_LEVELS + 2, 2), dtype=np.int64)
    for place, name in enumerate(names):
        codes = levels_of(data.frame[name].iloc[places], bins=1).codes
        counts[place] = count_tables(codes[None], MOST_LEVELS + 2, part, 2)[0]
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return pd.DataFrame(
        {
            "column": names,
            "distance": np.abs(shares[..., 0] - shares[..., 1]).sum(axis=1) / 2,
            "standardised": np.nan,
            "p_value": chance_p_values(counts),
        }
    )
