"""What a delimited file is like, seen from its bytes at the speed of the disk."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

DELIMITERS = (",", ";", "\t", "|")
QUOTE, LINE_FEED, CARRIAGE_RETURN = b'"'[0], b"\n"[0], b"\r"[0]
MOST_SAMPLE_ROWS = 200


def find_delimiter(sample: str, is_whole: bool) -> str:
    """Tell the delimiter from the header and the first rows; a comma if there is one column.

    Of the delimiters in the header, that one is taken which most rows have as often as the header;
    of equals, the one that makes more columns.
    """
    ranks: dict[str, tuple[float, int]] = {}
    for delimiter in DELIMITERS:
        counts = _field_counts(sample, delimiter, is_whole)
        header, rows = counts[0], counts[1:]
        share = sum(count == header for count in rows) / max(len(rows), 1)
        ranks[delimiter] = (share, header)
    in_header = {delimiter: rank for delimiter, rank in ranks.items() if rank[1] > 1}
    candidates = in_header or ranks
    return max(candidates, key=lambda delimiter: candidates[delimiter])  # the first of equals


def _field_counts(sample: str, delimiter: str, is_whole: bool) -> list[int]:
    counts: list[int] = []
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            if row:
                counts.append(len(row))
            if len(counts) > MOST_SAMPLE_ROWS:
                return counts
    except csv.Error:  # a field longer than the sample may be: told later, with its line
        is_whole = True
    if len(counts) > 1 and not is_whole:
        counts.pop()  # cut off by the end of the sample
    return counts or [1]


class Gaps:
    """The longest distance between two marks, over blocks that follow each other."""

    def __init__(self) -> None:
        self.longest = 0
        self._since = 0

    def feed(self, marks: NDArray[np.intp], size: int) -> None:
        """Go on with the positions of the marks in the next ``size`` bytes."""
        if marks.size:
            inner = int(np.diff(marks).max(initial=0))
            self.longest = max(self.longest, self._since + int(marks[0]) + 1, inner)
            self._since = size - int(marks[-1]) - 1
        else:
            self._since += size
        self.longest = max(self.longest, self._since)


class Structure:
    """Whether every quote of a file opens or closes a field, and how long its rows are.

    A field is *regular* when it is quoted as a whole, with quotes inside doubled, or holds no
    quote. Then counting quotes tells what is inside a field, which NumPy does fast; a file with
    any other field must be looked at by the csv module.
    """

    def __init__(self, delimiter: str) -> None:
        self.is_regular = True
        self.is_inside = False  # at the end of what was fed: of a quoted field
        self.rows, self.lines = Gaps(), Gaps()
        self._border = np.zeros(256, dtype=bool)
        self._border[[QUOTE, LINE_FEED, CARRIAGE_RETURN, ord(delimiter)]] = True
        self._last = LINE_FEED
        self._last_closes = False

    def feed(self, block: bytes) -> None:
        """Go on with the next bytes, UTF-8."""
        data = np.frombuffer(block, dtype=np.uint8)
        if not data.size:
            return
        quotes = np.flatnonzero(data == QUOTE)
        ends = np.flatnonzero((data == LINE_FEED) | (data == CARRIAGE_RETURN))
        self.lines.feed(ends, data.size)
        inside = (np.searchsorted(quotes, ends) + self.is_inside) % 2 == 1
        self.rows.feed(ends[~inside], data.size)
        if self.is_regular and (quotes.size or self._last_closes):
            self.is_regular = self._are_regular(data, quotes)
        self.is_inside ^= quotes.size % 2 == 1
        self._last = int(data[-1])

    def _are_regular(self, data: NDArray[np.uint8], quotes: NDArray[np.intp]) -> bool:
        opening = quotes[int(self.is_inside) :: 2]
        closing = quotes[1 - int(self.is_inside) :: 2]
        before = np.where(opening > 0, data[opening - 1], self._last)
        after = data[closing[closing + 1 < data.size] + 1]
        continued = not self._last_closes or bool(self._border[data[0]])
        self._last_closes = closing.size > 0 and int(closing[-1]) + 1 == data.size
        return continued and bool(self._border[before].all() and self._border[after].all())


def structure_of(delimiter: str, blocks: Iterable[bytes]) -> Structure:
    """Look at the whole text of a file."""
    structure = Structure(delimiter)
    for block in blocks:
        structure.feed(block)
    return structure
