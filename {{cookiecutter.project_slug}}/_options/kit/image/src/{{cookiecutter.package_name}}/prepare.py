"""data/raw -> data/prepared: validate, split by hash, decode, fit statistics on train only."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from .config import Config
from .config_kit import Color, OnBad, Split
from .runtime.command import command
from .runtime.errors import UserError
from .runtime.files import Workspace

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
    image_size: int | None,
    color: Color,
    on_bad: OnBad,
) -> Manifest:
    """Write a folder of arrays per split, samples.parquet and manifest.json to ``destination``.

    Raises:
        UserError: when files cannot be read and ``on_bad`` is ``stop``, or a split lacks a class.
    """
    import polars as pl

    from .arrays import channel_statistics, write_split
    from .schema import SPLITS, Manifest, validate

    samples, bad = inspect(raw)
    samples = validate(samples).sort("id")
    splits = pl.Series("split", [split_of(name, split) for name in samples["id"]], pl.String)
    parts = {name: samples.filter(splits == name) for name in SPLITS}
    size = image_size or usual_size(parts["train"])
    grey = color is Color.grey or (color is Color.auto and parts["train"]["grey"].all())
    channels, classes = 1 if grey else 3, sorted(samples["label"].unique())
    written = {
        name: write_split(raw, part, destination / name, size, channels, classes)
        for name, part in parts.items()
    }
    bad = sorted([*bad, *(entry for done in written.values() for entry in done.bad_files)])
    if bad and on_bad is OnBad.stop:
        raise UserError(_list_bad(raw, bad, destination))
    table = pl.concat(
        done.samples.select(pl.lit(name).alias("split"), "id", "label")
        for name, done in written.items()
    )
    counts = {
        name: [done.samples.filter(pl.col("label") == label).height for label in classes]
        for name, done in written.items()
    }
    _check_counts(classes, counts)
    mean, std = channel_statistics(destination / "train" / "images.npy")
    manifest = Manifest(
        image_size=size,
        channels=channels,
        classes=classes,
        rows={name: sum(per_class) for name, per_class in counts.items()},
        rows_per_class=counts,
        hashes={name: done.digest for name, done in written.items()},
        mean=mean,
        std=std,
        bad_files=bad,
        about=_about(raw),
    )
    table.write_parquet(destination / "samples.parquet")
    manifest.save(destination)
    return manifest


def inspect(raw: Path) -> tuple[pl.DataFrame, list[str]]:
    """Read the header of every image below ``raw``: return samples, and the unreadable files."""
    import polars as pl
    from PIL import Image

    from .schema import GREY_MODES

    rows: list[tuple[str, str, int, int, bool]] = []
    bad: list[str] = []
    for path in sorted(raw.glob("*/**/*")):
        if not path.is_file():
            continue
        name = path.relative_to(raw).as_posix()
        try:
            name.encode()  # a name that is no UTF-8 cannot be kept in a table
            with Image.open(path) as image:
                label, grey = name.split("/")[0], image.mode in GREY_MODES
                rows.append((name, label, *image.size, grey))
        except Exception as error:  # Pillow raises many kinds for what is no image
            bad.append(f"{os.fsencode(name).decode(errors='replace')} ({type(error).__name__})")
    types = {"id": pl.String, "label": pl.String, "width": pl.Int64, "height": pl.Int64}
    return pl.DataFrame(rows, {**types, "grey": pl.Boolean}, orient="row"), bad


def split_of(sample_id: str, split: Split) -> str:
    """Choose the split from the id alone, so that adding or removing rows moves no other row."""
    digest = hashlib.blake2b(sample_id.encode(), digest_size=8).digest()
    place = int.from_bytes(digest, "big") / 2**64
    if place < split.test:
        return "test"
    return "val" if place < split.test + split.val else "train"


def usual_size(train: pl.DataFrame) -> int:
    """Return the median shorter side of the training images, at most 224 pixels."""
    import polars as pl

    median = train.select(pl.min_horizontal("width", "height").median()).item()
    return min(int(median or LARGEST_DEFAULT_SIZE), LARGEST_DEFAULT_SIZE)


def _about(raw: Path) -> str:
    about = raw / "ABOUT.txt"
    return about.read_text("utf-8").strip() if about.is_file() else ""


def _list_bad(raw: Path, bad: list[str], destination: Path) -> str:
    names = [str(raw / entry) for entry in bad]
    everything = destination / "unreadable.txt"  # stays there until the next start
    everything.write_text("\n".join(names) + "\n", "utf-8")
    shown = "".join(f"\n  {name}" for name in names[:MOST_NAMES])
    more = ""
    if len(names) > MOST_NAMES:
        more = f"\n  and {len(names) - MOST_NAMES} more, all of them in {everything}"
    return (
        f"data.on_bad=stop: {len(bad)} files cannot be read as images:{shown}{more}\n"
        "Mend or remove them, or choose data.on_bad=skip to leave them out and have them reported."
    )


def _check_counts(classes: list[str], counts: dict[str, list[int]]) -> None:
    if len(classes) < 2:
        found = f"only of class {classes[0]}" if classes else "none"
        raise UserError(
            f"data/raw: expected readable images of at least two classes, found {found}."
        )
    for name, per_class in counts.items():
        pairs = zip(classes, per_class, strict=True)
        missing = [label for label, count in pairs if not count]
        if missing and (name == "train" or len(missing) == len(classes)):
            raise UserError(
                f"split {name!r} has no readable image of class {', '.join(missing)}: expected at "
                "least one. Add images, or change data.split.val and data.split.test."
            )
        if missing:
            print(f"prepare: split {name!r} has no image of class {', '.join(missing)}")


if __name__ == "__main__":
    main()
