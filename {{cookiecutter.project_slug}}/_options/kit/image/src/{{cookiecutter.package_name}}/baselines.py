"""Classical models on the same split, each with the same number of tries on the validation set."""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .config import Config
from .runtime.command import command
from .runtime.files import Workspace

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .schema import Images, Manifest


@command
def main(config: Config, workspace: Workspace) -> None:
    """Tune, fit and score the baselines."""
    import numpy as np
    from threadpoolctl import threadpool_limits

    from .arrays import load_split
    from .predictions import Predictions
    from .schema import Manifest

    prepared = workspace.reads("data/prepared")
    manifest = Manifest.load(prepared)
    splits = {name: load_split(prepared, name) for name in ("train", "val", "test")}
    kept = np.sort(sample_rows(len(splits["train"].ids), config.baselines.max_rows, config.seed))
    targets = {name: rows.targets for name, rows in splits.items()} | {
        "train": splits["train"].targets[kept]
    }
    inputs = {name: rows.inputs for name, rows in splits.items()} | {
        "train": splits["train"].inputs[kept]
    }
    features = {
        name: pixels_of(images, manifest, config.baselines.max_side)
        for name, images in inputs.items()
    }
    tuning = {}
    threads = threadpool_limits(config.baselines.threads)
    with threads, workspace.publishes("predictions/baselines") as folder:
        for name, model, facts in tuned_models(
            features, targets, config.baselines.trials, config.seed
        ):
            for split in ("val", "test"):
                probabilities = np.zeros((len(targets[split]), len(manifest.classes)))
                probabilities[:, model.classes_] = model.predict_proba(features[split])
                table = Predictions(
                    splits[split].ids, manifest.classes, targets[split], probabilities
                )
                table.save(folder / name / f"{split}.parquet")
            tuning[name] = facts
            accuracy, chosen = facts["validation_accuracy"], facts["chosen"] or "nothing to tune"
            cut = "" if facts["converged"] else ", stopped before it converged"
            print(f"baselines: {name} {accuracy:.3f} on validation, {chosen}{cut}", flush=True)
        facts = {"train_rows": len(kept), "features": features["train"].shape[1], "models": tuning}
        (folder / "tuning.json").write_text(json.dumps(facts, indent=1) + "\n", "utf-8")


def candidates(rows: int, seed: int) -> dict[str, tuple[Any, dict[str, Any]]]:
    """Return each baseline for ``rows`` training rows, with the space of its hyperparameters."""
    from scipy.stats import loguniform
    from sklearn.dummy import DummyClassifier
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.svm import SVC

    neighbors = [number for number in (1, 3, 5, 7, 11, 15) if number <= rows]
    machine = SVC(break_ties=True)  # it decides by the scores that its probabilities come from
    forest = RandomForestClassifier(100, random_state=seed)
    return {
        "dummy": (DummyClassifier(strategy="prior"), {}),
        "logistic": (LogisticRegression(max_iter=300), {"C": loguniform(1e-4, 1e1)}),
        "knn": (KNeighborsClassifier(weights="distance"), {"n_neighbors": neighbors}),
        "svm_rbf": (machine, {"C": loguniform(1, 1e2), "gamma": loguniform(1e-3, 1e-1)}),
        "random_forest": (forest, {"max_features": [0.05, 0.1, 0.2], "min_samples_leaf": [1, 3]}),
    }


def tuned_models(
    features: dict[str, NDArray[np.float32]],
    targets: dict[str, NDArray[np.int64]],
    trials: int,
    seed: int,
) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Yield each baseline, fitted on train with the best of ``trials`` settings on validation.

    A model without probabilities gets them by temperature scaling on the validation set, which
    leaves its decisions as they are.
    """
    from sklearn.base import clone
    from sklearn.exceptions import ConvergenceWarning

    from .stats.calibration import Tempered

    for name, (model, space) in candidates(len(targets["train"]), seed).items():
        best_accuracy, best = -1.0, model
        chosen: dict[str, Any] = {}
        settings = settings_of(space, trials, seed)
        for setting in settings:
            with warnings.catch_warnings(action="ignore", category=ConvergenceWarning):
                fitted = clone(model).set_params(**setting).fit(features["train"], targets["train"])
            accuracy = float(fitted.score(features["val"], targets["val"]))
            if accuracy > best_accuracy:
                best_accuracy, best, chosen = accuracy, fitted, setting
        cut = name == "logistic" and best.n_iter_.max() >= best.max_iter
        if not hasattr(best, "predict_proba"):
            best = Tempered(best, features["val"], targets["val"])
        facts = {
            "trials": len(settings),
            "chosen": chosen,
            "converged": not cut,
            "validation_accuracy": best_accuracy,
        }
        yield name, best, facts


def settings_of(space: dict[str, Any], trials: int, seed: int) -> list[dict[str, Any]]:
    """Return ``trials`` random settings of ``space``, or the only one of an empty space."""
    from sklearn.model_selection import ParameterSampler

    if all(isinstance(values, list) for values in space.values()):
        trials = min(trials, math.prod(map(len, space.values())))
    drawn = ParameterSampler(space, trials, random_state=seed)
    return [
        {key: v if isinstance(v, int) else round(float(v), 6) for key, v in draw.items()}
        for draw in drawn
    ]


def pixels_of(images: Images, manifest: Manifest, max_side: int) -> NDArray[np.float32]:
    """Return standardised pixels (rows, features); large images are averaged over patches."""
    import numpy as np

    patch = -(-manifest.image_size // max_side)
    side = manifest.image_size // patch
    result = np.empty((len(images), side * side * manifest.channels), np.float32)
    for row, image in enumerate(images):  # one at a time: the images may not fit into memory
        cut = image[: side * patch, : side * patch].astype(np.float32)
        patches = cut.reshape(side, patch, side, patch, manifest.channels).mean(axis=(1, 3))
        result[row] = ((patches - np.array(manifest.mean)) / np.array(manifest.std)).ravel()
    return result


def sample_rows(rows: int, most: int, seed: int) -> NDArray[np.int64]:
    """Return at most ``most`` row numbers, drawn without replacement."""
    import numpy as np

    return np.random.default_rng(seed).permutation(rows)[:most]


if __name__ == "__main__":
    main()
