from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import mutual_info_score
from tables_to_explore import cancer, explored, two_classes

from {{ cookiecutter.package_name }}.exploration import association
from {{ cookiecutter.package_name }}.exploration.association import (
    associate,
    holm,
    information,
)

ROWS = 400


def test_information_is_that_of_scikit_learn() -> None:
    generator = np.random.default_rng(0)
    first = generator.integers(0, 4, 300)
    second = (first + generator.integers(0, 3, 300)) % 3
    table = pd.crosstab(first, second).to_numpy()
    assert information(table) == pytest.approx(mutual_info_score(first, second))


def test_a_column_that_decides_the_target_explains_nearly_all_of_it() -> None:
    columns, generator = two_classes(ROWS)
    sure = np.where(columns["y"] == "yes", 1, 0) + generator.normal(0, 0.01, ROWS)
    found = associate(explored({"sure": sure, "same": columns["y"], **columns}))
    assert found.loc["same", "association"] == pytest.approx(1)
    assert 0.85 < float(found["association"]["sure"]) < 1
    assert not found["noise"].any()
    assert found["direction"]["sure"] > 0.8
    assert np.isnan(found["direction"]["same"])  # a category has none


def test_a_relation_that_goes_up_and_down_counts_and_so_does_missing() -> None:
    columns, generator = two_classes(ROWS)
    yes = columns["y"] == "yes"
    bent = np.where(yes, 1, 0.2) * generator.choice([-1, 1], ROWS) + generator.normal(0, 0.1, ROWS)
    gaps = np.where(yes & (generator.random(ROWS) < 0.8), np.nan, generator.normal(size=ROWS))
    found = associate(explored({"bent": bent, "gaps": gaps, **columns}))
    assert (found["association"] > 0.3).all()
    assert abs(float(found["direction"]["bent"])) < 0.2


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["two", "rare", "many", "number"])
def test_noise_is_not_praised(kind: str) -> None:
    wrong, times = 0, 25
    for seed in range(times):
        generator = np.random.default_rng(seed)
        columns: dict[str, Any] = {f"x{n}": generator.normal(size=ROWS) for n in range(6)}
        columns["whole"] = generator.poisson(2, ROWS)
        columns["word"] = generator.choice(list("abcde"), ROWS)
        columns["gaps"] = np.where(generator.random(ROWS) < 0.8, np.nan, columns["x0"])
        columns["id"] = np.array([f"{place}" for place in generator.permutation(ROWS)])
        columns["y"] = {
            "two": generator.choice(["no", "yes"], ROWS),
            "rare": generator.choice(["no", "yes"], ROWS, p=[0.96, 0.04]),
            "many": generator.choice(list("abcdefgh"), ROWS),
            "number": generator.normal(size=ROWS),
        }[kind]
        found = associate(explored(columns, is_regression=kind == "number"))
        wrong += not found["noise"].all()
    assert wrong <= 5  # 1.25 are expected; more than 5 come once in 1,300


def test_strong_columns_are_found_among_noise_and_come_first() -> None:
    columns, generator = two_classes(ROWS)
    shift = np.where(columns["y"] == "yes", 1.0, 0.0)
    noise = {f"x{place}": generator.normal(size=ROWS) for place in range(20)}
    told = {"weak": generator.normal(size=ROWS) + shift, "strong": generator.normal(size=ROWS)}
    told["strong"] += 2 * shift
    found = associate(explored({**noise, **told, **columns}))
    assert found.index[:2].tolist() == ["strong", "weak"]
    assert found.index[~found["noise"]].tolist() == ["strong", "weak"]


def test_the_answers_of_other_rows_change_nothing() -> None:
    data = cancer()
    held_out = data.split.to_numpy() != "train"
    frame = data.frame.copy()
    frame.loc[held_out, "diagnosis"] = "benign"
    frame.loc[held_out, data.features] = 0.0
    pd.testing.assert_frame_equal(associate(data), associate(replace(data, frame=frame)))


def test_copies_within_a_group_are_no_evidence() -> None:
    columns, generator = two_classes(40)
    columns["x"] = generator.normal(size=40)
    many = {name: np.repeat(values, 50) for name, values in columns.items()}
    assert not associate(explored(many))["noise"].all()  # as if there were 2,000 rows
    assert associate(explored(many, group=np.repeat(np.arange(40), 50)))["noise"].all()


@pytest.mark.parametrize("y", [["a"] * 4, list("abab")])
def test_columns_with_nothing_to_tell_explain_nothing(y: list[str]) -> None:
    columns = {"constant": [1.0] * 4, "empty": [np.nan] * 4, "word": ["k"] * 4}
    found = associate(explored({**columns, "y": y}))
    assert found["association"].max() < 1e-9
    assert found["noise"].all()


def test_of_very_many_columns_the_most_promising_are_tested(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(association, "MOST_TESTED", 3)
    columns, generator = two_classes(ROWS, seed=1)
    noise = {f"x{place}": generator.normal(size=ROWS) for place in range(10)}
    told = np.where(columns["y"] == "yes", 1, 0) + generator.normal(size=ROWS)
    found = associate(explored({**noise, "told": told, **columns}))
    assert found["chance"].notna().sum() == 3
    assert found.index[~found["noise"]].tolist() == ["told"]


def test_holm_corrects_as_by_hand() -> None:
    assert holm(np.array([0.01, 0.04, 0.03, 0.005])) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm(np.array([0.5, 0.9])) == pytest.approx([1, 1])
    assert holm(np.array([])).shape == (0,)
