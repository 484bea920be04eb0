"""Classical models on the same split, each with the same number of tries on the validation set."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from .config import Baselines, Config
from .runtime.command import command
from .runtime.files import Workspace

if TYPE_CHECKING:
    from .classical.tuning import Facts
    from .predictions import Predictions
    from .schema import Manifest


@command
def main(config: Config, workspace: Workspace) -> None:
    """Tune, fit and score the baselines."""
    from threadpoolctl import threadpool_limits

    from .classical.tuning import told
    from .predictions import Predictions
    from .schema import Manifest
    from .splits import views

    prepared = workspace.reads("data/prepared")
    workspace.reads("reports/audit.json")  # rows that leak are not trained on
    manifest = Manifest.load(prepared)
    folds = views(manifest.folds, config.data.fold)
    found: dict[str, list[tuple[dict[str, Predictions], Facts]]] = {}
    with threadpool_limits(config.baselines.threads):
        for fold in folds:
            for name, *one in baselines_of(prepared, manifest, fold, config.baselines, config.seed):
                found.setdefault(name, []).append((one[0], one[1]))
                where = "" if fold is None else f"fold {fold}, "
                print(f"baselines: {where}{name} {told(one[1])}", flush=True)
    with workspace.publishes("predictions/baselines") as folder:
        for name, results in found.items():
            for split in ("val", "test"):
                table = Predictions.together([tables[split] for tables, _ in results], folds)
                table.save(folder / name / f"{split}.parquet")
        facts = {name: [facts for _, facts in results] for name, results in found.items()}
        (folder / "tuning.json").write_text(json.dumps(facts, indent=1) + "\n", "utf-8")


def baselines_of(
    prepared: Path, manifest: Manifest, fold: int | None, settings: Baselines, seed: int
) -> Iterator[tuple[str, dict[str, Predictions], Facts]]:
    """Yield each baseline's name, its predictions of val and test, and how it was tuned."""
    import numpy as np

    from .arrays import load_split
    from .classical.models import candidates, features_of
    from .classical.tuning import outputs_of, sample_rows, tuned_models
    from .predictions import Predictions

    splits = {name: load_split(prepared, name, fold) for name in ("train", "val", "test")}
    kept = np.sort(sample_rows(len(splits["train"].ids), settings.max_rows, seed))
    targets = {name: rows.targets for name, rows in splits.items()}
    inputs = {name: rows.inputs for name, rows in splits.items()}
    targets["train"], inputs["train"] = targets["train"][kept], inputs["train"][kept]
    features = {
        name: features_of(array, manifest, fold, settings.max_features)
        for name, array in inputs.items()
    }
    models = candidates(manifest, len(kept), seed, settings.max_features)
    for name, model, facts in tuned_models(
        models, features, targets, manifest.classes, settings.trials, seed
    ):
        tables = {
            split: Predictions(
                splits[split].ids,
                manifest.classes,
                targets[split],
                outputs_of(model, features[split], manifest.classes),
            )
            for split in ("val", "test")
        }
        yield name, tables, facts


if __name__ == "__main__":
    main()
