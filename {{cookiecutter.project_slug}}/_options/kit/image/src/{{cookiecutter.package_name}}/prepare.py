"""data/raw -> data/prepared: validate, split by hash, decode, fit statistics on train only."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from .config import Config
from .config.kit import Color, OnBad
from .runtime.command import command
from .runtime.errors import UserError
from .runtime.files import Workspace
from .splits import SPLITS, Split, fold_of, networks, require_rows, split_of

if TYPE_CHECKING:
    import polars as pl

    from .schema import Manifest

LARGEST_DEFAULT_SIZE = 224
MOST_NAMES = 20  # of bad files, in a message


@command
def main(config: Config, workspace: Workspace) -> None:
    """Turn raw images into arrays that training can map into memory."""
    with workspace.publishes("data/prepared") as prepared:
        manifest = prepare(
            workspace.reads("data/raw"),
            prepared,
            split=config.data.split,
            group=config.data.group,
            image_size=config.data.image_size,
            color=config.data.color,
            on_bad=config.data.on_bad,
        )
    rows = ", ".join(f"{count} {split}" for split, count in manifest.rows.items())
    print(f"prepare: {manifest.summary} ({rows}), {len(manifest.bad_files)} files left out")


def prepare(
    raw: Path,
    destination: Path,
    *,
    split: Split,
    group: str | None,
    image_size: int | None,
    color: Color,
    on_bad: OnBad,
) -> Manifest:
    """Write a folder of arrays per split, samples.parquet and manifest.json to ``destination``.

    Raises:
        UserError: when files cannot be read and ``on_bad`` is ``stop``, or a split lacks a class.
    """
    import polars as pl

    from .arrays import channel_statistics, inspect, load_rows, write_split
    from .schema import Manifest, validate

    samples, bad = inspect(raw)
    samples = validate(samples).sort("id")
    folds = split.folds_for(len(samples))
    samples = samples.with_columns(group=groups_of(samples["id"], group)).with_columns(
        split_of(pl.coalesce("group", "content"), split).alias("split"),
        fold_of(pl.coalesce("group", "content"), split, folds).alias("fold"),
    )
    parts = {name: samples.filter(pl.col("split") == name) for name in SPLITS}
    size = image_size or usual_size(parts["train"])
    grey = color is Color.grey or (color is Color.auto and parts["train"]["grey"].all())
    channels, classes = 1 if grey else 3, sorted(samples["label"].unique())
    written = {
        name: write_split(raw, part, destination / name, size, channels, classes)
        for name, part in parts.items()
    }
    bad = sorted([*bad, *(entry for done in written.values() for entry in done.bad_files)])
    set_aside(raw, bad, destination, on_bad)
    table = pl.concat(done.samples for done in written.values())
    table.write_parquet(destination / "samples.parquet")
    counts = {
        name: [done.samples.filter(pl.col("label") == label).height for label in classes]
        for name, done in written.items()
    }
    for note in require_rows(table.rename({"label": "target"}), folds, classes):
        print(f"prepare: {note}")
    views = networks(folds, None)
    train = (load_rows(destination, "train", folds, fold).inputs for fold in views)
    manifest = Manifest(
        image_size=size,
        channels=channels,
        classes=classes,
        rows={name: sum(per_class) for name, per_class in counts.items()},
        rows_per_class=counts,
        hashes={name: done.digest for name, done in written.items()},
        folds=folds,
        statistics=[channel_statistics(images) for images in train],
        bad_files=bad,
        about=_about(raw),
    )
    manifest.save(destination)
    return manifest


def groups_of(ids: pl.Series, pattern: str | None) -> pl.Series:
    """Return the group of each image: what ``pattern`` finds in its path, null without a pattern.

    Raises:
        UserError: when the pattern finds nothing in some path.
    """
    import polars as pl

    if pattern is None:
        return pl.Series([None] * len(ids), dtype=pl.String)
    found = [re.search(pattern, name.partition("/")[2]) for name in ids]
    for name, match in zip(ids, found, strict=True):
        if match is None:
            raise UserError(
                f"data.group={pattern}: nothing in {name.partition('/')[2]!r}. Expected a regular "
                "expression that finds the group of every image in its path below the class."
            )
    return pl.Series([match[1] if match.re.groups else match[0] for match in found if match])


def usual_size(train: pl.DataFrame) -> int:
    """Return the median shorter side of the training images, at most 224 pixels."""
    import polars as pl

    median = train.select(pl.min_horizontal("width", "height").median()).item()
    return min(int(median or LARGEST_DEFAULT_SIZE), LARGEST_DEFAULT_SIZE)


def _about(raw: Path) -> str:
    about = raw / "ABOUT.txt"
    return about.read_text("utf-8").strip() if about.is_file() else ""


def set_aside(raw: Path, bad: list[str], destination: Path, on_bad: OnBad) -> None:
    """Copy the files that cannot be read to the folder quarantine, or stop because of them."""
    if bad and on_bad is OnBad.stop:
        raise UserError(_list_bad(raw, bad, destination))
    for name in (entry.rpartition(" (")[0] for entry in bad):
        file, copy = raw / name, destination / "quarantine" / name
        if file.is_file():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)


def _list_bad(raw: Path, bad: list[str], destination: Path) -> str:
    names = [str(raw / entry) for entry in bad]
    everything = destination / "unreadable.txt"  # stays there until the next start
    everything.write_text("\n".join(names) + "\n", "utf-8", newline="\n")
    shown = "".join(f"\n  {name}" for name in names[:MOST_NAMES])
    more = ""
    if len(names) > MOST_NAMES:
        more = f"\n  and {len(names) - MOST_NAMES} more, all of them in {everything}"
    return (
        f"data.on_bad=stop: {len(bad)} files cannot be read as images:{shown}{more}\n"
        "Mend or remove them, or choose data.on_bad=quarantine to set them aside and report them."
    )


if __name__ == "__main__":
    main()
