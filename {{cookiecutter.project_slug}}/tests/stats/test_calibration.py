import numpy as np
import pytest
from sklearn.svm import SVC

from {{ cookiecutter.package_name }}.stats.calibration import Tempered


@pytest.mark.parametrize("classes", [2, 3])
def test_temperature_keeps_the_decisions_and_makes_no_loss_worse(classes: int) -> None:
    generator = np.random.default_rng(0)
    targets = np.arange(120) % classes
    features = (np.eye(classes)[targets] + generator.normal(size=(120, classes))).astype("float32")
    machine = SVC(C=30, break_ties=True).fit(features[:60], targets[:60])
    features, targets = features[60:], targets[60:]
    tempered = Tempered(machine, features, targets)
    probabilities = tempered.predict_proba(features)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    np.testing.assert_array_equal(probabilities.argmax(axis=1), machine.predict(features))

    def loss() -> float:
        given = tempered.predict_proba(features)[np.arange(60), targets]
        return -np.log(given).mean()

    best, lowest = tempered.sharpness, loss()
    for factor in (0.5, 0.9, 1.1, 2):
        tempered.sharpness = best * factor
        assert loss() > lowest
