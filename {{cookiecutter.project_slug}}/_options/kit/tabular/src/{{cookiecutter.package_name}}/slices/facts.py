"""What is known of a row in the source's own words: the facts that slices are made of."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import numpy as np
import polars as pl

from ..schema import Manifest, Table

MISSING = "missing values"
MOST_FACTS = 50  # of a wider table only the first columns, and those that are named


def facts_of(
    prepared: Path, ids: list[str], inputs: Table, named: Collection[str] = ()
) -> pl.DataFrame:
    """Return the facts of prepared rows, one row each.

    They are the values of features, and of columns without a role, as the source has them;
    ``missing values`` counts the features that a row lacks; ``group`` is there where rows have one.
    Columns have the names of samples.parquet: the source's own, or "column NAME" for a name such as
    "target" that means something else here.

    Args:
        prepared: data/prepared.
        ids: of the rows.
        inputs: float32 (rows, features), NaN where a number is missing.
        named: facts that must be there, also if a table is wide. Columns that the contract calls
            sensitive always are.
    """
    manifest = Manifest.load(prepared)
    columns = _chosen(manifest, named)
    numbers, names = manifest.numbers, manifest.sample_names
    categories = [names[feature.name] for feature in manifest.features[numbers:]]
    lacking = pl.sum_horizontal(pl.lit(0), *(pl.col(name).is_null() for name in categories))
    samples = pl.scan_parquet(prepared / "samples.parquet")
    kept = samples.select("id", "group", *columns, lacking.cast(pl.Int64).alias("lacking"))
    rows = pl.LazyFrame({"id": ids}, {"id": pl.String})
    found = rows.join(kept, on="id", how="left", maintain_order="left").collect()
    missing = found["lacking"].to_numpy() + np.isnan(inputs[:, :numbers]).sum(axis=1)
    facts = found.select(columns)
    if MISSING not in columns:  # a source may have such a column of its own
        facts = facts.with_columns(pl.Series(MISSING, missing))
    if samples.select(pl.col("group").is_not_null().any()).collect().item():
        facts = facts.with_columns(found["group"])
    return facts


def sensitive_of(prepared: Path) -> list[str]:
    """Return the facts that the contract calls sensitive: results are compared between groups."""
    return _sensitive(Manifest.load(prepared))


def _sensitive(manifest: Manifest) -> list[str]:
    names = manifest.sample_names
    return [names[n] for n, facts in manifest.columns.items() if facts.get("sensitive")]


def _chosen(manifest: Manifest, named: Collection[str]) -> list[str]:
    names = manifest.sample_names
    wanted = {*named, *_sensitive(manifest)}
    return [
        sample
        for place, sample in enumerate(names.values())
        if place < MOST_FACTS or sample in wanted
    ]
