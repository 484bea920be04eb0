"""The classical models that the network is compared with, and what they see of a table."""

from __future__ import annotations

import warnings
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..schema import Manifest
from .tuning import Candidates

REFERENCE = "linear"  # what robustness is measured against: simple, and the same everywhere
MOST_CODES = 255  # of a category column that boosted trees take as categories, not as numbers
MOST_INDICATORS = 64  # columns that one category column becomes for models on scales


def candidates(manifest: Manifest, rows: int, seed: int, most: int) -> Candidates:
    """Return each baseline for ``rows`` training rows, with the space of its hyperparameters.

    What a model needs done to the matrix stands before it in a pipeline, and is fitted with it.

    Args:
        manifest: of the prepared data; without classes the models are regressions.
        rows: that a model is fitted to.
        seed: of the models that draw at random.
        most: columns that models on scales keep of a wider table, the most telling first.
    """
    from sklearn.pipeline import Pipeline

    models = _classifiers(manifest, seed) if manifest.classes else _regressors(manifest, seed)
    near = [number for number in (1, 3, 5, 7, 11, 15, 25) if number <= rows]
    models["knn"][1]["n_neighbors"] = near
    scales = _scales(manifest, most)
    before = {"linear": scales, "knn": scales, "boosted_trees": _values(manifest)}
    for name, steps in before.items():
        model, space = models[name]
        pipeline = Pipeline([*steps, ("model", model)])
        models[name] = pipeline, {f"model__{key}": values for key, values in space.items()}
    return models


def features_of(
    matrix: NDArray[np.float32], manifest: Manifest, fold: int | None, most: int
) -> NDArray[np.float32]:
    """Return the prepared matrix (rows, columns) in memory: each model has its own way with it.

    Numbers come first, NaN where missing, then categories as codes, 0 where missing or unseen.
    """
    del manifest, fold, most
    return np.array(matrix)  # random forests refuse a file that is mapped read-only and has NaN


def _classifiers(manifest: Manifest, seed: int) -> Candidates:
    from scipy.stats import loguniform
    from sklearn.dummy import DummyClassifier
    from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
    from sklearn.neighbors import KNeighborsClassifier

    from .softmax import SoftmaxRegression

    boosted = HistGradientBoostingClassifier(**_boosting(manifest, seed))
    return {
        "dummy": (DummyClassifier(strategy="prior"), {}),
        "linear": (SoftmaxRegression(max_iter=500), {"C": loguniform(1e-4, 1e2)}),
        "knn": (KNeighborsClassifier(weights="distance"), {}),
        "random_forest": (RandomForestClassifier(random_state=seed), _forests()),
        "boosted_trees": (boosted, _boosters()),
    }


def _regressors(manifest: Manifest, seed: int) -> Candidates:
    from scipy.stats import loguniform
    from sklearn.dummy import DummyRegressor
    from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestRegressor
    from sklearn.linear_model import Ridge
    from sklearn.neighbors import KNeighborsRegressor

    boosted = HistGradientBoostingRegressor(**_boosting(manifest, seed))
    return {
        "dummy": (DummyRegressor(), {"strategy": ["mean", "median"]}),
        "linear": (Ridge(), {"alpha": loguniform(1e-2, 1e3)}),
        "knn": (KNeighborsRegressor(weights="distance"), {}),
        "random_forest": (RandomForestRegressor(random_state=seed), _forests()),
        "boosted_trees": (boosted, _boosters()),
    }


def _forests() -> dict[str, Any]:
    return {"max_features": ["sqrt", 0.3, 0.6], "min_samples_leaf": [1, 3, 5]}


def _boosters() -> dict[str, Any]:
    from scipy.stats import loguniform

    return {
        "learning_rate": loguniform(0.03, 0.3),
        "max_iter": [50, 100, 200],
        "max_leaf_nodes": [4, 8, 16, 31],
        "min_samples_leaf": [5, 10, 20, 40],
    }


def _boosting(manifest: Manifest, seed: int) -> dict[str, Any]:
    """Return what every setting of boosted trees has: early stopping would hold rows back."""
    known = [
        position
        for position, feature in enumerate(manifest.features)
        if feature.categories is not None and len(feature.categories) < MOST_CODES
    ]
    return {"categorical_features": known or None, "early_stopping": False, "random_state": seed}


def _scales(manifest: Manifest, most: int) -> list[tuple[str, Any]]:
    """Return the steps before a model for which the scale of a column matters.

    Numbers are standardised; medians stand for missing ones, and one more column says which were.
    A category column becomes one column a category, rare ones together.
    """
    from sklearn.compose import make_column_transformer
    from sklearn.feature_selection import SelectKBest, f_classif, f_regression
    from sklearn.impute import MissingIndicator, SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    numeric = [feature.categories is None for feature in manifest.features]
    numbers, categories = np.flatnonzero(numeric), np.flatnonzero(~np.array(numeric, bool))
    imputer = SimpleImputer(strategy="median", keep_empty_features=True)
    one_hot = OneHotEncoder(
        handle_unknown="infrequent_if_exist", max_categories=MOST_INDICATORS, sparse_output=False
    )
    columns = make_column_transformer(
        (make_pipeline(imputer, StandardScaler()), numbers),
        (MissingIndicator(error_on_new=False), numbers),
        (one_hot, categories),
    )
    steps: list[tuple[str, Any]] = [("columns", columns)]
    if len(numeric) > most:
        measure = f_classif if manifest.classes else f_regression
        steps.append(("most telling", SelectKBest(partial(_telling, measure), k=most)))
    return steps


def _values(manifest: Manifest) -> list[tuple[str, Any]]:
    """Return the step before boosted trees, which have no bins for a number that has no values."""
    from sklearn.compose import make_column_transformer
    from sklearn.preprocessing import FunctionTransformer

    empty = FunctionTransformer(np.zeros_like), partial(_empty, manifest.numbers)
    return [("columns", make_column_transformer(empty, remainder="passthrough"))]


def _empty(numbers: int, features: NDArray[np.float32]) -> list[int]:
    return np.flatnonzero(np.isnan(features[:, :numbers]).all(axis=0)).tolist()


def _telling(measure: Any, features: Any, targets: Any) -> Any:
    """Return how much each column moves with the target, NaN for one that does not move."""
    with warnings.catch_warnings(action="ignore"):
        return measure(features, targets)[0]
