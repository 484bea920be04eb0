"""How well do the nearest neighbours do, judged on rows that had no part in any choice?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.model_selection import PredefinedSplit, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def predicted_in_folds(
    features: NDArray[np.float64],
    targets: NDArray[np.int64],
    folds: NDArray[np.int64],
    kept: int,
    neighbours: int,
) -> NDArray[np.int64]:
    """Return what is predicted of each row (n,) by a model that has not seen its fold.

    A model keeps the ``kept`` features that tell the classes apart best (the largest F of the
    analysis of variance), standardises them, and asks the nearest neighbours.

    Args:
        features: (n, d).
        targets: class numbers (n,).
        folds: the number of each row's fold (n,); rows of one person are in one fold.
        kept: how many features.
        neighbours: how many are asked.
    """
    model = make_pipeline(
        SelectKBest(f_classif, k=kept), StandardScaler(), KNeighborsClassifier(neighbours)
    )
    return cross_val_predict(model, features, targets, cv=PredefinedSplit(folds))
