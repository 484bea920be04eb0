"""Draws with replacement, fast and in bounded memory: what the bootstrap is made of."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import require

CHUNK_CELLS = 1 << 16  # numbers drawn at once: half a MiB, whatever the data's size
FEWEST_RESAMPLES = 100

Numbers = NDArray[np.float64]
OfMeans = Callable[[Numbers], Numbers]  # (..., c) to (...,)


def group_sums(columns: Numbers, groups: ArrayLike) -> tuple[Numbers, Numbers]:
    """The sum of each column (n, c) over each group (G, c), and each group's number of rows (G,).

    Raises:
        ValueError: when there are not as many group names as rows, or only one group.
    """
    names = np.asarray(groups)
    if names.shape != (len(columns),):
        raise ValueError(f"groups has shape {names.shape}: expected ({len(columns)},)")
    known, place = np.unique(names, return_inverse=True)
    if len(known) < 2:
        raise ValueError("groups has one group: expected at least 2, to draw from")
    sums, sizes = np.zeros((len(known), columns.shape[1])), np.zeros(len(known))
    np.add.at(sums, place, columns)
    np.add.at(sizes, place, 1.0)
    return sums, sizes


def percentiles(draws: Numbers, level: float) -> list[tuple[float, float]]:
    """The ends of the middle `level` of each column of `draws`, shape (resamples, k)."""
    tail = (1 - require.level(level)) / 2
    low, high = np.quantile(draws, [tail, 1 - tail], axis=0)
    return list(zip(low.tolist(), high.tolist(), strict=True))


def mean_draws(
    units: Numbers,
    statistics: Sequence[OfMeans],
    resamples: int,
    seed: int,
    *,
    sizes: bool = False,
) -> Numbers:
    """Each statistic of the means over units (u, c) drawn with replacement: (resamples, k).

    With `sizes` the last column says how many rows a unit has, and the others are its sums. A
    draw larger than a chunk is made in pieces: small arrays are twice as fast.
    """
    number = len(units)
    random = np.random.Generator(np.random.SFC64(seed))  # the fastest of numpy's
    columns = [np.ascontiguousarray(column) for column in units.T]
    widths = [min(CHUNK_CELLS, number - start) for start in range(0, number, CHUNK_CELLS)]

    def draw(times: int) -> Numbers:
        totals = np.zeros((len(columns), times))
        for width in widths:
            drawn = random.integers(number, size=(times, width))
            for place, column in enumerate(columns):  # clip: they need no check
                totals[place] += column.take(drawn, mode="clip").sum(axis=1)
        means = (totals[:-1] / totals[-1] if sizes else totals / number).T
        return np.stack([statistic(means) for statistic in statistics], axis=-1)

    return all_draws(draw, number, resamples)


def all_draws(draw: Callable[[int], Numbers], size: int, resamples: int) -> Numbers:
    """`resamples` draws of `size` numbers each, as many at once as fit into a chunk."""
    total = require.count("resamples", resamples, least=FEWEST_RESAMPLES)
    most = max(1, CHUNK_CELLS // size)
    return np.concatenate([draw(min(most, total - done)) for done in range(0, total, most)])
