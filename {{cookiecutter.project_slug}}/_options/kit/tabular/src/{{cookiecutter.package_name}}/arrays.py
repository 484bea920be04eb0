"""One split as arrays: written once by ``prepare``, mapped into memory by everything after it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import numpy as np
import polars as pl
from numpy.typing import NDArray

from .schema import Feature, Manifest, Statistics, Table
from .splits import SPLITS, part_in_view

CHUNK_BYTES = 1 << 21  # what fits into the processor's cache is computed several times as fast
MOST_RANKED = 200_000  # rows that quantiles are taken from; more change nothing that can be seen
QUANTILES = 129


@dataclass(frozen=True)
class Rows:
    """One prepared split: features mapped into memory, class numbers or values, and ids."""

    inputs: Table
    targets: NDArray[Any]
    named: pl.LazyFrame  # the column id, read when it is asked for: millions of names are large

    @property
    def ids(self) -> list[str]:
        """What each row is called."""
        return self.named.collect().get_column("id").to_list()


class SplitWriter:
    """Append rows to features.npy and targets.npy, and hash them; memory stays constant.

    The number of rows stands at the start of each file, and is filled in at the end.
    """

    def __init__(self, folder: Path, features: int, target_type: type[np.generic]) -> None:
        folder.mkdir(parents=True)
        self.rows, self.features = 0, features
        self.types = (np.dtype(np.float32), np.dtype(target_type))
        self.files: list[BinaryIO] = [
            (folder / name).open("wb") for name in ("features.npy", "targets.npy")
        ]
        self.digest = hashlib.sha256()  # which processors have instructions for

    def __enter__(self) -> SplitWriter:
        self._write_headers()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._write_headers()
        for file in self.files:
            file.close()

    def append(self, places: NDArray[np.uint64], features: Table, targets: NDArray[Any]) -> None:
        """Write the rows of one window; ``places`` (rows, 2): a hash of each id, and its fold."""
        self.digest.update(np.ascontiguousarray(places).view(np.uint8).data)
        for file, array, dtype in zip(self.files, (features, targets), self.types, strict=True):
            content = np.ascontiguousarray(array, dtype).view(np.uint8).data
            self.digest.update(content)
            file.write(content)
        self.rows += len(places)

    def _write_headers(self) -> None:
        shapes: list[tuple[int, ...]] = [(self.rows, self.features), (self.rows,)]
        for file, shape, dtype in zip(self.files, shapes, self.types, strict=True):
            file.seek(0)
            # numpy leaves room for the first dimension to grow, so the length stays the same.
            descr = np.lib.format.dtype_to_descr(dtype)
            header = {"descr": descr, "fortran_order": False, "shape": shape}
            np.lib.format.write_array_header_1_0(file, header)
            file.seek(0, 2)


def load_split(prepared: Path, split: str, fold: int | None = None) -> Rows:
    """Open one split of data/prepared, as it is seen with or without a ``fold``."""
    manifest = Manifest.load(prepared)
    return load_rows(prepared, split, manifest.features, manifest.folds, fold)


def load_rows(
    prepared: Path, split: str, features: list[Feature], folds: int, fold: int | None
) -> Rows:
    """Open one split where there is no manifest yet.

    Features stay on disk until they are read, but for those of folds: such tables are small. There,
    a category that the rest of the table has never seen is 0, as it would be in prediction.
    """
    samples = pl.scan_parquet(prepared / "samples.parquet")
    if not folds:
        folder, named = prepared / split, samples.filter(pl.col("split") == split).select("id")
        targets = np.load(folder / "targets.npy")
        return Rows(np.load(folder / "features.npy", mmap_mode="r"), targets, named)
    known = samples.with_columns(part_in_view(folds, fold).alias("part")).collect()
    parts = [known.filter(pl.col("split") == name) for name in SPLITS]
    part = pl.concat(parts)["part"].to_numpy()
    inputs, targets = (
        np.concatenate([np.load(prepared / name / file) for name in SPLITS])
        for file in ("features.npy", "targets.npy")
    )
    own, train = inputs[part == split], inputs[part == "train"]
    named = pl.concat(parts).lazy().filter(pl.col("part") == split).select("id")
    return Rows(_forget_unseen(own, train, features), targets[part == split], named)


def statistics_of(rows: Rows, numbers: int, *, regression: bool) -> Statistics:
    """Return what the preprocessing knows of training ``rows``, whose first columns are numbers.

    Means and squares of chunks are merged as Chan, Golub and LeVeque (1983) do: one pass, and no
    difference of two large sums.
    """
    step = max(1, len(rows.inputs) // MOST_RANKED)
    count, mean, squares = (np.zeros(numbers) for _ in range(3))
    ranked: list[Table] = []
    for start, chunk in chunks(rows.inputs):
        values = chunk[:, :numbers].astype(np.float64)
        missing = np.isnan(values)
        added = len(values) - missing.sum(axis=0)
        total = np.maximum(count + added, 1)
        np.copyto(values, 0, where=missing)
        shift = values.sum(axis=0) / np.maximum(added, 1) - mean
        values -= mean + shift
        np.copyto(values, 0, where=missing)
        squares += np.einsum("rc,rc->c", values, values) + shift**2 * count * added / total
        mean += shift * added / total
        count += added
        ranked.append(np.array(chunk[-start % step :: step, :numbers]))
    targets = rows.targets.astype(np.float64) if regression else np.zeros(1)
    return Statistics(
        quantiles=[_quantiles(column) for column in np.concatenate(ranked).T],
        mean=mean.tolist(),
        std=np.sqrt(squares / np.maximum(count, 1)).tolist(),
        target_mean=float(targets.mean()),
        target_std=float(targets.std()),
    )


def chunks(array: Table) -> Iterator[tuple[int, Table]]:
    """Yield the first row number and the rows of each chunk of ``array``.

    What is mapped from a file is mapped anew for each, so that memory stays constant.
    """
    step = max(1, CHUNK_BYTES // max(1, array[:1].nbytes))
    file = getattr(array, "filename", None)
    for start in range(0, len(array), step):
        source = np.load(file, mmap_mode="r") if file else array
        yield start, source[start : start + step]


def _quantiles(column: NDArray[np.float32]) -> list[float]:
    known = np.sort(column[~np.isnan(column)]).astype(np.float64)
    if not len(known):
        return [0.0] * QUANTILES
    ranks = np.linspace(0, len(known) - 1, QUANTILES)
    # Sorted, they are read off: np.quantile would look for each of them again.
    return np.interp(ranks, np.arange(len(known)), known).tolist()


def _forget_unseen(inputs: Table, train: Table, features: list[Feature]) -> Table:
    for place, feature in enumerate(features):
        if feature.categories is not None:
            seen = np.isin(inputs[:, place], np.unique(train[:, place]))
            inputs[~seen, place] = 0
    return inputs
