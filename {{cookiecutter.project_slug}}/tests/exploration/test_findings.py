from typing import Any

import numpy as np
import pytest
from tables_to_explore import explored, two_classes

from {{ cookiecutter.package_name }}.exploration.association import associate
from {{ cookiecutter.package_name }}.exploration.columns import describe
from {{ cookiecutter.package_name }}.exploration.correlation import (
    correlate,
    strongest_pairs,
)
from {{ cookiecutter.package_name }}.exploration.data import ExplorationData
from {{ cookiecutter.package_name }}.exploration.findings import findings
from {{ cookiecutter.package_name }}.exploration.overview import copies
from {{ cookiecutter.package_name }}.exploration.shift import compare_parts

ROWS = 400


def told(data: ExplorationData) -> list[str]:
    pairs = strongest_pairs(correlate(data, data.numbers), least=0.5, most=99)
    across = copies(data)[1]
    return findings(data, describe(data), associate(data), compare_parts(data), pairs, across)


COLUMNS, RANDOM = two_classes(ROWS)
YES = (COLUMNS["y"] == "yes").astype(float)
COLUMNS["x"] = RANDOM.normal(size=ROWS) + YES  # tells something, and nothing to remark on
NOISE, FEW = RANDOM.normal(size=ROWS), RANDOM.random(ROWS) < 0.05


def test_nothing_is_said_of_ordinary_data() -> None:
    assert told(explored(COLUMNS)) == []


@pytest.mark.parametrize(
    ("column", "sentence"),
    [
        (YES + NOISE / 100, "Alone decides the target, nearly: new."),
        (NOISE, "1 of 2 columns say no more of the target"),
        (np.ones(ROWS), "Nothing to learn from (constant or empty): new."),
        (np.where(NOISE < 0.5, np.nan, NOISE), "Mostly missing: new."),
        (np.where(FEW, -999, NOISE), "A far value that many rows share"),
        ([f"id {number}" for number in range(ROWS)], "A different value in every row"),
        (np.resize(["Yes", "yes ", "no"], ROWS), "One value in several spellings"),
        (np.where(FEW, np.inf, NOISE), "Infinite values"),
    ],
)
def test_what_a_column_is_remarkable_for_is_said(column: Any, sentence: str) -> None:
    said = told(explored({**COLUMNS, "new": column}))
    assert any(line.startswith(sentence) for line in said)


def test_columns_that_are_nearly_the_same_are_named() -> None:
    x = COLUMNS["x"]
    said = told(explored({**COLUMNS, "twin": x, "near": x + NOISE / 100}))
    assert "Repeats another column, row by row: twin." in said
    assert any(line.startswith("3 pairs of columns are nearly the same") for line in said)


def test_parts_that_differ_and_rows_in_two_parts_are_said() -> None:
    split = np.where(np.arange(ROWS) < 300, "train", "test")
    moved = np.where(split == "test", 5.0, np.arange(ROWS) % 2)
    said = told(explored({**COLUMNS, "new": moved}, split=split))
    assert "The part test differs in new." in said
    columns = {**COLUMNS, "x": np.resize(COLUMNS["x"][:300], ROWS)}
    assert told(explored(columns, split=split))[0].startswith(
        "100 rows equal a row of another part"
    )


def test_a_rare_class_is_said() -> None:
    rare = np.where(np.arange(ROWS) < 4, "rare", "usual")
    said = told(explored({**COLUMNS, "y": rare}))
    assert any(line.startswith("Class rare holds 1.0% of the training rows") for line in said)
    said = told(explored({**COLUMNS, "y": ["only"] * ROWS}))
    assert "The training rows are all of class only." in said


def test_only_the_first_of_many_names_are_listed() -> None:
    columns = {f"c{number}": np.ones(ROWS) for number in range(1200)} | COLUMNS
    listed = "c0, c1, c2, c3, c4 and 1,195 more."
    assert f"Nothing to learn from (constant or empty): {listed}" in told(explored(columns))
