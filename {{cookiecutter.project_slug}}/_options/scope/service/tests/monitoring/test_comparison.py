import numpy as np
import polars as pl
import pytest

from {{ cookiecutter.package_name }}.monitoring.comparison import (
    Column,
    compare,
    tell_apart,
)

COLORS = np.array(["blue", "red", "green"])
LIMITS = {"level": 0.05, "distance": 0.1}


def rows(number: int, seed: int, *, shift: float = 0.0, blue: float = 0.5) -> pl.DataFrame:
    """Twelve numbers and a category; ``shift`` moves the first number."""
    random = np.random.default_rng(seed)
    table = {f"number {place}": random.normal(size=number) for place in range(12)}
    table["number 0"] = table["number 0"] + shift
    shares = [blue, (1 - blue) / 2, (1 - blue) / 2]
    return pl.DataFrame(table).with_columns(color=COLORS[random.choice(3, number, p=shares)])


REFERENCE = rows(5000, 0)


def by_name(window: pl.DataFrame) -> dict[str, Column]:
    return {one.name: one for one in compare([(REFERENCE, window)], **LIMITS)}


@pytest.mark.slow
@pytest.mark.parametrize("number", [100, 500])
def test_windows_without_drift_look_changed_as_seldom_as_is_said(number: int) -> None:
    # Without the least distance, which would hide what the p values say.
    found = [
        any(
            one.changed
            for one in compare([(REFERENCE, rows(number, seed))], level=0.05, distance=1e-9)
        )
        for seed in range(1, 201)
    ]
    assert np.mean(found) <= 0.08


@pytest.mark.slow
@pytest.mark.ml_test_score("mon-2")
def test_two_windows_after_one_another_are_hardly_ever_a_false_alarm() -> None:
    changed = [
        {n for n, one in by_name(rows(500, seed)).items() if one.changed} for seed in range(1, 201)
    ]
    both = [a & b for a, b in zip(changed[::2], changed[1::2], strict=True)]
    assert sum(map(bool, both)) == 0


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.ml_test_score("mon-2")
def test_a_planted_shift_is_found_in_its_column_alone(seed: int) -> None:
    found = by_name(rows(500, seed + 1, shift=0.5))
    assert [name for name, one in found.items() if one.changed] == ["number 0"]
    assert next(iter(found)) == "number 0"
    assert found["number 0"].index is not None
    assert found["number 0"].index > 0.1


def test_a_shift_that_is_too_small_to_matter_is_none_however_many_rows_show_it() -> None:
    large = rows(100_000, 1, shift=0.05)
    (column,) = compare([(REFERENCE.select("number 0"), large)], **LIMITS)
    assert column.distance < 0.1
    assert not column.changed


def test_other_shares_of_categories_and_new_ones_are_found() -> None:
    assert by_name(rows(500, 1, blue=0.7))["color"].changed
    new = rows(500, 1).with_columns(color=pl.lit("violet"))
    assert by_name(new)["color"].distance == pytest.approx(1)


@pytest.mark.ml_test_score("mon-2")
def test_missing_values_are_found() -> None:
    gaps = pl.when(pl.int_range(pl.len()) % 4 == 0).then(None).otherwise(pl.col("number 3"))
    found = by_name(rows(500, 1).with_columns(gaps.alias("number 3")))
    assert [name for name, one in found.items() if one.changed] == ["number 3"]
    lost = rows(500, 1).with_columns(pl.lit(None, pl.String).alias("color"))
    assert by_name(lost)["color"].changed


def test_few_rows_have_no_index() -> None:
    assert by_name(rows(499, 1))["number 0"].index is None
    assert by_name(rows(500, 1))["color"].index is None


@pytest.mark.slow
def test_rows_of_one_kind_cannot_be_told_apart() -> None:
    found = [tell_apart(REFERENCE, rows(500, seed)) for seed in range(1, 21)]
    assert all(one is not None for one in found)
    held = [one.low <= 0.5 <= one.high for one in found if one]
    assert np.mean(held) >= 0.8


def test_what_no_column_shows_alone_can_be_told_apart() -> None:
    random = np.random.default_rng(0)
    one = pl.DataFrame({"a": random.normal(size=2000), "b": random.normal(size=2000)})
    both = random.normal(size=500)
    window = pl.DataFrame({"a": both, "b": both})  # each as before, but always equal
    assert not any(column.changed for column in compare([(one, window)], **LIMITS))
    found = tell_apart(one, window)
    assert found is not None
    assert found.low > 0.7


def test_a_few_rows_tell_nothing() -> None:
    assert tell_apart(REFERENCE, rows(9, 1)) is None
