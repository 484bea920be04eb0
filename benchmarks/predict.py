"""`predict` against the exported model in a loop by hand, in turns, and its memory as files grow.

By hand: files are read the plainest way, a batch at a time, and everything is written at the end.
The model alone: batches that are in memory already. `predict` sets bad rows aside,
and can be killed at any moment.
"""

import argparse
import statistics

from project import BUILD, PACKAGE, generate, machine, measure, run_stages, save, show

IMAGES = """
import shutil, sys
from pathlib import Path
raw, folder, count = sorted(Path("data/raw").glob("*/*.png")), Path(sys.argv[1]), int(sys.argv[2])
shutil.rmtree(folder, ignore_errors=True)
for number in range(count):
    place = folder / f"{number % 100:02d}" / f"{number:06d}.png"
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(raw[number % len(raw)], place)
"""
ROWS = """
import sys
from pathlib import Path
import polars as pl
table = pl.concat([pl.read_parquet(file) for file in Path("data/raw").glob("*.parquet")])
copies = -(-int(sys.argv[2]) // table.height)
pl.concat([table] * copies).head(int(sys.argv[2])).write_parquet(sys.argv[1])
"""
OURS = f"""
import sys, time
from pathlib import Path
from {PACKAGE}.prediction.procedure import predict_files
from {PACKAGE}.prediction.source import Source
model = Path("models/network")
begun = time.perf_counter()
predict_files(model, Source(Path(sys.argv[1]), model, []), Path("runs/benchmark.parquet"))
print(time.perf_counter() - begun)
"""
LOAD = """
import json, sys, time
from pathlib import Path
import numpy as np, polars as pl, torch
folder = Path("models/network")
facts = json.loads((folder / "model.json").read_text())
begun = time.perf_counter()
program = torch.export.load(folder / "program.pt2").module()
said = []
def predict(batch):
    with torch.inference_mode():
        said.append(program(torch.from_numpy(batch)).softmax(dim=1).numpy())
"""
WRITE = """
pl.DataFrame(np.concatenate(said)).write_parquet("runs/benchmark-by-hand.parquet")
print(time.perf_counter() - begun)
"""
BY_HAND = {
    "image": LOAD
    + """
from PIL import Image
files, side = sorted(Path(sys.argv[1]).rglob("*.png")), facts["image_size"]
for start in range(0, len(files), 256):
    read = [np.asarray(Image.open(file).convert("L")) for file in files[start : start + 256]]
    predict(np.stack(read).reshape(-1, side, side, 1))
"""
    + WRITE,
    "tabular": LOAD
    + """
names = [feature["name"] for feature in facts["features"]]
table = pl.scan_parquet(sys.argv[1]).select(pl.col(names).cast(pl.Float32))
for rows in table.collect_batches(chunk_size=32768):
    for start in range(0, rows.height, 4096):
        predict(rows[start : start + 4096].to_numpy(order="c", writable=True))
"""
    + WRITE,
}
ALONE = {
    "image": """
shape = (256, facts["image_size"], facts["image_size"], facts["channels"])
batch, rows = np.zeros(shape, np.uint8), int(sys.argv[2])
""",
    "tabular": """
batch, rows = np.zeros((4096, len(facts["features"])), np.float32), int(sys.argv[2])
""",
}
REPEAT = """
begun = time.perf_counter()
for start in range(0, rows, len(batch)):
    predict(batch)
print(time.perf_counter() - begun)
"""


def seconds_of(project, code, source, rows):
    """Run one way; return the seconds that it says itself, and its peak memory."""
    found = measure(project, code, source, rows)
    assert "failed" not in found, found["failed"]
    return float(found["said"].splitlines()[-1]), found["mib"]


def compare(kit, rows, rounds):
    """Return the throughput of `predict` relative to both others, and the growth of its memory."""
    project = generate(kit)
    run_stages(project, "train")
    sources = {}
    for count in (rows // 10, rows):
        sources[count] = BUILD / f"predict-{kit}-{count}{'' if kit == 'image' else '.parquet'}"
        measure(project, IMAGES if kit == "image" else ROWS, sources[count], count)
    ways = {"ours": OURS, "by hand": BY_HAND[kit], "alone": LOAD + ALONE[kit] + REPEAT}
    found = []
    for number in range(rounds + 1):
        order = list(ways) if number % 2 else list(reversed(ways))
        one = {way: seconds_of(project, ways[way], sources[rows], rows) for way in order}
        one["tenth"] = seconds_of(project, OURS, sources[rows // 10], rows)
        if number:  # the first one fills caches
            found.append(one)
    for other in ("by hand", "alone"):
        ratios = [one[other][0] / one["ours"][0] for one in found]
        spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
        show(f"{kit}, {rows:,} rows: {statistics.median(ratios):.2f} of {other} ({spread})")
    growth = statistics.median(one["ours"][1] - one["tenth"][1] for one in found)
    peak = statistics.median(one["ours"][1] for one in found)
    pace = rows / statistics.median(one["ours"][0] for one in found)
    show(f"{kit}: {pace:,.0f} rows/s; {peak:.0f} MiB, {growth:+.0f} MiB for ten times the rows")
    return {"rows": rows, "rounds": found}


def main():
    """Measure both kits, and keep the numbers in build/."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    sizes = {"image": 20_000, "tabular": 200_000}
    kits = {kit: compare(kit, rows, rounds) for kit, rows in sizes.items()}
    save("predict", {**machine(), **kits})


if __name__ == "__main__":
    main()
