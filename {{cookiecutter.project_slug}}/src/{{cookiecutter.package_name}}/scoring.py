"""What the networks of a model folder say of each row of one split."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from .arrays import load_split
from .predictions import Predictions
from .predictor import Predictor
from .schema import Manifest
from .slices.facts import facts_of
from .splits import views

Networks = dict[int | None, Predictor]  # by the fold whose rows each was not trained on


def load_networks(model: Path, prepared: Path, *, own: bool = True) -> Networks:
    """Return the network of each fold, or without folds the released one.

    Args:
        model: a model folder; the networks of folds lie in folders fold-N below it.
        prepared: the data that it was trained on.
        own: whether to make sure of that; who does not knows that their split is the same.

    Raises:
        UserError: when the model was trained on other data.
    """
    manifest, released = Manifest.load(prepared), Predictor(model)
    if own:
        released.require_own(manifest)
    return {
        fold: released if fold == released.fold else Predictor(model / f"fold-{fold}")
        for fold in views(manifest.folds, released.fold)
    }


def predict_rows(
    networks: Networks, prepared: Path, split: str, named: Collection[str] | None = None
) -> Predictions:
    """Return the predictions of ``split``, with the facts of each row where some are ``named``."""
    tables: list[Predictions] = []
    for fold, network in networks.items():
        rows = load_split(prepared, split, fold)
        ids, outputs = rows.ids, network.predict(rows.inputs)
        facts = None if named is None else facts_of(prepared, ids, rows.inputs, named)
        tables.append(
            Predictions(ids, network.classes, rows.targets, outputs, facts=facts),
        )
    return Predictions.together(tables, list(networks))
