"""One split as arrays: written once by ``prepare``, mapped into memory by everything after it."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from PIL import Image

from .progress import progress
from .runtime.patience import patiently
from .schema import GREY_MODES, Images, Manifest, Statistics, read_image
from .splits import SPLITS, part_in_view

CHUNK = 256  # images in memory at a time
TASK = 4  # files that a thread takes at a time
TRIED, SLOW = 16, 0.0005  # first files, and seconds of one from which threads pay


@dataclass(frozen=True)
class Rows:
    """One prepared split: ids, images mapped into memory, and class numbers."""

    ids: list[str]
    inputs: Images
    targets: NDArray[np.int64]


@dataclass(frozen=True)
class Written:
    """What ``write_split`` did: the samples it kept, a hash of them, and the files it left out."""

    samples: pl.DataFrame
    digest: str
    bad_files: list[str]


def inspect(raw: Path) -> tuple[pl.DataFrame, list[str]]:
    """Read the header of every image below ``raw``: return samples, and the unreadable files."""
    rows: list[tuple[str, str, int, int, bool, str]] = []
    bad: list[str] = []
    for path in progress(sorted(raw.glob("*/**/*")), "prepare: looking at files"):
        if not path.is_file():
            continue
        name = path.relative_to(raw).as_posix()
        try:
            name.encode()  # a name that is no UTF-8 cannot be kept in a table
            with Image.open(path) as image:
                label, grey = name.split("/")[0], image.mode in GREY_MODES
                size = image.size
            with path.open("rb") as stream:
                content = hashlib.file_digest(stream, "md5").hexdigest()
            rows.append((name, label, *size, grey, content))
        except Exception as error:  # Pillow raises many kinds for what is no image
            bad.append(f"{os.fsencode(name).decode(errors='replace')} ({type(error).__name__})")
    types: dict[str, Any] = {"id": pl.String, "label": pl.String, "width": pl.Int64}
    types |= {"height": pl.Int64, "grey": pl.Boolean, "content": pl.String}
    return pl.DataFrame(rows, types, orient="row"), bad


def write_split(
    raw: Path, samples: pl.DataFrame, folder: Path, size: int, channels: int, classes: list[str]
) -> Written:
    """Decode the images of ``samples`` into images.npy, and their class numbers into labels.npy.

    Memory stays constant. Files that cannot be decoded are left out and reported.
    """
    folder.mkdir(parents=True)
    shape = (len(samples), size, size, channels)
    images = np.lib.format.open_memmap(folder / "images.npy", "w+", np.uint8, shape)
    labels, folds = samples["label"].to_list(), samples["fold"].to_list()
    kept: list[int] = []
    bad: list[str] = []
    digest = hashlib.blake2b(digest_size=16)
    names = samples["id"].to_list()
    read = decoded([raw / name for name in names], size, channels)
    shown = progress(read, f"prepare: {folder.name}", len(samples))
    for row, (name, image) in enumerate(zip(names, shown, strict=True)):
        if isinstance(image, str):
            bad.append(f"{name} ({image})")
            continue
        images[len(kept)] = image
        kept.append(row)
        digest.update(f"{name}\n{labels[row]}\n{folds[row]}\n".encode() + image.tobytes())
    images.flush()
    del images  # Windows replaces no file that is mapped
    if bad:
        _shorten(folder / "images.npy", len(kept))
    numbers = {label: number for number, label in enumerate(classes)}
    np.save(folder / "labels.npy", np.array([numbers[labels[row]] for row in kept], np.int64))
    return Written(samples[kept], digest.hexdigest(), bad)


def load_split(prepared: Path, split: str, fold: int | None = None) -> Rows:
    """Open one split of data/prepared, as it is seen with or without a ``fold``."""
    return load_rows(prepared, split, Manifest.load(prepared).folds, fold)


def load_rows(prepared: Path, split: str, folds: int, fold: int | None) -> Rows:
    """Open one split where there is no manifest yet.

    The images stay on disk until they are read, but for those of folds: such sets are small.
    """
    samples = pl.read_parquet(prepared / "samples.parquet")
    samples = samples.with_columns(part_in_view(folds, fold).alias("part"))
    images: list[Images] = []
    targets: list[NDArray[np.int64]] = []
    ids: list[str] = []
    for stored in SPLITS:
        rows = samples.filter(pl.col("split") == stored)
        wanted = (rows["part"] == split).to_numpy()
        array = np.load(prepared / stored / "images.npy", mmap_mode="r")
        images.append(array if wanted.all() else array[wanted])
        targets.append(np.load(prepared / stored / "labels.npy")[wanted])
        ids += rows["id"].filter(wanted).to_list()
    filled = [part for part in images if len(part)] or images[:1]
    inputs = filled[0] if len(filled) == 1 else np.concatenate(filled)
    return Rows(ids, inputs, np.concatenate(targets))


def channel_statistics(array: Images) -> Statistics:
    """Return mean and standard deviation of each channel over the pixels of all images."""
    total, squares = np.zeros(array.shape[-1]), np.zeros(array.shape[-1])
    for start in range(0, len(array), CHUNK):
        pixels = array[start : start + CHUNK].astype(np.float64)
        total += pixels.sum(axis=(0, 1, 2))
        squares += (pixels**2).sum(axis=(0, 1, 2))
    count = array.size / array.shape[-1]
    mean = total / count
    variance = np.maximum(squares / count - mean**2, 1.0)  # blank images: one grey level
    return Statistics(mean.tolist(), np.sqrt(variance).tolist())


def decoded(files: Sequence[Path], size: int, channels: int) -> Iterator[Images | str]:
    """Yield each image as the network sees it, or the name of what is wrong with its file."""

    def decode(file: Path) -> Images | str:
        try:
            return read_image(file, size, channels)
        except Exception as error:  # Pillow raises many kinds for a damaged file
            return type(error).__name__

    def decode_some(first: int) -> list[Images | str]:
        return [decode(file) for file in files[first : first + TASK]]

    began = time.perf_counter()
    tried = [decode(file) for file in files[:TRIED]]
    slow = time.perf_counter() - began > SLOW * len(tried)
    yield from tried
    if not slow:
        yield from map(decode, files[TRIED:])
        return
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for start in range(TRIED, len(files), CHUNK):
            for some in pool.map(decode_some, range(start, min(start + CHUNK, len(files)), TASK)):
                yield from some


def _shorten(path: Path, rows: int) -> None:
    whole, partial = np.load(path, mmap_mode="r"), path.with_suffix(".part")
    part = np.lib.format.open_memmap(partial, "w+", whole.dtype, (rows, *whole.shape[1:]))
    for start in range(0, rows, CHUNK):
        part[start : start + CHUNK] = whole[start : min(start + CHUNK, rows)]
    part.flush()
    del whole, part
    patiently(partial.replace, path)
