"""Train on a table that is larger than the memory that the process may use.

RLIMIT_DATA bounds what the process allocates, as a container's limit would; a file that is only
mapped does not count. The same training with every split in memory must fail under the same limit.
"""

import argparse
import shutil

from project import BUILD, PACKAGE, generate, measure, save, show

PREPARED = f"""
import json, sys
from pathlib import Path
import numpy as np
from {PACKAGE}.arrays import SplitWriter, load_rows, statistics_of
from {PACKAGE}.schema import Feature, Manifest
import polars as pl
folder, rows, columns = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
random, sizes = np.random.default_rng(0), {{"train": rows, "val": 20_000, "test": 20_000}}
for split, count in sizes.items():
    with SplitWriter(folder / split, columns, np.int64) as writer:
        for start in range(0, count, 100_000):
            some = min(100_000, count - start)
            x = random.normal(size=(some, columns)).astype("f4")
            ids = [str(n) for n in range(start, start + some)]
            named = pl.DataFrame({{"id": ids, "fold": [0] * some}})
            writer.append(named, x, (x[:, 0] + random.normal(size=some) > 0).astype(np.int64))
samples = pl.DataFrame({{"id": ["0"], "split": ["train"], "fold": [0]}})
samples.write_parquet(folder / "samples.parquet")
features = [Feature(f"x{{n}}", None) for n in range(columns)]
val = load_rows(folder, "val", features, 0, None)
Manifest(
    target="y", classes=["no", "yes"], features=features, others=[], columns={{}}, rows=sizes,
    rows_per_class={{n: [c // 2, c // 2] for n, c in sizes.items()}},
    hashes=dict.fromkeys(sizes, "0"), folds=0,
    statistics=[statistics_of(val, columns, regression=False)], bad_rows=0, about="",
).save(folder)
"""

TRAIN = f"""
import resource, sys
from pathlib import Path
import lightning.pytorch, torch
from {PACKAGE}.training.fitting import new_learner
from {PACKAGE}.config import typed
from {PACKAGE}.data import PreparedData
from {PACKAGE}.config.training import Reading
from {PACKAGE}.training.history import History
from {PACKAGE}.training.trainer import fit, make_trainer, start
from {PACKAGE}.runtime.composition import compose
folder, limit, share = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
small = ["model=mlp", "model.width=16", "model.bins=1", "model.embedding=1"]
short = ["data.batch_size=8192", "trainer.max_epochs=1", f"data.memory_share={{share}}"]
config = typed(compose([*small, *short]))
start(0, 1)
torch.ones(8, 8) @ torch.ones(8, 8)
lines = Path("/proc/self/status").read_text().splitlines()
used = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmData"))
resource.setrlimit(resource.RLIMIT_DATA, (used + limit, used + limit))
share = config.data.memory_share
data = PreparedData(
    folder, Reading(8192, share), config.data.augmentation, fold=None, seed=0
)
learner = new_learner(data, config.model, config.optimizer, config.trainer)
history = History(folder / "history.csv", 1, None)
fit(make_trainer(config.trainer, folder, [history]), learner, data, None)
print("on disk" if data.train.on_disk else "in memory", history.best_metrics)
"""


def main():
    """Print what happens from disk and in memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=12_000_000)
    parser.add_argument("--columns", type=int, default=50)
    parser.add_argument("--limit-mib", type=int, default=1024)
    options = parser.parse_args()
    project, folder = generate("tabular"), BUILD / "benchmark-large"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    measure(project, PREPARED, folder, options.rows, options.columns)
    size = (folder / "train" / "features.npy").stat().st_size / 2**20
    limit = f"at most {options.limit_mib} MiB for the process beyond its imports"
    show(f"features of {size:.0f} MiB, {limit}")
    results = {"mib": size, "limit": options.limit_mib}
    for name, share in (("from disk", "0.0"), ("in memory", "1000.0")):
        results[name] = measure(project, TRAIN, folder, options.limit_mib * 2**20, share)
        show(f"{name}: {results[name]}")
    save("benchmark-train-beyond-memory", results)


if __name__ == "__main__":
    main()
