"""`prepare` of large tables against hand-written streaming polars, in turns, in one run.

By hand: check ranges and missing values, split by hash, standardise by training statistics, write.
`prepare` does that and more (unique keys, categories, a contract); it writes arrays and Parquet.
"""

import argparse
import shutil

from project import BUILD, PACKAGE, generate, measure, save, show

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
import polars as pl
source, out = sys.argv[1], Path(sys.argv[2])
out.mkdir(parents=True)
table = pl.scan_parquet(source)
numbers = [f"x{number}" for number in range(15)]
place = pl.col("id").hash(1) % 100
train = place >= 35
facts = table.select(
    pl.len().alias("rows"),
    pl.col("id").n_unique().alias("ids"),
    *[pl.col(name).is_null().sum().alias(f"missing {name}") for name in [*numbers, "y"]],
    *[pl.col(name).min().alias(f"least {name}") for name in numbers],
    *[pl.col(name).max().alias(f"most {name}") for name in numbers],
    *[pl.col(name).filter(train).mean().alias(f"mean {name}") for name in numbers],
    *[pl.col(name).filter(train).std().alias(f"std {name}") for name in numbers],
).collect(engine="streaming").row(0, named=True)
assert facts["rows"] == facts["ids"]
assert all(facts[f"missing {name}"] == 0 for name in [*numbers, "y"])
assert all(-20 < facts[f"least {n}"] and facts[f"most {n}"] < 20 for n in numbers)
scaled = [(pl.col(n) - facts[f"mean {n}"]) / facts[f"std {n}"] for n in numbers]
ready = table.with_columns(scaled)
parts = {"test": place < 20, "val": (place >= 20) & (place < 35), "train": train}
for name, part in parts.items():
    ready.filter(part).sink_parquet(out / f"{name}.parquet")
"""

OURS = f"""
import sys
from pathlib import Path
from {PACKAGE}.config_kit import OnBad
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
    """Print time and memory of both for each size, and what the limits of the issue say of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 5_000_000, 20_000_000])
    parser.add_argument("--turns", type=int, default=2)
    options = parser.parse_args()
    project, results = generate("tabular"), []
    for rows in options.rows:
        raw = BUILD / "benchmark-raw"
        shutil.rmtree(raw, ignore_errors=True)
        raw.mkdir()
        measure(project, TABLE, rows, raw / "table.parquet")
        for turn in range(options.turns):
            ways = ("hand", BY_HAND, raw / "table.parquet"), ("ours", OURS, raw)
            for name, code, source in ways:
                out = BUILD / "benchmark-out"
                shutil.rmtree(out, ignore_errors=True)
                found = measure(project, code, source, out)
                results.append({"rows": rows, "turn": turn, "what": name, **found})
                show(f"{rows:>11,} rows, {name}: {found}")
    save("benchmark-prepare-table", results)
    best = {
        (entry["rows"], entry["what"]): (entry["seconds"], entry["mib"])
        for entry in sorted(results, key=lambda entry: -entry["seconds"])
    }
    for rows in options.rows:
        (ours, memory), (hand, other) = best[rows, "ours"], best[rows, "hand"]
        show(
            f"{rows:>11,} rows: {ours:.1f} s, {ours / hand:.2f} x by hand; "
            f"{memory:.0f} MiB, by hand {other:.0f}"
        )
    few, many = options.rows[0], options.rows[-1]
    growth = best[many, "ours"][1] / best[few, "ours"][1]
    time = best[many, "ours"][0] / best[few, "ours"][0] / (many / few)
    show(f"from {few:,} to {many:,} rows: memory x {growth:.2f}, time per row x {time:.2f}")


if __name__ == "__main__":
    main()
