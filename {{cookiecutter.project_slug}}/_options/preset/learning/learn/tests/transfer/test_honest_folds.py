from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.datasets import load_wine
from sklearn.feature_selection import f_classif
from sklearn.neighbors import KNeighborsClassifier

from learn.transfer.honest_folds import predicted_in_folds

Floats, Numbers = NDArray[np.float64], NDArray[np.int64]


def noise(seed: int, rows: int = 60, width: int = 2000) -> tuple[Floats, Numbers, Numbers]:
    """Features that know nothing of the targets."""
    random = np.random.default_rng(seed)
    targets, folds = np.arange(rows) % 2, np.arange(rows) // 2 % 5
    return random.normal(size=(rows, width)), targets, folds


def wines() -> tuple[Floats, Numbers, Numbers]:
    """178 wines of three kinds, 13 features on very different scales."""
    table: Any = load_wine(return_X_y=True)
    features, targets = table
    return features, targets, np.random.default_rng(0).permutation(len(targets)) % 5


def test_nothing_is_found_where_there_is_nothing() -> None:
    right = [
        (predicted_in_folds(*noise(seed), kept=10, neighbours=3) == noise(seed)[1]).mean()
        for seed in range(5)
    ]
    assert 0.38 < np.mean(right) < 0.62  # whoever chooses features on all rows finds 0.8


def test_something_is_found_where_there_is_something() -> None:
    found = predicted_in_folds(*wines(), kept=6, neighbours=5)
    assert (found == wines()[1]).mean() > 0.93


def test_each_fold_is_predicted_by_what_the_others_say() -> None:
    features, targets, folds = wines()
    found = predicted_in_folds(features, targets, folds, kept=4, neighbours=7)
    for fold in range(5):
        own, others = folds == fold, folds != fold
        scores, _ = f_classif(features[others], targets[others])
        chosen = np.argsort(scores)[-4:]
        train = features[others][:, chosen]
        mean, deviation = train.mean(axis=0), train.std(axis=0)
        model = KNeighborsClassifier(7).fit((train - mean) / deviation, targets[others])
        expected = model.predict((features[own][:, chosen] - mean) / deviation)
        np.testing.assert_array_equal(found[own], expected)


@pytest.mark.parametrize("fold", [0, 3])
def test_a_strange_row_changes_no_answer_to_the_others_of_its_fold(fold: int) -> None:
    features, targets, folds = wines()
    strange = int(np.flatnonzero(folds == fold)[0])
    others = (folds == fold) & (np.arange(len(folds)) != strange)
    before = predicted_in_folds(features, targets, folds, kept=5, neighbours=3)
    changed = features.copy()
    changed[strange] *= 1000
    after = predicted_in_folds(changed, targets, folds, kept=5, neighbours=3)
    np.testing.assert_array_equal(after[others], before[others])


def test_the_folds_are_those_that_are_given() -> None:
    # Three rows of each person, alike: who has one of them in the training rows knows the others.
    people, twins, folds = noise(0, rows=60, width=4)
    rows, targets = np.repeat(people, 3, axis=0), np.repeat(twins, 3)
    found = predicted_in_folds(rows, targets, np.repeat(folds, 3), kept=4, neighbours=1)
    assert (found == targets).mean() < 0.75
