from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from toy_tables import table

from {{ cookiecutter.package_name }}.measures.discovery import discover, halves
from {{ cookiecutter.package_name }}.predictions import Predictions

ROWS = 1000


def described(rows: int = ROWS, seed: int = 0) -> tuple[Predictions, pl.DataFrame]:
    random = np.random.default_rng(seed)
    facts = pl.DataFrame(
        {
            "size": random.normal(size=rows),
            "kind": random.choice(["x", "y", "z"], rows),
            "hole": [None] * rows,
        }
    )
    return replace(table(rows, rows), facts=facts), facts


def test_halves_are_near_equal_and_stay_as_they_are_when_rows_are_added() -> None:
    ids = [f"{row}.png" for row in range(ROWS)]
    first = halves(ids)
    assert first.mean() == pytest.approx(0.5, abs=0.05)
    assert (halves([*ids, "new.png"])[:ROWS] == first).all()


def test_a_planted_weak_slice_is_found_by_its_conditions() -> None:
    one, facts = described()
    weak = ((facts["kind"] == "y") & (facts["size"] > 0.7)).to_numpy()
    errors = np.where(weak, 0.6, 0.02) > np.random.default_rng(1).random(ROWS)
    found = discover(one, errors.astype(np.float64))
    assert found[0].name.startswith("size above 0.")
    assert found[0].name.endswith(" and kind is y")
    assert (weak & ~found[0].rows).mean() < 0.01
    assert found[0].rows.mean() == pytest.approx(weak.mean(), abs=0.02)


def test_only_one_half_is_looked_through() -> None:
    one, facts = described()
    errors = ((facts["kind"] == "y").to_numpy() & ~halves(one.ids)).astype(np.float64)
    assert discover(one, errors) == []
    errors[np.flatnonzero(halves(one.ids))[0]] = 1.0
    assert all("kind is y" not in candidate.name for candidate in discover(one, errors))


def test_rows_with_a_missing_number_and_rare_values_are_slices_too() -> None:
    one, facts = described()
    missing = np.arange(ROWS) % 4 == 1
    with_holes = facts.with_columns(
        pl.when(pl.Series(missing)).then(None).otherwise("size").alias("size")
    )
    found = discover(replace(one, facts=with_holes), missing.astype(np.float64))
    assert found[0].name == "size is missing"
    assert (found[0].rows == missing).all()


@pytest.mark.parametrize("rows", [30, 150])
def test_too_few_rows_and_no_errors_give_no_slices(rows: int) -> None:
    one, _ = described(rows)
    assert discover(one, np.ones(rows)) == []
    assert discover(described()[0], np.zeros(ROWS)) == []


def test_without_facts_the_targets_are_looked_at() -> None:
    plain = table(ROWS, ROWS)
    found = discover(plain, (plain.targets == 1) * (np.arange(ROWS) % 3 == 0) * 1.0)
    assert [candidate.name for candidate in found] == ["target is b"]


def test_slices_of_equal_score_are_cut_off_at_a_few() -> None:
    one, _ = described(400)
    errors = np.zeros(400)
    errors[np.flatnonzero(halves(one.ids))[:1]] = 1.0
    assert len(discover(one, errors)) <= 5
