"""Which rows a model is put to the test on: the same for every model, seed and machine."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def sample_rows(ids: list[str], most: int) -> NDArray[np.int64]:
    """Return the places of at most ``most`` rows, by a hash of their ids, in their old order."""
    import polars as pl
    import polars_hash

    if len(ids) <= most:
        return np.arange(len(ids))
    key = pl.DataFrame({"id": ids}, {"id": pl.String})
    hashes = key.select(polars_hash.concat_str(pl.lit("probe "), "id").nchash.xxhash64())
    return np.sort(np.argsort(hashes.to_series().to_numpy(), kind="stable")[:most])


def share_of(most: int, views: int) -> int:
    """Return how many rows each of ``views`` gets, so that together they are about ``most``."""
    return max(1, most // views) if most else 0
