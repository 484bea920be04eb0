"""How much each column alone says of the target, and how much of that chance would say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .correlation import rank_correlation
from .data import ExplorationData
from .levels import MOST_LEVELS, bin_codes, count_tables, inner, levels_of, quantiles, target_levels

DRAWS = 1000  # of a table under chance
MOST_TESTED = 300  # columns; of more, those that seem to say the most
NOISE = 0.05  # columns above this p value, corrected for their number, are noise
HEIGHT = MOST_LEVELS + 2  # levels of a column: with those that are rare, and those missing


def associate(data: ExplorationData) -> pd.DataFrame:
    """Relate every feature to the target, in the training rows only (one per group).

    Numbers are cut into bins of equal counts, so that any shape of relation counts; missing is a
    level. Returns a row per feature, the strongest first, with the columns

    - ``association``: mutual information over the target's entropy, both less what chance gives:
      0 knows nothing, 1 decides the target (adjusted as in Vinh, Epps & Bailey 2010);
    - ``chance``: what 95 % of noise of the same distribution stay below, on the same scale;
    - ``direction``: rank correlation with the target; NaN for more than two classes;
    - ``p_value``: of "independent of the target", corrected for the number of columns (Holm);
    - ``noise``: whether that is above 5 %.
    """
    train = data.train.independent
    rows = len(train.frame)
    bins = 3 if rows < 100 else 10 if rows < 2000 else 20
    target = target_levels(train, min(bins, 10 if rows > 1000 else 5))
    names, counts = tables_with(train, target.codes, len(target.names), bins)
    told = information(counts)
    noise = chance(counts, told)
    shares = target.counts[target.counts > 0] / rows
    entropy = float(-(shares * np.log(shares)).sum())
    room = np.maximum(entropy - noise.mean, 1e-12)
    found = pd.DataFrame(
        {
            "association": np.clip((told - noise.mean) / room, 0, 1) if entropy > 0 else 0.0,
            "chance": (noise.high - noise.mean) / room,
            "direction": _direction(train, names),
            "p_value": holm(noise.tail(told)),
        },
        index=pd.Index(names, name="column"),
    )
    found["noise"] = found["p_value"] > NOISE
    return found.sort_values("association", ascending=False, kind="stable")


def tables_with(
    data: ExplorationData, others: NDArray[np.int64], width: int, bins: int
) -> tuple[list[str], NDArray[np.int64]]:
    """Names of the features, and rows per level of each and code of ``others``.

    Returns:
        counts (features, levels, width); the levels that a feature does not have are 0.
    """
    values = data.matrix(data.numbers)
    codes = bin_codes(values, quantiles(values, inner(bins)))
    parts = [count_tables(codes, HEIGHT, others, width)]
    for name in data.categories:
        levels = levels_of(data.frame[name], bins)
        parts.append(count_tables(levels.codes[None], HEIGHT, others, width))
    order = {name: place for place, name in enumerate([*data.numbers, *data.categories])}
    return data.features, np.concatenate(parts)[[order[name] for name in data.features]]


def information(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Mutual information of tables (..., levels, width), in nats."""
    from scipy.special import xlogy

    rows = np.maximum(counts.sum(axis=(-2, -1)), 1)
    cells = xlogy(counts, counts).sum(axis=(-2, -1))
    sides = sum(xlogy(side, side).sum(axis=-1) for side in (counts.sum(-1), counts.sum(-2)))
    return np.maximum((cells - sides) / rows + np.log(rows), 0.0)


@dataclass(frozen=True)
class Chance:
    """What information tables have when rows and columns are independent: moments by table.

    Attributes:
        mean, spread, skewness: of the information, (tables,); spread is NaN where not looked at.
        high: 95 % stay below.
    """

    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    skewness: NDArray[np.float64]
    high: NDArray[np.float64]

    def tail(self, told: NDArray[np.float64]) -> NDArray[np.float64]:
        """P values of ``told``, from the gamma distribution of these moments (Pearson III).

        Counting draws cannot tell values below 1 in 1,000. Two moments are too few where levels
        or classes are rare: one in 300 was found ten times too often.
        """
        from scipy.special import gammaincc

        varies = self.spread > 0  # not where it is NaN
        distance = (told - self.mean) / np.where(varies, self.spread, 1.0)
        skewness = np.maximum(np.where(varies, self.skewness, 0.0), 1e-3)
        shape = 4 / skewness**2
        tail = gammaincc(shape, np.maximum(shape + 2 * distance / skewness, 0))
        return np.where(varies, tail, 1.0)


def chance(counts: NDArray[np.int64], told: NDArray[np.float64]) -> Chance:
    """What information ``counts`` (tables, levels, width) would have with the target permuted.

    A permutation leaves the sums of a table as they are, so tables with these sums are drawn
    instead of permutations of rows: the same distribution, at a cost that does not grow with rows.
    Of many tables only the ``MOST_TESTED`` that are furthest above chance are looked at; the others
    get the mean that large samples have.
    """
    from scipy.stats import random_table

    levels, width = (counts.sum(axis=2) > 0).sum(axis=1), (counts.sum(axis=1) > 0).sum(axis=1)
    rows = np.maximum(counts.sum(axis=(1, 2)), 1)
    mean = (levels - 1) * (width - 1) / (2 * rows)
    spread, skewness, high = np.full((3, len(counts)), np.nan)
    known: dict[bytes, NDArray[np.float64]] = {}
    for place in np.argsort(mean - told, kind="stable")[:MOST_TESTED]:
        sides = [np.sort(counts[place].sum(axis=axis)) for axis in (1, 0)]
        sides = [side[side > 0] for side in sides]
        if min(map(len, sides)) < 2:  # nothing to permute
            continue
        key = b"|".join(side.tobytes() for side in sides)
        if key not in known:
            tables = random_table(*sides).rvs(DRAWS, random_state=np.random.default_rng(0))
            known[key] = information(np.asarray(tables, dtype=np.int64))
        drawn = known[key]
        mean[place], spread[place] = drawn.mean(), drawn.std()
        cubes = ((drawn - drawn.mean()) ** 3).mean()
        skewness[place] = cubes / max(drawn.std() ** 3, 1e-300)
        high[place] = np.quantile(drawn, 0.95)
    return Chance(mean, spread, skewness, high)


def chance_p_values(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """P values of "rows and columns are independent" of tables (..., levels, width)."""
    told = information(counts)
    return chance(counts, told).tail(told)


def holm(p_values: NDArray[np.float64]) -> NDArray[np.float64]:
    """P values corrected for their number (Holm 1979)."""
    order = np.argsort(p_values, kind="stable")
    steps = p_values[order] * np.arange(len(order), 0, -1)
    corrected = np.empty_like(p_values)
    corrected[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return corrected


def _direction(data: ExplorationData, names: list[str]) -> NDArray[np.float64]:
    numbers = data.numbers
    found = np.full(len(names), np.nan)
    classes = target_levels(data, 2)
    if data.is_regression:
        target = data.matrix([data.target])
    elif len(classes.names) == 2:
        target = classes.codes[None].astype(np.float64)
    else:
        return found
    place = {name: number for number, name in enumerate(names)}
    found[[place[name] for name in numbers]] = rank_correlation(data.matrix(numbers), target)[:, 0]
    return found
