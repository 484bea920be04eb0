"""data/raw -> data/prepared: check the contract, split by hash, write arrays, fit on train only."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from .config import Config
from .config.kit import OnBad
from .progress import progress
from .runtime.command import command
from .runtime.errors import UserError
from .runtime.files import Workspace
from .splits import SPLITS, Split, networks, require_rows

if TYPE_CHECKING:
    import polars as pl

    from .contract.contract import Contract
    from .schema import Feature, Manifest
    from .table.samples import Samples


@command
def main(config: Config, workspace: Workspace) -> None:
    """Turn the raw table into arrays that training can map into memory."""
    from .table.agreement import agreed, table_name
    from .table.encoding import blurred

    name = table_name(config.data.contract, config.data.source, config.data.path)
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
    for name in blurred(manifest.features, manifest.statistics[0]):
        print(
            f"prepare: {name}: its values are so large and so close to each other that float32 "
            "tells few of them apart. Subtract in the source what they have in common."
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
    from .table.samples import Samples
    from .table.serving import how_read
    from .table.splitting import with_splits

    destination.mkdir(parents=True)
    rows, bad_rows = kept_rows(raw, destination, contract, on_bad)
    split_rows, folds = with_splits(rows, contract, split)
    samples = Samples(destination / "samples.parquet", contract, folds)
    samples.write(split_rows)
    counts = samples.counts()
    regression = contract.task is Task.regression
    classes = [] if regression else sorted(counts["target"].unique())
    for note in require_rows(counts, folds, classes):
        print(f"prepare: {note}")
    features = samples.features()
    hashes = write_splits(samples, features, classes, destination)
    numbers = sum(feature.categories is None for feature in features)
    views = networks(folds, None)
    train = (load_rows(destination, "train", features, folds, fold) for fold in views)
    manifest = Manifest(
        target=contract.target,
        classes=classes,
        features=features,
        others=samples.others,
        columns={name: how_read(contract.columns[name]) for name in contract.features},
        rows={name: int(counts.filter(split=name)["rows"].sum()) for name in SPLITS},
        rows_per_class={
            name: [int(counts.filter(split=name, target=c)["rows"].sum()) for c in classes]
            for name in SPLITS
        },
        hashes=hashes,
        folds=folds,
        statistics=[statistics_of(rows, numbers, regression=regression) for rows in train],
        bad_rows=bad_rows,
        about=about.read_text("utf-8").strip() if (about := raw / "ABOUT.txt").is_file() else "",
    )
    manifest.save(destination)
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
    rows = typed(table, contract).with_row_index(ROW, offset=1)
    found = violations(table, contract)
    if not found:
        return rows, 0
    if on_bad is OnBad.stop:
        raise UserError(explain(found, contract.source))
    bad = split_bad_rows(table, contract)[1].collect()
    bad.write_parquet(destination / "quarantine.parquet")
    return rows.filter(~pl.col(ROW).is_in(bad.to_series().implode())), len(bad)


def write_splits(
    samples: Samples, features: list[Feature], classes: list[str], destination: Path
) -> dict[str, str]:
    """Write the arrays of each split; return a hash of each."""
    import numpy as np

    from .arrays import SplitWriter
    from .table.ahead import made_ahead

    target_type = np.int64 if classes else np.float64
    with ExitStack() as stack:
        writers = {
            name: stack.enter_context(SplitWriter(destination / name, len(features), target_type))
            for name in SPLITS
        }
        windows = made_ahead(samples.windows(features, classes))
        for window in progress(windows, "prepare: windows"):
            for split, part in window.items():
                writers[split].append(part.places, part.matrix, part.targets)
    return {name: writer.digest.hexdigest() for name, writer in writers.items()}


if __name__ == "__main__":
    main()
