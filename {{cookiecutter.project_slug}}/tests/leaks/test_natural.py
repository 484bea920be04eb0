import numpy as np

from {{ cookiecutter.package_name }}.leaks.natural import unnatural


def test_one_surprise_must_be_larger_than_each_of_many() -> None:
    assert unnatural(np.array([1e-9]), 1000).tolist() == [True]
    assert unnatural(np.array([1e-6]), 1000).tolist() == [False]
    assert unnatural(np.full(20, 1e-5), 1000).all()


def test_common_rows_stay_natural_beside_surprises() -> None:
    expected = np.array([3.0, 1e-20, 0.5, 1e-15])
    assert unnatural(expected, 100).tolist() == [False, True, False, True]


def test_nothing_found_is_nothing_unnatural() -> None:
    assert unnatural(np.zeros(0), 0).tolist() == []
