"""Classical models on the same split, each with the same number of tries on the validation set."""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .config import Baselines, Config
from .runtime.command import command
from .runtime.files import Workspace

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .predictions import Predictions
    from .schema import Manifest

Facts = dict[str, Any]  # of one tuned model, as tuning.json has them


@command
def main(config: Config, workspace: Workspace) -> None:
    """Tune, fit and score the baselines."""
    from threadpoolctl import threadpool_limits

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
    from .classical import features_of
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
    for name, model, facts in tuned_models(features, targets, manifest, settings.trials, seed):
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


def tuned_models(
    features: dict[str, NDArray[np.float32]],
    targets: dict[str, NDArray[Any]],
    manifest: Manifest,
    trials: int,
    seed: int,
) -> Iterator[tuple[str, Any, Facts]]:
    """Yield each baseline, fitted on train with the best of ``trials`` settings on validation.

    A model without probabilities gets them by temperature scaling on the validation set, which
    leaves its decisions as they are.
    """
    from sklearn.base import clone
    from sklearn.exceptions import ConvergenceWarning

    from .classical import candidates
    from .stats.calibration import Tempered

    rows, width = features["train"].shape
    for name, (model, space) in candidates(manifest, rows, seed).items():
        best_quality, best = -math.inf, model
        chosen: dict[str, Any] = {}
        settings = settings_of(space, trials, seed)
        for setting in settings:
            with warnings.catch_warnings(action="ignore", category=ConvergenceWarning):
                fitted = clone(model).set_params(**setting).fit(features["train"], targets["train"])
            quality = quality_of(fitted, features["val"], targets["val"], manifest.classes)
            if quality > best_quality:
                best_quality, best, chosen = quality, fitted, setting
        if manifest.classes and not hasattr(best, "predict_proba"):
            best = Tempered(best, features["val"], targets["val"])
        facts = {
            "trials": len(settings),
            "chosen": chosen,
            "converged": has_converged(best),
            "metric": "accuracy" if manifest.classes else "mae",
            "validation": abs(best_quality),
            "train_rows": rows,
            "features": width,
        }
        yield name, best, facts


def quality_of(
    model: Any, features: NDArray[np.float32], targets: NDArray[Any], classes: list[str]
) -> float:
    """Return the accuracy, or the mean absolute error with a minus: more is better."""
    import numpy as np

    predicted = model.predict(features)
    return float((predicted == targets).mean() if classes else -np.abs(predicted - targets).mean())


def outputs_of(
    model: Any, features: NDArray[np.float32], classes: list[str]
) -> NDArray[np.floating]:
    """Return probabilities (rows, classes), also of classes the model never saw, or values."""
    import numpy as np

    if not classes:
        return np.asarray(model.predict(features), np.float64)
    probabilities = np.zeros((len(features), len(classes)))
    if len(features):
        probabilities[:, model.classes_] = model.predict_proba(features)
    return probabilities


def has_converged(model: Any) -> bool:
    """Whether a logistic regression ended before its limit of iterations; others have none."""
    last = model[-1] if hasattr(model, "steps") else model
    if not hasattr(last, "coef_") or not hasattr(last, "classes_"):
        return True
    return bool(max(last.n_iter_) < last.max_iter)


def settings_of(space: dict[str, Any], trials: int, seed: int) -> list[dict[str, Any]]:
    """Return ``trials`` random settings of ``space``, or the only one of an empty space."""
    from sklearn.model_selection import ParameterSampler

    if all(isinstance(values, list) for values in space.values()):
        trials = min(trials, math.prod(map(len, space.values())))
    drawn = ParameterSampler(space, trials, random_state=seed)
    return [
        {key: round(float(v), 6) if isinstance(v, float) else v for key, v in draw.items()}
        for draw in drawn
    ]


def sample_rows(rows: int, most: int, seed: int) -> NDArray[np.int64]:
    """Return at most ``most`` row numbers, drawn without replacement."""
    import numpy as np

    return np.random.default_rng(seed).permutation(rows)[:most]


def told(facts: Facts) -> str:
    """Say how a model did on validation, and with which setting."""
    chosen = facts["chosen"] or "nothing to tune"
    cut = "" if facts["converged"] else ", stopped before it converged"
    return f"{facts['validation']:.3f} {facts['metric']} on validation, {chosen}{cut}"


if __name__ == "__main__":
    main()
