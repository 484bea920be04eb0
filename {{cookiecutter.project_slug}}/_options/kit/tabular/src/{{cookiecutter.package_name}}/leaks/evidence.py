"""What may tell of a leak between the parts of the prepared table."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from ..arrays import MOST_RANKED
from ..schema import Manifest
from ..splits import part_in_view
from ..table.encoding import number
from .duplicates import duplicates
from .finding import Finding
from .groups import shared_groups
from .near import near_duplicates
from .statistics import Claim, foreign_statistics
from .suspects import suspected_groups
from .telling import telling_features
from .time import future_rows

LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0)  # of the quantiles that are compared


def find_leaks(prepared: Path) -> list[Finding]:
    """Return what leaks between the parts of data/prepared."""
    manifest = Manifest.load(prepared)
    part = pl.col("fold" if manifest.folds else "split").alias("part")
    rows = pl.scan_parquet(prepared / "samples.parquet").with_columns(part)
    features = [manifest.sample_names[feature.name] for feature in manifest.features]
    findings = [*duplicates(rows, features), *near_duplicates(rows, features)]
    if rows.select(pl.col("group").is_not_null().any()).collect().item():
        findings += shared_groups(rows, "group")
    else:
        findings += suspected_groups(rows, list(manifest.sample_names.values()))
    if rows.select(pl.col("time").is_not_null().any()).collect().item():
        findings += future_rows(rows, "time")
    findings += telling_features(rows, features, manifest.classes)
    return [*findings, *_statistics(rows, manifest)]


def _statistics(rows: pl.LazyFrame, manifest: Manifest) -> list[Finding]:
    """Compare what the network to release was fitted with to the rows that it trains on."""
    statistics, names = manifest.statistics_of(None), manifest.sample_names
    claims: list[Claim] = []
    for place, feature in enumerate(manifest.features[: manifest.numbers]):
        name = names[feature.name]
        claims += [
            Claim(name, "mean", statistics.mean[place]),
            Claim(name, "std", statistics.std[place]),
        ]
        if sum(manifest.rows.values()) <= MOST_RANKED:  # else they are those of a sample
            steps = statistics.quantiles[place]
            claims += [
                Claim(name, f"quantile {level}", steps[int(level * (len(steps) - 1))])
                for level in LEVELS
            ]
    if not manifest.classes:
        claims += [
            Claim("target", "mean", statistics.target_mean),
            Claim("target", "std", statistics.target_std),
        ]
    categories = {names[f.name]: f.categories for f in manifest.features if f.categories}
    numbers = [names[feature.name] for feature in manifest.features[: manifest.numbers]]
    trained = rows.with_columns(
        part_in_view(manifest.folds, None).alias("part"), *map(number, numbers)
    )
    return foreign_statistics(claims, categories, trained)
