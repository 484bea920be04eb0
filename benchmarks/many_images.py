"""`ingest` and `prepare` of a folder with many images: time and peak memory."""

import argparse
import shutil

from project import BUILD, PACKAGE, generate, measure, save, show

FOLDER = """
import sys
from pathlib import Path
import numpy as np
from PIL import Image
folder, count = Path(sys.argv[1]), int(sys.argv[2])
random = np.random.default_rng(0)
for number in range(count):
    place = folder / f"class {number % 10}"
    place.mkdir(parents=True, exist_ok=True)
    pixels = random.integers(0, 256, (8, 8, 3), dtype=np.uint8).repeat(8, 0).repeat(8, 1)
    Image.fromarray(pixels).save(place / f"{number:06d}.jpg", quality=80)
"""
INGEST = f"""
import sys
from pathlib import Path
from {PACKAGE}.ingest import copy_folder
copy_folder(Path(sys.argv[1]), Path(sys.argv[2]))
"""
PREPARE = f"""
import sys
from pathlib import Path
from {PACKAGE}.config.kit import Color, OnBad
from {PACKAGE}.prepare import prepare
from {PACKAGE}.splits import Split
split = Split(val=0.15, test=0.2, folds=0, salt=0)
settings = {{"group": None, "image_size": None, "color": Color.auto, "on_bad": OnBad.stop}}
prepare(Path(sys.argv[1]), Path(sys.argv[2]), split=split, **settings)
"""


def main():
    """Print both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=50_000)
    options = parser.parse_args()
    project, folder = generate("image"), BUILD / "benchmark-images"
    shutil.rmtree(folder, ignore_errors=True)
    measure(project, FOLDER, folder / "source", options.files)
    results = {}
    for name, code, places in (
        ("ingest", INGEST, (folder / "source", folder / "raw")),
        ("prepare", PREPARE, (folder / "raw", folder / "prepared")),
    ):
        results[name] = measure(project, code, *places)
        show(f"{name} of {options.files:,} files: {results[name]}")
    save("benchmark-many-images", results)


if __name__ == "__main__":
    main()
