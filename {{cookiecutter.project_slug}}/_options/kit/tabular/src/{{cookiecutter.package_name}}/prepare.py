"""data/raw -> data/prepared: check the contract, split by hash, write arrays, fit on train only."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from .config import Config
from .config_kit import OnBad
from .progress import progress
from .runtime.command import command
from .runtime.errors import UserError
from .runtime.files import Workspace
from .splits import SPLITS, Split, networks, require_rows

if TYPE_CHECKING:
    import polars as pl

    from .contract.contract import Contract
    from .schema import Feature, Manifest
    from .table.splitting import SplitTable


@command
def main(config: Config, workspace: Workspace) -> None:
    """Turn the raw table into arrays that training can map into memory."""
    from .table.agreement import agreed, table_name

    name = table_name(
        config.data.contract, config.data.source, config.data.example, config.data.path
    )
    roles = {
        "target": config.data.target,
        "key": config.data.key,
        "group": config.data.group,
        "time": config.data.time,
    }
    contract = agreed(workspace.given("contracts"), name, roles, config.data.task)
    with workspace.publishes("data/prepared") as prepared:
        manifest = prepare(
            workspace.reads("data/raw"),
            prepared,
            contract,
            split=config.data.split,
            on_bad=config.data.on_bad,
        )
    rows = ", ".join(f"{count} {split}" for split, count in manifest.rows.items())
    folds = f", {manifest.folds} folds" if manifest.folds else ""
    print(f"prepare: {manifest.summary} ({rows}{folds}). {manifest.left_out}".rstrip())


def prepare(
    raw: Path, destination: Path, contract: Contract, *, split: Split, on_bad: OnBad
) -> Manifest:
    """Write a folder of arrays per split, samples.parquet and manifest.json to ``destination``.

    Raises:
        UserError: when rows break the contract and ``on_bad`` is ``stop``, or classes are missing.
    """
    from .arrays import load_rows, statistics_of
    from .contract.contract import Task
    from .schema import Manifest
    from .table.serving import how_read
    from .table.splitting import with_splits

    destination.mkdir(parents=True)
    rows, bad_rows = kept_rows(raw, destination, contract, on_bad)
    table = with_splits(rows, contract, split)
    counts = table.counts()
    regression = contract.task is Task.regression
    classes = [] if regression else sorted({label for found in counts.values() for label in found})
    for note in require_rows(table.combinations(), table.folds, classes):
        print(f"prepare: {note}")
    features = table.features()
    hashes = write_splits(table, features, classes, destination)
    views = networks(table.folds, None)
    numbers = sum(feature.categories is None for feature in features)
    train = (load_rows(destination, "train", features, table.folds, fold) for fold in views)
    manifest = Manifest(
        target=contract.target,
        classes=classes,
        features=features,
        others=table.others(),
        columns={name: how_read(contract.columns[name]) for name in contract.features},
        rows={name: sum(found.values()) for name, found in counts.items()},
        rows_per_class={n: [found.get(c, 0) for c in classes] for n, found in counts.items()},
        hashes=hashes,
        folds=table.folds,
        statistics=[statistics_of(rows, numbers, regression=regression) for rows in train],
        bad_rows=bad_rows,
        about=about.read_text("utf-8").strip() if (about := raw / "ABOUT.txt").is_file() else "",
    )
    manifest.save(destination)
    (destination / "kept.parquet").unlink(missing_ok=True)
    return manifest


def kept_rows(
    raw: Path, destination: Path, contract: Contract, on_bad: OnBad
) -> tuple[pl.LazyFrame, int]:
    """Return the typed rows that keep the contract, and how many do not.

    Raises:
        UserError: when rows break the contract and ``on_bad`` is ``stop``, or the table as a whole
            breaks it, or most rows do.
    """
    import polars as pl

    from .contract.casting import typed
    from .reading.opening import open_raw
    from .table.splitting import ROW
    from .validation.explanation import explain
    from .validation.quarantine import split_bad_rows
    from .validation.validation import violations

    table = open_raw(raw)
    rows = typed(table, contract)
    found = violations(table, contract)
    if not found:
        return rows, 0
    if on_bad is OnBad.stop:
        raise UserError(explain(found, contract.source))
    bad = split_bad_rows(table, contract)[1].collect()
    bad.write_parquet(destination / "quarantine.parquet")
    kept = destination / "kept.parquet"  # so that a row is found by its number
    numbered = rows.with_row_index(ROW, offset=1)
    numbered.filter(~pl.col(ROW).is_in(bad["row_in_source"].implode())).sink_parquet(kept)
    return pl.scan_parquet(kept), len(bad)


def write_splits(
    table: SplitTable, features: list[Feature], classes: list[str], destination: Path
) -> dict[str, str]:
    """Write the arrays of each split, and samples.parquet; return a hash of each split."""
    import numpy as np
    import pyarrow
    from pyarrow import parquet

    from .arrays import SplitWriter

    numbers = (
        pyarrow.float64(),
        pyarrow.int64(),
    )  # a dictionary of them takes the time of all else

    target_type = np.int64 if classes else np.float64
    with ExitStack() as stack:
        writers = {
            name: stack.enter_context(SplitWriter(destination / name, len(features), target_type))
            for name in SPLITS
        }
        samples: parquet.ParquetWriter | None = None
        windows = table.windows(features, classes)
        for window in progress(windows, "prepare: windows"):
            known = window.samples.to_arrow()
            if samples is None:
                file = destination / "samples.parquet"
                words = [field.name for field in known.schema if field.type not in numbers]
                writing = parquet.ParquetWriter(file, known.schema, use_dictionary=words)
                samples = stack.enter_context(writing)
            samples.write_table(known)
            for name, writer in writers.items():
                rows = (window.samples["split"] == name).to_numpy()
                named = window.samples.filter(rows).select("id", "fold")
                writer.append(named, window.matrix[rows], window.targets[rows])
    return {name: writer.digest.hexdigest() for name, writer in writers.items()}


if __name__ == "__main__":
    main()
