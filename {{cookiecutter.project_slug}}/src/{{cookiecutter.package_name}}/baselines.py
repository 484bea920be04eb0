"""Classical models on the same split, each with the same number of tries on the validation set."""

from __future__ import annotations

import json
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from .config import Config
from .runtime.command import command
from .runtime.files import Workspace

if TYPE_CHECKING:
    from .classical.fitting import Baseline


@command
def main(config: Config, workspace: Workspace) -> None:
    """Tune, fit and score the baselines."""
    from threadpoolctl import threadpool_limits

    from .classical.fitting import baselines_of
    from .classical.tuning import told
    from .probes.sampling import share_of
    from .schema import Manifest
    from .splits import views

    prepared = workspace.reads("data/prepared")
    workspace.reads("reports/audit.json")  # rows that leak are not trained on
    manifest = Manifest.load(prepared)
    folds = views(manifest.folds, config.data.fold)
    most = share_of(config.evaluation.robustness.rows, len(folds))
    found: dict[str, list[Baseline]] = {}
    with threadpool_limits(config.baselines.threads):
        began = perf_counter()
        for fold in folds:
            for one in baselines_of(prepared, manifest, fold, config.baselines, config.seed, most):
                found.setdefault(one.name, []).append(one)
                where = "" if fold is None else f"fold {fold}, "
                took, began = perf_counter() - began, perf_counter()
                print(f"baselines: {where}{one.name} {told(one.facts)}, {took:.1f} s", flush=True)
    with workspace.publishes("predictions/baselines") as folder:
        write(folder, found, folds)


def write(folder: Path, found: dict[str, list[Baseline]], folds: list[int | None]) -> None:
    """Write the tables of each baseline, its folds put together, and tuning.json."""
    import polars as pl

    from .predictions import Predictions

    for name, ones in found.items():
        for split in ("val", "test"):
            table = Predictions.together([one.tables[split] for one in ones], folds)
            table.save(folder / name / f"{split}.parquet")
        corrupted = [one.corrupted for one in ones if one.corrupted is not None]
        if corrupted:
            pl.concat(corrupted).write_parquet(folder / name / "corrupted.parquet")
    facts = {name: [one.facts for one in ones] for name, ones in found.items()}
    (folder / "tuning.json").write_text(json.dumps(facts, indent=1) + "\n", "utf-8", newline="\n")


if __name__ == "__main__":
    main()
