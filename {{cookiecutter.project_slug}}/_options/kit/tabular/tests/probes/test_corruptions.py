from dataclasses import replace

import numpy as np
import pytest
from kit_facts import small_manifest
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.probes.corruptions import (
    COLUMNS,
    CORRUPTIONS,
    MISSING,
    NOISE,
    UNIT,
    UNSEEN,
    applicable,
    corrupt,
)
from {{ cookiecutter.package_name }}.schema import Feature, Manifest, Statistics

NAMES = list(CORRUPTIONS)
NUMBERS, CATEGORIES = 10, 3
STD = [10.0**place for place in range(-5, 5)]


def manifest(numbers: int = NUMBERS, categories: int = CATEGORIES) -> Manifest:
    columns = [Feature(f"number {n}", None) for n in range(numbers)]
    columns += [Feature(f"category {n}", ["a", "b", "c"]) for n in range(categories)]
    own = Statistics([[0.0] * 129] * numbers, [0.0] * numbers, STD[:numbers], 0.0, 1.0)
    larger = replace(own, std=[2 * std for std in STD[:numbers]])
    return replace(small_manifest(), features=columns, statistics=[own, larger])


ABOUT = manifest()


@pytest.fixture
def rows() -> NDArray[np.float32]:
    generator = np.random.default_rng(0)
    numbers = generator.normal(size=(2000, NUMBERS)) * STD
    numbers[generator.random(numbers.shape) < 0.1] = np.nan
    codes = generator.integers(0, 4, (2000, CATEGORIES))
    return np.concatenate([numbers, codes], axis=1).astype(np.float32)


def changed(rows: NDArray[np.float32], name: str, severity: int) -> NDArray[np.bool_]:
    after = corrupt(rows, name, severity, 0, ABOUT)
    return (after != rows) & ~(np.isnan(after) & np.isnan(rows))


@pytest.mark.parametrize(
    ("numbers", "categories", "names"),
    [
        (2, 2, NAMES),
        (2, 0, ["missing values", "noise", "shifted scales"]),
        (0, 2, ["missing values", "unseen categories"]),
        (0, 0, []),
    ],
)
def test_a_table_has_the_corruptions_that_its_columns_allow(
    numbers: int, categories: int, names: list[str]
) -> None:
    assert applicable(manifest(numbers, categories)) == names
    some = np.ones((5, numbers + categories), np.float32)
    for name in names:
        assert corrupt(some, name, 5, 0, manifest(numbers, categories)).shape == some.shape


@pytest.mark.parametrize("name", NAMES)
def test_rows_stay_rows_and_the_old_ones_unchanged(name: str, rows: NDArray[np.float32]) -> None:
    before = rows.copy()
    rows.flags.writeable = False
    after = corrupt(rows, name, 3, 0, ABOUT)
    assert (after.dtype, after.shape) == (np.float32, rows.shape)
    np.testing.assert_array_equal(rows, before)
    codes = after[:, NUMBERS:]
    assert set(np.unique(codes)) <= {0, 1, 2, 3}
    if name != "missing values":
        np.testing.assert_array_equal(np.isnan(after), np.isnan(rows))


@pytest.mark.parametrize("name", NAMES)
def test_the_higher_the_severity_the_more_is_changed(name: str, rows: NDArray[np.float32]) -> None:
    def off(severity: int) -> float:
        where = changed(rows, name, severity)
        after = corrupt(rows, name, severity, 0, ABOUT)
        if name in ("missing values", "unseen categories"):
            return float(where.mean())
        return float(np.nanmean(np.abs(after - rows)[:, :NUMBERS] / STD))

    changes = [off(severity) for severity in range(1, 6)]
    assert changes[0] > 0
    assert (np.diff(changes) > 0).all()


@pytest.mark.parametrize("name", NAMES)
def test_the_same_draw_gives_the_same_rows(name: str, rows: NDArray[np.float32]) -> None:
    first, again, other = (corrupt(rows, name, 2, seed, ABOUT) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    same = np.array_equal(first, other, equal_nan=True)
    assert same == (name == "shifted scales")  # the same columns in every row


@pytest.mark.parametrize("severity", [0, 6, -1])
def test_there_is_no_other_severity(severity: int, rows: NDArray[np.float32]) -> None:
    with pytest.raises(ValueError, match=f"severity is {severity}: expected 1 to 5"):
        corrupt(rows, "noise", severity, 0, ABOUT)


def test_lost_values_are_missing_numbers_and_missing_categories(
    rows: NDArray[np.float32],
) -> None:
    after = corrupt(rows, "missing values", 4, 0, ABOUT)
    known = ~np.isnan(rows[:, :NUMBERS])
    assert np.isnan(after[:, :NUMBERS][known]).mean() == pytest.approx(MISSING[3], abs=0.01)
    codes = rows[:, NUMBERS:]
    assert (after[:, NUMBERS:][codes > 0] == 0).mean() == pytest.approx(MISSING[3], abs=0.02)
    kept = ~changed(rows, "missing values", 4)
    np.testing.assert_array_equal(after[kept], rows[kept])


@pytest.mark.parametrize(("fold", "larger"), [(None, 1), (0, 2)])
def test_noise_is_in_proportion_to_what_numbers_vary_by_in_training(
    fold: int | None, larger: int, rows: NDArray[np.float32]
) -> None:
    after = corrupt(rows, "noise", 2, 0, ABOUT, fold)
    drawn = np.nanstd((after - rows)[:, :NUMBERS] / STD, axis=0)
    np.testing.assert_allclose(drawn, larger * NOISE[1], rtol=0.06)
    np.testing.assert_array_equal(after[:, NUMBERS:], rows[:, NUMBERS:])


def test_another_unit_multiplies_some_numbers_in_every_row(rows: NDArray[np.float32]) -> None:
    columns: set[int] = set()
    for severity in range(1, 6):
        after = corrupt(rows, "shifted scales", severity, 0, ABOUT)
        where = changed(rows, "shifted scales", severity).any(axis=0)
        scaled: set[int] = set(np.flatnonzero(where).tolist())
        assert len(scaled) == round(COLUMNS[severity - 1] * NUMBERS)
        assert columns < scaled <= set(range(NUMBERS))
        columns = scaled
        for place in scaled:
            np.testing.assert_allclose(
                after[:, place], rows[:, place] * UNIT[severity - 1], rtol=1e-6
            )


def test_unseen_categories_are_code_zero_and_numbers_stay(rows: NDArray[np.float32]) -> None:
    after = corrupt(rows, "unseen categories", 3, 0, ABOUT)
    np.testing.assert_array_equal(after[:, :NUMBERS], rows[:, :NUMBERS])
    known = rows[:, NUMBERS:] > 0
    assert (after[:, NUMBERS:][known] == 0).mean() == pytest.approx(UNSEEN[2], abs=0.02)
    assert not corrupt(rows, "unseen categories", 5, 0, ABOUT)[:, NUMBERS:].any()


@pytest.mark.parametrize("name", ["noise", "shifted scales"])
def test_the_largest_numbers_stay_numbers(name: str) -> None:
    huge = np.full((20, NUMBERS + CATEGORIES), 3e38, np.float32)
    huge[:, NUMBERS:] = 1
    assert np.isfinite(corrupt(huge, name, 5, 0, ABOUT)).all()
