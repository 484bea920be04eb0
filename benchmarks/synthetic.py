"""data/prepared of random images, in the environment of a generated project of images."""

import sys
from pathlib import Path

import numpy as np
import polars as pl
from my_ml_project.schema import Manifest, Statistics

CLASSES = 10


def main():
    """Write ROWS training images of SIZE x SIZE pixels and CHANNELS, and a tenth as many others."""
    folder, rows, size, channels = Path(sys.argv[1]), *map(int, sys.argv[2:5])
    random, counts = np.random.default_rng(0), {"train": rows, "val": rows // 10, "test": CLASSES}
    samples = []
    for split, count in counts.items():
        (folder / split).mkdir(parents=True)
        labels = np.arange(count) % CLASSES
        shape = (count, size, size, channels)
        images = random.integers(0, 200, shape, dtype=np.uint8)
        images += (labels * 5).astype(np.uint8)[:, None, None, None]  # something to learn
        np.save(folder / split / "images.npy", images)
        np.save(folder / split / "labels.npy", labels.astype(np.int64))
        samples.append(
            pl.DataFrame({"id": [f"{split}-{n}" for n in range(count)]}).with_columns(
                pl.lit(split).alias("split"), pl.lit(0).alias("fold")
            )
        )
    pl.concat(samples).write_parquet(folder / "samples.parquet")
    Manifest(
        image_size=size,
        channels=channels,
        classes=[str(n) for n in range(CLASSES)],
        rows=counts,
        rows_per_class={split: [count // CLASSES] * CLASSES for split, count in counts.items()},
        hashes=dict.fromkeys(counts, "0"),
        folds=0,
        statistics=[Statistics(mean=[120.0] * channels, std=[60.0] * channels)],
        bad_files=[],
        about="random",
    ).save(folder)


if __name__ == "__main__":
    main()
