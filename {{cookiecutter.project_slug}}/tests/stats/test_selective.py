import numpy as np
import pytest

from {{ cookiecutter.package_name }}.stats.intervals import wilson
from {{ cookiecutter.package_name }}.stats.selective import accuracy_at, risk_coverage


def test_the_surest_rows_come_first() -> None:
    coverage, risk = risk_coverage([0.5, 0.9, 0.7, 0.8], [False, True, False, True])
    assert coverage.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert risk == pytest.approx([0, 0, 1 / 3, 1 / 2])


def test_rows_of_equal_confidence_stay_together_whatever_their_order() -> None:
    sure, right = np.array([0.9, 0.9, 0.9, 0.6]), np.array([True, False, True, True])
    for order in ([0, 1, 2, 3], [3, 1, 0, 2]):
        coverage, risk = risk_coverage(sure[order], right[order])
        assert coverage.tolist() == [0.75, 1.0]
        assert risk == pytest.approx([1 / 3, 1 / 4])


def test_accuracy_on_the_surest_nine_tenths() -> None:
    sure = np.linspace(0.5, 1, 100)
    right = sure > 0.53
    kept = accuracy_at(0.9, sure, right)
    assert (kept.value, kept.rows, kept.method) == (1.0, 90, "Wilson")
    assert accuracy_at(0.98, sure, right) == wilson(94, 98)


def test_a_confidence_that_knows_nothing_gains_nothing() -> None:
    random = np.random.default_rng(0)
    kept = accuracy_at(0.5, random.random(4000), random.random(4000) < 0.8)
    assert kept.value == pytest.approx(0.8, abs=0.03)


def test_what_does_not_fit_together_is_refused() -> None:
    with pytest.raises(ValueError, match=r"correct has shape \(1,\): expected \(2,\)"):
        risk_coverage([0.1, 0.2], [True])
    with pytest.raises(ValueError, match=r"coverage is 1\.5: expected"):
        accuracy_at(1.5, [0.1], [True])
