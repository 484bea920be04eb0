"""How many other rows equal a row by nature: a table of few discrete columns has many.

For each row the expected number of other rows that equal it is estimated, were the rows drawn on
their own. Columns are not taken as independent: those that go together are counted together, from
the rows that share their values while enough do, and else from how often such columns agree at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WIDEST = 128  # columns looked at: with more a row only looks less ordinary
RAREST = 48  # of them in one row
FEWEST = 10  # rows behind a share that stands on its own
PAIRS = 2000  # of rows, behind how often two columns agree
GOES_WITH = 1.2  # times as often as by chance: such columns are counted together
MOST_JUDGED = 300  # rows whose columns are looked at together

Codes = NDArray[np.int32]  # (rows, columns): equal numbers where values are equal
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Ordinary:
    """A sample of a table's rows, against which single rows are judged."""

    codes: Codes
    agree: Floats  # (columns, columns): of pairs of rows equal in one, how many are in the other
    unseen: Floats  # (columns,): chance of a value that no other row of the sample has
    columns: NDArray[np.intp]  # of the table, those that are looked at

    @classmethod
    def of(cls, codes: Codes) -> Ordinary:
        """Count how often pairs of rows that agree in one column agree in another.

        Pairs that agree in three quarters of the columns are those in question: they do not count.
        """
        pairs = max(1, len(codes) * (len(codes) - 1))
        times = [np.bincount(column).astype(np.float64) for column in codes.T]
        chance = np.array([(count * (count - 1)).sum() / pairs for count in times])
        columns = np.sort(np.argsort(chance, kind="stable")[:WIDEST])
        codes, chance = codes[:, columns], chance[columns]
        agree = np.tile(chance, (len(columns), 1))
        shuffled = np.random.default_rng(0).permutation(len(codes))
        for number in range(len(columns)):
            order = shuffled[np.argsort(codes[shuffled, number], kind="stable")]
            one, other = order[1:], order[:-1]
            same = np.flatnonzero(codes[one, number] == codes[other, number])
            same = same[:: max(1, len(same) // PAIRS)]
            equal = codes[one[same]] == codes[other[same]]
            equal = equal[(~equal).sum(axis=1) > max(1, len(columns) // 4)]
            agree[number] = (equal.sum(axis=0) + 2 * FEWEST * chance) / (len(equal) + 2 * FEWEST)
        return cls(codes, agree, _unseen(codes), columns)

    def twins(self, suspects: Codes, without: NDArray[np.int64]) -> Floats:
        """Return the chance of any other row to equal each of ``suspects``, (suspects,).

        Args:
            suspects: codes of rows of the table, with all its columns.
            without: for each a column that need not be equal, or -1 (suspects,).
        """
        alone = self._alone(suspects, without)
        order = np.argsort(alone, kind="stable")
        judged, rest = order[:MOST_JUDGED], order[MOST_JUDGED:]
        together = alone.copy()
        for row in judged:
            kept = self.columns != without[row]
            together[row] = self._together(suspects[row, self.columns], kept)
        if len(judged):
            together[rest] += (together[judged] - alone[judged]).max()
        return np.exp(np.minimum(together, 0))

    def _alone(self, suspects: Codes, without: NDArray[np.int64]) -> Floats:
        """Return logarithms of the chances, if the columns were independent."""
        total = np.zeros(len(suspects))
        for place, column in enumerate(self.columns):
            values = suspects[:, column]
            counts = np.bincount(self.codes[:, place], minlength=int(values.max(initial=0)) + 1)
            share = (counts[values] + 0.5) / (len(self.codes) + 1)
            total += np.where(without == column, 0, np.log(share))
        return total

    def _together(self, row: Codes, kept: NDArray[np.bool_]) -> float:
        """Return the logarithm of the chance, counting together what goes together."""
        equal = (self.codes == row)[:, kept]
        equal = equal[~equal.all(axis=1)]  # its copies are what is in question
        if not len(equal):
            return 0.0
        count = equal.sum(axis=0)
        share = np.where(count, (count + 0.5) / (len(equal) + 1), self.unseen[kept])
        rare = np.argsort(share, kind="stable")[:RAREST]
        places = np.flatnonzero(kept)[rare]
        agree = np.maximum(self.agree[np.ix_(places, places)], share[rare])
        return _chain(equal[:, rare], share[rare], agree)


def _unseen(codes: Codes) -> Floats:
    """Return the chance of a value seen once (Good 1953), from how few values are seen twice.

    Equal rows count once; half a value seen twice is added, as there may always be one.
    """
    different = np.unique(codes, axis=0)
    chances = np.empty(codes.shape[1])
    for place, column in enumerate(different.T):
        times = np.bincount(np.bincount(column), minlength=3)
        chances[place] = min(0.5, 2 * (times[2] + 0.5) / max(1, times[1])) / (len(different) + 1)
    return chances


def _chain(equal: NDArray[np.bool_], share: Floats, agree: Floats) -> float:
    """Add up logarithms of shares: each given those before it that the column goes with."""
    total, left = 0.0, np.arange(len(share))
    while len(left):
        first, left = left[0], left[1:]  # the rarest value begins
        total += np.log(share[first])
        inside = equal[equal[:, first]]
        while len(left):
            count = inside[:, left].sum(axis=0)
            given = (count + FEWEST * agree[first, left]) / (len(inside) + FEWEST)
            counted = np.where(count >= FEWEST, count / max(1, len(inside)), 0)
            given = np.maximum(given, counted)
            nearest = int((given / share[left]).argmax())
            if given[nearest] <= GOES_WITH * share[left[nearest]]:
                break
            total += np.log(given[nearest])
            inside = inside[inside[:, left[nearest]]]
            left = np.delete(left, nearest)
    return float(total)
