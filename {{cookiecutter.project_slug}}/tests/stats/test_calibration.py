from collections.abc import Callable

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from sklearn.metrics import brier_score_loss, log_loss
from torchmetrics.classification import MulticlassCalibrationError

from {{ cookiecutter.package_name }}.stats import calibration as module
from {{ cookiecutter.package_name }}.stats.calibration import (
    SMALLEST_PROBABILITY,
    brier_scores,
    calibration,
    log_losses,
)

Sample = tuple[NDArray[np.float64], NDArray[np.bool_]]


def sample(rows: int, off: float = 0.0, seed: int = 0) -> Sample:
    """Confidences, and outcomes that are right by ``off`` less often than they say."""
    random = np.random.default_rng(seed)
    confidence = random.uniform(0.5, 1.0, rows)
    return confidence, random.random(rows) < confidence - off


def test_log_loss_and_brier_agree_with_scikit_learn() -> None:
    random = np.random.default_rng(0)
    outputs, targets = random.dirichlet(np.ones(3), 300), random.integers(0, 3, 300)
    assert log_losses(outputs, targets).mean() == pytest.approx(log_loss(targets, outputs))
    positive = (targets > 0).astype(np.int64)
    of_two = brier_scores(outputs[:, :1] * [1, -1] + [0, 1], positive).mean()
    assert of_two == pytest.approx(2 * brier_score_loss(positive, 1 - outputs[:, 0]))


def test_a_model_that_is_sure_and_wrong_has_a_finite_loss() -> None:
    assert log_losses([[1.0, 0.0]], [1]) == pytest.approx(-np.log(SMALLEST_PROBABILITY))
    assert brier_scores([[1.0, 0.0]], [1]) == pytest.approx(2)


def test_the_error_agrees_with_torchmetrics() -> None:
    random = np.random.default_rng(0)
    outputs = random.dirichlet(np.ones(4), 500)
    targets = random.integers(0, 4, 500)
    measure = MulticlassCalibrationError(num_classes=4, n_bins=15, norm="l1")
    expected = float(measure(torch.tensor(outputs), torch.tensor(targets)))
    found = calibration(outputs.max(axis=1), outputs.argmax(axis=1) == targets)
    assert found.error == pytest.approx(expected, abs=1e-6)


def test_bins_tell_how_sure_how_right_and_how_many() -> None:
    found = calibration([0.61, 0.62, 0.97, 1.0], [True, False, True, True], bins=10)
    assert found.bins.confidence == pytest.approx([0.615, 0.985])
    assert found.bins.accuracy == pytest.approx([0.5, 1.0])
    assert found.bins.rows.tolist() == [2, 2]
    assert found.error == pytest.approx((2 * 0.115 + 2 * 0.015) / 4)


def test_of_true_probabilities_the_error_is_not_zero_and_the_null_says_so() -> None:
    found = calibration(*sample(360))
    assert found.expected == pytest.approx(0.047, abs=0.015)
    assert 0.3 * found.expected < found.error < found.limit


def test_true_probabilities_are_called_wrong_in_one_case_of_twenty() -> None:
    found = [calibration(*sample(360, seed=seed), draws=200) for seed in range(200)]
    assert np.mean([one.error > one.limit for one in found]) <= 0.10
    assert np.mean([one.p_value <= 0.05 for one in found]) <= 0.10


def test_a_model_that_is_too_sure_is_found_out() -> None:
    found = calibration(*sample(360, off=0.12))
    assert found.error > found.limit
    assert found.p_value < 0.01
    outside = (found.bins.accuracy < found.bins.low) | (found.bins.accuracy > found.bins.high)
    assert outside.mean() > 0.3


def test_the_band_holds_the_bins_of_true_probabilities() -> None:
    found = [calibration(*sample(1000, seed=seed), draws=200).bins for seed in range(40)]
    held = [(one.low <= one.accuracy) & (one.accuracy <= one.high) for one in found]
    assert np.concatenate(held).mean() >= 0.9


def test_many_rows_are_drawn_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = calibration(*sample(300))
    monkeypatch.setattr(module, "CHUNK_CELLS", 900)
    assert calibration(*sample(300)).limit == pytest.approx(whole.limit, rel=0.15)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: calibration([], []), r"confidence has shape \(0,\)"),
        (lambda: calibration([0.5, float("nan")], [1, 0]), r"confidence\[1\] is nan"),
        (lambda: calibration([0.5, 0.6], [1]), r"correct has shape \(1,\): expected \(2,\)"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(
    call: Callable[[], object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        call()
