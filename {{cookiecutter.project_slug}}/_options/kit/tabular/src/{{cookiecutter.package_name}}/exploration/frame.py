"""The prepared table as people look at it: in its own units, with its own names."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from ..schema import Manifest
from .data import MOST_ROWS, ExplorationData


def exploration_data(prepared: Path, most_rows: int = MOST_ROWS) -> ExplorationData:
    """Return data/prepared for exploration; of a larger table every n-th row."""
    manifest = Manifest.load(prepared)
    total = sum(manifest.rows.values())
    step = max(1, -(-total // most_rows))
    rows = pl.scan_parquet(prepared / "samples.parquet").gather_every(step).collect()
    names = manifest.sample_names
    features = [feature.name for feature in manifest.features]
    chosen = {"target": manifest.target} | {names[name]: name for name in features}
    frame = rows.select([rows[own].alias(name) for own, name in chosen.items()]).to_pandas()
    frame.index = rows["id"].to_pandas()
    part = pl.format("fold {}", "fold") if manifest.folds else pl.col("split")
    group = rows["group"] if rows["group"].null_count() < len(rows) else None
    return ExplorationData(
        frame=frame,
        target=manifest.target,
        is_regression=not manifest.classes,
        split=rows.select(part).to_series().to_pandas(),
        group=None if group is None else group.to_pandas(),
        units={n: str(c["unit"]) for n, c in manifest.columns.items() if c.get("unit")},
        sensitive=[n for n, c in manifest.columns.items() if c.get("sensitive")],
        total_rows=total,
        about=manifest.about,
    )
