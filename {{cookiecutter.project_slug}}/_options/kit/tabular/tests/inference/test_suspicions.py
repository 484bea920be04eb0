import numpy as np
import polars as pl
import pytest

from {{ cookiecutter.package_name }}.inference.inference import infer

ROWS = 400
DRAW = np.random.default_rng(0)
AMOUNT = np.round(DRAW.normal(50, 20, ROWS), 2)
CLASS = DRAW.choice(["a", "b", "c"], ROWS)


def forbidden(target: object, other: object) -> tuple[str, ...]:
    table = pl.DataFrame({"other": other, "honest": DRAW.normal(size=ROWS), "it": target})
    return infer(table.lazy(), source="some.csv", target="it")[0].forbidden


def notes(numbers: list[float]) -> list[str]:
    table = pl.LazyFrame({"it": CLASS, "number": numbers})
    return [note for note in infer(table, source="x", target="it")[1] if note[:7] == "number:"]


@pytest.mark.parametrize(
    "copy", [CLASS, np.char.add(CLASS, "-code"), np.where(CLASS == "a", 1, 0) - 2 * (CLASS == "b")]
)
def test_another_name_for_each_class_is_forbidden(copy: object) -> None:
    assert forbidden(CLASS, copy) == ("other",)


def test_a_column_that_only_nearly_or_partly_says_the_class_is_not() -> None:
    nearly = np.where(np.arange(ROWS) == 7, "z", CLASS)
    partly = np.where(CLASS == "a", "x", "y")
    assert forbidden(CLASS, nearly) == forbidden(CLASS, partly) == ()


@pytest.mark.parametrize("copy", [AMOUNT, AMOUNT * -1.8 + 32, np.round(AMOUNT, 1)])
def test_the_same_amount_in_another_unit_is_forbidden(copy: object) -> None:
    assert forbidden(AMOUNT, copy) == ("other",)


def test_a_close_relation_is_no_copy() -> None:
    assert forbidden(AMOUNT, AMOUNT + DRAW.normal(0, 2, ROWS)) == ()
    assert forbidden(AMOUNT, np.where(AMOUNT > 50, "high", "low")) == ()


def test_a_copy_that_is_mostly_missing_says_too_little() -> None:
    rare = [value if row < 50 else None for row, value in enumerate(CLASS.tolist())]
    assert forbidden(CLASS, rare) == ()


@pytest.mark.parametrize("stand_in", [-999, -99, 99_999])
def test_a_number_far_from_all_others_that_looks_like_unknown_is_noted(stand_in: float) -> None:
    numbers = [float(stand_in) if row % 50 == 0 else row / 10 for row in range(ROWS)]
    (note,) = notes(numbers)
    assert f"{stand_in:g} in 8 rows" in note
    assert "from 0.1 to 39.9" in note


def test_an_ordinary_number_of_nines_is_not_noted() -> None:
    assert notes([float(row % 100) for row in range(ROWS)]) == []


def test_mistakes_among_numbers_are_noted_with_what_to_do() -> None:
    texts = ["many" if row < 3 else str(row) for row in range(ROWS)]
    table = pl.LazyFrame({"it": CLASS, "number": texts})
    (note,) = [note for note in infer(table, source="x", target="it")[1] if "number" in note]
    assert note.startswith("number: 3 of 400 values are no numbers, such as 'many'")
    assert "kind: category" in note
    assert "data.on_bad=quarantine" in note


def test_decimal_commas_and_what_may_be_thousands_are_noted() -> None:
    table = pl.LazyFrame(
        {
            "it": CLASS,
            "price": [f"{row},5" for row in range(ROWS)],
            "sales": [f"{row % 9 + 1},{100 + row % 5}" for row in range(ROWS)],
        }
    )
    contract, found = infer(table, source="x", target="it")
    assert contract.columns["price"].decimal_comma
    assert any(note.startswith("price: read with a decimal comma") for note in found)
    assert any(note.startswith("sales: 1,234 may be 1234 or 1.234") for note in found)
