"""Which setting of a baseline is chosen: the second half of classical/tuning.py."""

from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

from {{ cookiecutter.package_name }}.classical import tuning

ORDERS = [[1, 9, 150], [150, 1, 9], [9, 150, 1]]  # 1: by heart, 150: the same for all


def noisy(classes: list[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """One feature, and a target that depends on it and on luck."""
    random = np.random.default_rng(0)
    features = {
        name: random.uniform(-1, 1, (160, 1)).astype("float32") for name in ("train", "val")
    }
    luck = {name: random.random(160) for name in features}
    high = {name: (rows[:, 0] > 0) ^ (luck[name] < 0.25) for name, rows in features.items()}
    values: dict[str, Any] = {
        name: np.sin(3 * rows[:, 0]) + luck[name] for name, rows in features.items()
    }
    targets = {name: high[name].astype("int64") for name in high} if classes else values
    # Whoever asks these rows chooses another setting.
    features["test"], targets["test"] = features["val"], 1 - targets["val"]
    return features, targets


@pytest.mark.parametrize("classes", [["low", "high"], []], ids=["classes", "values"])
@pytest.mark.parametrize("numbers", ORDERS, ids=str)
def test_the_setting_that_does_best_on_validation_is_kept_with_its_model(
    classes: list[str], numbers: list[int]
) -> None:
    features, targets = noisy(classes)
    model = KNeighborsClassifier() if classes else KNeighborsRegressor()
    qualities: dict[int, float] = {}
    for number in numbers:
        own = clone(model).set_params(n_neighbors=number).fit(features["train"], targets["train"])
        qualities[number] = tuning.quality_of(own, features["val"], targets["val"], classes)
    best = max(qualities, key=lambda number: qualities[number])
    assert best == 9
    candidates = {"neighbours": (model, {"n_neighbors": numbers})}
    ((name, found, facts),) = tuning.tuned_models(candidates, features, targets, classes, 3, 0)
    assert (name, facts["chosen"], facts["trials"]) == ("neighbours", {"n_neighbors": best}, 3)
    assert facts["validation"] == pytest.approx(abs(qualities[best]))
    assert found.n_neighbors == best
    expected = clone(model).set_params(n_neighbors=best).fit(features["train"], targets["train"])
    np.testing.assert_array_equal(found.predict(features["val"]), expected.predict(features["val"]))
