from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from {{ cookiecutter.package_name }}.contract.contract import Column, Contract, Kind, Task
from {{ cookiecutter.package_name }}.inference.inference import FEWEST_ROWS, infer
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.validation import batches
from {{ cookiecutter.package_name }}.validation.validation import violations

ROWS = 300


def people(rows: int = ROWS) -> pl.DataFrame:
    """A table with one column of everything, typed."""
    draw = np.random.default_rng(0)
    city = draw.choice(["Rome", "Oslo", "Lima"], rows)
    table = pl.DataFrame(
        {
            "customer_id": draw.integers(0, 100, rows),
            "order": [f"order {number}" for number in range(rows)],
            "age": draw.integers(18, 90, rows),
            "income": np.round(draw.normal(size=rows), 3),
            "city": city,
            "member": draw.random(rows) < 0.5,
            "seen": [date(2026, 1, 1) + timedelta(days=row % 90) for row in range(rows)],
            "empty": [None] * rows,
            "constant": [1] * rows,
            "row": range(rows),
            "city code": np.where(city == "Rome", 7, np.where(city == "Oslo", 8, 9)),
        },
        strict=False,
    )
    age = pl.when(pl.col("age") < 30).then(None).otherwise("age")
    return table.rename({"row": "Unnamed: 0"}).with_columns(age=age)


def as_text(table: pl.DataFrame) -> pl.LazyFrame:
    """The same as it comes from CSV."""
    return table.with_columns(pl.all().cast(pl.String).fill_null("")).lazy()


def guess(table: pl.LazyFrame, **given: str) -> tuple[Contract, list[str]]:
    target = given.pop("target", "city")
    key, group, time = (given.get(role) for role in ("key", "group", "time"))
    return infer(table, source="people.csv", target=target, key=key, group=group, time=time)


def test_text_and_typed_columns_give_the_same_contract() -> None:
    table = people()
    assert guess(as_text(table)) == guess(table.lazy())


def test_every_column_gets_its_kind_and_role() -> None:
    contract, _ = guess(as_text(people()))
    kinds = {name: column.kind.value for name, column in contract.columns.items()}
    assert kinds == {
        "customer_id": "number",
        "order": "text",
        "age": "number",
        "income": "number",
        "city": "category",
        "member": "boolean",
        "seen": "time",
        "empty": "text",
        "constant": "number",
        "Unnamed: 0": "text",
        "city code": "number",
    }
    assert contract.task is Task.classification
    assert contract.key == "Unnamed: 0"
    assert contract.features == ["customer_id", "age", "income", "member"]
    assert contract.forbidden == ("empty", "constant", "city code")
    assert contract.columns["age"].sensitive
    assert contract.columns["age"].missing == pytest.approx(0.3, abs=0.1)
    assert contract.columns["income"].missing == 0


def test_the_notes_say_what_to_look_at() -> None:
    _, notes = guess(as_text(people()))
    text = "\n".join(notes)
    for expected in (
        "key: Unnamed: 0",
        "customer_id: whose rows these are, by the name",
        "data.group=customer_id",
        "data.time=seen",
        "city code: forbidden, as it says the same as city",
        "empty: forbidden, without any value",
        "constant: forbidden, the same in every row",
        "order: not used, as it is text",
        "age: sensitive by the name",
    ):
        assert expected in text
    assert len(notes) == 8


def test_the_table_that_a_contract_was_guessed_from_keeps_it() -> None:
    for table in (as_text(people()), people().lazy()):
        for roles in ({"group": "customer_id"}, {"time": "seen"}):
            contract, _ = guess(table, **roles)
            assert violations(table, contract) == []


def test_groups_and_a_split_in_time_are_not_to_be_had_together() -> None:
    with pytest.raises(UserError, match=r"data\.group=customer_id, data\.time=seen: the parts"):
        guess(as_text(people()), group="customer_id", time="seen")


def test_one_word_among_codes_makes_them_no_numbers() -> None:
    codes = [f"{number:05d}" for number in range(2000)]
    table = people(2000).with_columns(zip=pl.Series(["unknown", *codes[1:]]))
    assert guess(table.lazy())[0].columns["zip"].kind is Kind.text


def test_new_rows_of_the_same_source_keep_it_too() -> None:
    contract, _ = guess(as_text(people()))
    later = people(3000).filter(pl.col("Unnamed: 0") >= 2000)
    assert violations(as_text(later), replace(contract, forbidden=())) == []


def test_many_small_pieces_give_the_same_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = guess(as_text(people()))
    monkeypatch.setattr(batches, "ROWS", 17)
    monkeypatch.setattr(batches, "CELLS", 1)
    monkeypatch.setattr(batches, "FEWEST_COLUMNS", 2)
    assert guess(as_text(people())) == whole


def test_a_key_is_found_by_its_name_first_then_as_unique_text() -> None:
    table = people()
    assert guess(table.drop("Unnamed: 0").lazy())[0].key == "order"
    without, notes = guess(table.drop("Unnamed: 0", "order").lazy())
    assert without.key is None
    assert notes[0].startswith("key: none found")
    almost = table.with_columns(pl.col("Unnamed: 0").clip(upper_bound=ROWS - 2))
    assert guess(almost.lazy())[0].key == "order"


def test_a_key_that_repeats_only_in_a_later_batch_is_no_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(batches, "ROWS", ROWS)
    once = people().drop("order")
    assert guess(once.lazy())[0].key == "Unnamed: 0"
    assert guess(pl.concat([once, once]).lazy())[0].key is None


def test_keys_and_groups_are_compared_as_they_are_written() -> None:
    contract, _ = guess(people().lazy(), key="order", group="customer_id")
    assert contract.columns["customer_id"] == Column(Kind.text)
    assert contract.key == "order"
    _, notes = guess(people().lazy(), key="age")
    assert "rows share their value with another, which a key must not" in notes[0]
    assert "Unnamed: 0" in contract.forbidden  # another id


@pytest.mark.parametrize("role", ["key", "group", "time"])
def test_a_role_of_no_column_is_refused_with_the_nearest(role: str) -> None:
    with pytest.raises(UserError, match=rf"data\.{role}=sen: .*Did you mean 'seen'\?"):
        guess(people().lazy(), **{role: "sen"})
    with pytest.raises(UserError, match=rf"data\.{role}=city: is the target already"):
        guess(people().lazy(), **{role: "city"})


def test_a_split_by_time_needs_times() -> None:
    assert guess(people().lazy(), time="seen")[0].time == "seen"
    with pytest.raises(UserError, match=r"data\.time=order: it holds text: expected ISO 8601"):
        guess(people().lazy(), time="order")


def test_too_few_rows_are_refused_with_how_many_it_takes() -> None:
    with pytest.raises(UserError, match=r"people\.csv: 49 rows: expected at least 50"):
        guess(people(FEWEST_ROWS - 1).lazy())
    guess(people(FEWEST_ROWS).lazy(), target="member")


def test_a_rare_role_without_a_value_is_noted() -> None:
    table = people().with_columns(city=pl.when(pl.col("age") > 80).then(None).otherwise("city"))
    _, notes = guess(table.lazy())
    assert any(note.startswith("city: no value in") for note in notes)


def test_awkward_names_are_no_trouble() -> None:
    table = people().rename({"age": "*", "income": "^a.*$", "city": "a b: 😀", "member": "yes"})
    contract, _ = guess(as_text(table), target="a b: 😀")
    assert {"*", "^a.*$", "yes"} <= {*contract.features}


def test_a_category_of_many_values_has_no_list_and_its_count_is_an_estimate() -> None:
    values = [f"street {row % 1200}" for row in range(6000)]
    draw = np.random.default_rng(0)
    table = pl.LazyFrame({"street": values, "y": draw.normal(size=6000)})
    column = guess(table, target="y")[0].columns["street"]
    assert (column.kind, column.values) == (Kind.category, None)
