"""The table that is explored: rows in natural units, what each is for, and what is predicted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionDtype
from pandas.api.types import is_bool_dtype, is_numeric_dtype

MOST_ROWS = 200_000
MOST_CELLS = 10_000_000  # 80 MB of numbers: of a wide table fewer rows are looked at
LARGEST = float(np.finfo(np.float32).max)  # beyond: as infinite, which it is to a network
TRAIN, TEST = "train", "test"


@dataclass(frozen=True, eq=False)
class ExplorationData:
    """Prepared data as people read them.

    Attributes:
        frame: features and target, one row an example; the index holds the ids. Columns of numbers
            are numbers (NaN or infinite: missing), every other column holds categories.
        target: name of the column that is predicted.
        is_regression: whether the target is a number.
        split: the part that each row belongs to: train, val and test, or folds.
        group: rows of one group are not independent (one person, one site).
        units: of columns that have one.
        sensitive: features whose slices are always shown.
        pictures: examples as (caption, HTML of the picture).
        inputs: what a network sees of some rows, by id, where ``frame`` only describes them.
        total_rows: how many rows there are, where ``frame`` is a sample of them.
        about: what the source says of itself.
    """

    frame: pd.DataFrame
    target: str
    is_regression: bool
    split: pd.Series
    group: pd.Series | None = None
    units: dict[str, str] = field(default_factory=dict)
    sensitive: list[str] = field(default_factory=list)
    pictures: list[tuple[str, str]] = field(default_factory=list)
    inputs: pd.DataFrame | None = None
    total_rows: int | None = None
    about: str = ""

    def __post_init__(self) -> None:
        names = list(self.frame.columns)
        if len(set(names)) != len(names) or self.target not in names:
            raise ValueError(f"frame: expected distinct columns, one of them {self.target!r}")
        for name, part in (("split", self.split), ("group", self.group)):
            if part is not None and len(part) != len(self.frame):
                raise ValueError(f"{name} has {len(part)} rows, frame has {len(self.frame)}")
        if not len(self.train_places()):
            raise ValueError("split: expected training rows whose target is known")

    @property
    def features(self) -> list[str]:
        """Every column but the target."""
        return [name for name in self.frame.columns if name != self.target]

    @cached_property
    def numbers(self) -> list[str]:
        """The features that are numbers."""
        kinds = dict(zip(self.frame.columns, self.frame.dtypes.tolist(), strict=True))
        return [name for name in self.features if is_number(kinds[name])]

    @property
    def categories(self) -> list[str]:
        """The features that are not."""
        numbers = set(self.numbers)
        return [name for name in self.features if name not in numbers]

    @property
    def parts(self) -> list[str]:
        """The names of the splits or folds that have rows; training first."""
        known = [TRAIN, "val", TEST]
        found = sorted(set(self.split.astype(str)))
        return [name for name in known if name in found] + [n for n in found if n not in known]

    @cached_property
    def train(self) -> ExplorationData:
        """The rows in which features may be related to the target: those of ``train``.

        Where no part has that name (folds), all rows but those of ``test``.
        """
        return self.take(self.train_places())

    def train_places(self) -> NDArray[np.int64]:
        """Where the rows of ``train`` are."""
        split = self.split.astype(str).to_numpy()
        chosen = split == TRAIN if (split == TRAIN).any() else split != TEST
        return np.flatnonzero(chosen & self.frame[self.target].notna().to_numpy())

    def take(self, places: NDArray[np.int64]) -> ExplorationData:
        """The rows at ``places``."""
        return replace(
            self,
            frame=self.frame.iloc[places],
            split=self.split.iloc[places],
            group=None if self.group is None else self.group.iloc[places],
            total_rows=self.total_rows or len(self.frame),
        )

    def sampled(self) -> ExplorationData:
        """As many rows as can be looked at, drawn with a fixed seed and in their old order."""
        most = min(MOST_ROWS, max(MOST_CELLS // self.frame.shape[1], 1))
        if len(self.frame) <= most:
            return self
        drawn = np.random.default_rng(0).choice(len(self.frame), most, replace=False)
        return self.take(np.sort(drawn))

    @cached_property
    def independent(self) -> ExplorationData:
        """One row per group, drawn with a fixed seed, for statistics that count rows."""
        if self.group is None:
            return self
        order = np.random.default_rng(0).permutation(len(self.frame))
        _, first = np.unique(pd.factorize(self.group)[0][order], return_index=True)
        return self.take(np.sort(order[first]))

    def matrix(self, names: list[str]) -> NDArray[np.float64]:
        """Columns of numbers as an array (columns, rows), NaN where missing or out of range."""
        values = self.frame[names].to_numpy(np.float64, na_value=np.nan).T.copy()
        values[np.abs(values) > LARGEST] = np.nan
        return values


def is_number(kind: np.dtype[Any] | ExtensionDtype) -> bool:
    """Whether a column of this kind holds numbers; True and False are categories."""
    return is_numeric_dtype(kind) and not is_bool_dtype(kind)
