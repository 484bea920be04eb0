"""What the networks of a model folder say of each row of one split."""

from __future__ import annotations

from pathlib import Path

from .arrays import load_split
from .predictions import Predictions
from .predictor import Predictor
from .schema import Manifest
from .splits import views


def predict_split(model: Path, prepared: Path, split: str) -> Predictions:
    """Return the predictions of ``split``; with folds, each row's by the network of its fold.

    Args:
        model: a model folder; the networks of folds lie in folders fold-N below it.
        prepared: the data that it was trained on.
        split: "val" or "test".

    Raises:
        UserError: when the model was trained on other data.
    """
    manifest, released = Manifest.load(prepared), Predictor(model)
    released.require_own(manifest)
    folds = views(manifest.folds, released.fold)
    tables: list[Predictions] = []
    for fold in folds:
        own = fold == released.fold
        predictor = released if own else Predictor(model / f"fold-{fold}")
        rows = load_split(prepared, split, fold)
        outputs = predictor.predict(rows.inputs)
        tables.append(Predictions(rows.ids, manifest.classes, rows.targets, outputs))
    return Predictions.together(tables, folds)
