import numpy as np
import pytest
from sklearn.svm import SVC

from {{ cookiecutter.package_name }}.stats.temperature import (
    Tempered,
    fit_sharpness,
    sharpened,
)


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


@pytest.mark.parametrize("sharpness", [0.4, 1.0, 3.0])
def test_a_distortion_that_is_one_temperature_is_found_and_undone(sharpness: float) -> None:
    random = np.random.default_rng(1)
    scores = random.normal(0, 2, size=(4000, 3))
    true = sharpened(scores, 1.0)
    targets = np.array([random.choice(3, p=chances) for chances in true])
    found = fit_sharpness(np.log(sharpened(scores, sharpness)), targets)
    assert found == pytest.approx(1 / sharpness, rel=0.1)


def test_a_class_that_training_never_saw_does_not_disturb_the_fit() -> None:
    generator = np.random.default_rng(0)
    targets = np.arange(80) % 2
    features = (targets[:, None] + generator.normal(size=(80, 2))).astype("float32")
    machine = SVC().fit(features, targets)
    usual = Tempered(machine, features, targets)
    foreign = np.where(np.arange(80) == 7, 2, targets)
    assert Tempered(machine, features, foreign).sharpness == pytest.approx(usual.sharpness, rel=0.5)
