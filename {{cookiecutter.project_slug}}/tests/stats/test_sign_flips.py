"""Flipping signs: the second half of stats/paired.py."""

import numpy as np
import pytest
from scipy.stats import permutation_test

from {{ cookiecutter.package_name }}.stats import paired


@pytest.mark.parametrize(("rows", "shift"), [(8, 0.3), (60, 0.0), (60, 0.25), (400, -0.1)])
def test_flipping_signs_agrees_with_scipy(rows: int, shift: float) -> None:
    differences = np.random.default_rng(1).normal(shift, 1, size=rows)
    expected = permutation_test(
        (differences,), np.mean, permutation_type="samples", n_resamples=5000, rng=2
    )
    found = paired.sign_flip_p(differences, resamples=5000)
    assert found == pytest.approx(expected.pvalue, abs=0.03)


def test_equal_models_are_told_apart_no_more_often_than_it_says() -> None:
    samples = np.random.default_rng(0).exponential(size=(400, 30))
    signs = np.random.default_rng(1).choice([-1, 1], size=samples.shape)
    found = [paired.sign_flip_p(one, resamples=199) for one in samples * signs]
    assert np.mean(np.array(found) <= 0.05) == pytest.approx(0.05, abs=0.025)


def test_no_difference_at_all_is_no_sign_of_one_and_p_is_never_zero() -> None:
    assert paired.sign_flip_p([0.0] * 20) == 1
    assert paired.sign_flip_p([1.0] * 60, resamples=99) == 1 / 100


def test_flips_repeat_themselves_for_one_seed_and_are_drawn_in_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    differences = np.random.default_rng(0).normal(0.3, 1, size=40)
    first, again, other = (paired.sign_flip_p(differences, seed=seed) for seed in (0, 0, 1))
    assert first == again != other
    monkeypatch.setattr(paired, "CHUNK_CELLS", 100)  # two draws at a time
    assert paired.sign_flip_p(differences) == first
