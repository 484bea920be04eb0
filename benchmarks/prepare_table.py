"""`prepare` of large tables against hand-written streaming polars, in turns, in one run.

Both check ranges, missing values and unique keys, split by hash, write every row with its split,
count classes, take means, deviations, 129 quantiles and categories of the training rows, encode,
and write the features of each split. By hand for this one table; `prepare` for any contract.
"""

import argparse
import shutil
from statistics import median

from project import BUILD, PACKAGE, generate, measure, save, show

WAYS = ("ours", "hand")
TABLE = """
import sys
import numpy as np, pyarrow as pa, pyarrow.parquet as parquet
rows, file = int(sys.argv[1]), sys.argv[2]
random, writer = np.random.default_rng(0), None
cities = np.array([f"city {number:02d}" for number in range(12)])
for start in range(0, rows, 250_000):
    count = min(250_000, rows - start)
    columns = {"id": np.arange(start, start + count)}
    columns |= {f"x{number}": random.normal(size=count) for number in range(15)}
    columns |= {f"c{number}": cities[random.integers(0, 12, count)] for number in range(3)}
    columns["y"] = np.where(columns["x0"] + random.normal(size=count) > 0, "yes", "no")
    table = pa.table(columns)
    writer = writer or parquet.ParquetWriter(file, table.schema)
    writer.write_table(table, row_group_size=250_000)
writer.close()
"""

BY_HAND = """
import sys
from pathlib import Path
import numpy as np
import polars as pl
source, out = sys.argv[1], Path(sys.argv[2])
out.mkdir(parents=True)
table = pl.scan_parquet(source)
numbers, words = [f"x{number}" for number in range(15)], [f"c{number}" for number in range(3)]
facts = table.select(
    pl.len().alias("rows"),
    pl.col("id").n_unique().alias("ids"),
    *[pl.col(name).null_count().alias(f"missing {name}") for name in [*numbers, *words, "y"]],
    *[pl.col(name).min().alias(f"least {name}") for name in numbers],
    *[pl.col(name).max().alias(f"most {name}") for name in numbers],
).collect(engine="streaming").row(0, named=True)
assert facts["rows"] == facts["ids"]
assert all(facts[f"missing {name}"] == 0 for name in [*numbers, *words, "y"])
assert all(-20 < facts[f"least {n}"] and facts[f"most {n}"] < 20 for n in numbers)
place = pl.col("id").hash(1) % 100
part = pl.when(place < 20).then(pl.lit("test")).when(place < 35).then(pl.lit("val"))
split = part.otherwise(pl.lit("train"))
samples = table.with_columns(pl.col("id").cast(pl.String), split=split)
samples.sink_parquet(out / "samples.parquet", compression="lz4")
rows = pl.scan_parquet(out / "samples.parquet")
train = rows.filter(pl.col("split") == "train")
counts = rows.group_by("split", "y").len().collect(engine="streaming")
seen = {n: sorted(train.select(n).unique().collect(engine="streaming")[n]) for n in words}
moments = train.select(
    *[pl.col(name).mean().alias(f"mean {name}") for name in numbers],
    *[pl.col(name).std().alias(f"std {name}") for name in numbers],
).collect(engine="streaming")
some = train.select(numbers).gather_every(max(1, facts["rows"] // 300_000))
ranked = some.collect(engine="streaming").to_numpy()
quantiles = np.quantile(ranked, np.linspace(0, 1, 129), axis=0)
codes = {n: {word: code for code, word in enumerate(seen[n], 1)} for n in words}
ready = rows.select(
    "split",
    *[pl.col(name).cast(pl.Float32) for name in numbers],
    *[pl.col(n).replace_strict(codes[n], default=0, return_dtype=pl.Float32) for n in words],
    pl.col("y").replace_strict({"no": 0, "yes": 1}, return_dtype=pl.Int64),
)
for name in ("train", "val", "test"):
    ready.filter(split=name).drop("split").sink_parquet(out / f"{name}.parquet", compression="lz4")
"""

OURS = f"""
import sys
from pathlib import Path
from {PACKAGE}.config.kit import OnBad
from {PACKAGE}.contract.contract import Column, Contract, Kind, Task
from {PACKAGE}.prepare import prepare
from {PACKAGE}.splits import Split
number, category = Column(Kind.number, min=-20, max=20), Column(Kind.category)
columns = {{"id": Column(Kind.text)}} | {{f"x{{i}}": number for i in range(15)}}
columns |= {{f"c{{i}}": category for i in range(3)}} | {{"y": category}}
contract = Contract("synthetic", "y", Task.classification, columns, key="id")
split = Split(val=0.15, test=0.2, folds=0, salt=0)
prepare(Path(sys.argv[1]), Path(sys.argv[2]), contract, split=split, on_bad=OnBad.stop)
"""


def main():
    """Print time and memory of both for each size, and the ratios of the turns."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 5_000_000, 20_000_000])
    parser.add_argument("--turns", type=int, default=3)
    options = parser.parse_args()
    project, results = generate("tabular"), []
    for rows in options.rows:
        raw = BUILD / "benchmark-raw"
        shutil.rmtree(raw, ignore_errors=True)
        raw.mkdir()
        measure(project, TABLE, rows, raw / "table.parquet")
        for turn in range(options.turns):
            ways = [("hand", BY_HAND, raw / "table.parquet"), ("ours", OURS, raw)]
            for name, code, source in ways if turn % 2 else ways[::-1]:
                out = BUILD / "benchmark-out"
                shutil.rmtree(out, ignore_errors=True)
                found = measure(project, code, source, out)
                results.append({"rows": rows, "turn": turn, "what": name, **found})
                show(f"{rows:>11,} rows, {name}: {found}")
    save("benchmark-prepare-table", results)
    for rows in options.rows:
        ours, hand = ([e for e in results if e["rows"] == rows and e["what"] == w] for w in WAYS)
        ratio = median(a["seconds"] / b["seconds"] for a, b in zip(ours, hand, strict=True))
        (time, memory), (_, other) = typical(ours), typical(hand)
        show(
            f"{rows:>11,} rows: {time:.1f} s, {ratio:.2f} x by hand; {memory:.0f} MiB / {other:.0f}"
        )
    few, many = (
        typical([e for e in results if e["rows"] == rows and e["what"] == "ours"])
        for rows in (options.rows[0], options.rows[-1])
    )
    growth = many[1] / few[1]
    time = many[0] / few[0] / (options.rows[-1] / options.rows[0])
    show(f"from the first size to the last: memory x {growth:.2f}, time per row x {time:.2f}")


def typical(entries):
    """Return the middle of the seconds, and the most memory."""
    return median(entry["seconds"] for entry in entries), max(entry["mib"] for entry in entries)


if __name__ == "__main__":
    main()
