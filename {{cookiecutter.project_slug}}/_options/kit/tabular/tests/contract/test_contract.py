import pytest

from {{ cookiecutter.package_name }}.contract.contract import (
    Column,
    Contract,
    Kind,
    Task,
    listed,
    nearest_columns,
)

NUMBER, TEXT = Column(Kind.number), Column(Kind.text)
CONTRACT = Contract(
    source="people.csv",
    target="paid",
    task=Task.classification,
    columns={
        "id": NUMBER,
        "income": NUMBER,
        "city": Column(Kind.category),
        "note": TEXT,
        "seen": Column(Kind.time),
        "paid": Column(Kind.category, values=("no", "yes")),
        "refund": NUMBER,
        "house": NUMBER,
        "member": Column(Kind.boolean),
    },
    key="id",
    group="house",
    time="seen",
    forbidden=("refund",),
)


def test_features_are_what_the_model_may_see_in_the_order_of_the_table() -> None:
    assert CONTRACT.features == ["income", "city", "member"]


def test_a_row_without_target_key_group_or_time_is_of_no_use() -> None:
    assert CONTRACT.never_missing == {"paid", "id", "house", "seen"}
    without = Contract("x", "y", Task.regression, {"y": NUMBER})
    assert without.never_missing == {"y"}


def test_classes_are_listed_and_a_number_has_none() -> None:
    assert CONTRACT.classes == ["no", "yes"]
    assert Contract("x", "y", Task.regression, {"y": NUMBER}).classes == []
    flag = Contract("x", "y", Task.classification, {"y": Column(Kind.boolean)})
    assert flag.classes == ["false", "true"]


@pytest.mark.parametrize("typo", ["Incme", "INCOME", " income "])
def test_the_nearest_column_is_found_whatever_its_case(typo: str) -> None:
    assert nearest_columns(typo, CONTRACT.columns).startswith("Did you mean 'income'?")


def test_thousands_of_columns_do_not_fill_the_screen() -> None:
    names = [f"gene {number}" for number in range(10_000)]
    hint = nearest_columns("gen 77", names)
    assert "'gene 77'" in hint
    assert "and 9980 more" in hint
    assert len(hint) < 400
    assert listed([]) == "none"
