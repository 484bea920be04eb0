import polars as pl
import pytest

from {{ cookiecutter.package_name }}.contract.contract import Kind, Task
from {{ cookiecutter.package_name }}.inference.inference import infer
from {{ cookiecutter.package_name }}.inference.target import find_target
from {{ cookiecutter.package_name }}.runtime.errors import UserError

ROWS = 120
INCOME = [str(number * 1.5) for number in range(ROWS)]
AGES = [str(number * number % 67) for number in range(ROWS)]


def guess(target: list[str], task: Task | None = None) -> tuple[Task, Kind, list[str], list[str]]:
    """The task, the kind and classes of the target, and the notes on it."""
    values = [target[place % len(target)] for place in range(ROWS)]
    table = pl.LazyFrame({"income": INCOME, "age": AGES, "it": values})
    contract, notes = infer(table, source="some.csv", target="it", task=task)
    return contract.task, contract.columns["it"].kind, contract.classes, notes


@pytest.mark.parametrize(
    ("values", "task", "classes"),
    [
        (["red", "blue", "NA"], Task.classification, ["blue", "red"]),
        (["Yes", "No"], Task.classification, ["No", "Yes"]),
        (["0", "1"], Task.classification, ["0", "1"]),
        (["-1.5", "1.5"], Task.classification, ["-1.5", "1.5"]),
        ([str(grade) for grade in range(12)], Task.classification, [str(i) for i in range(12)]),
        ([str(count) for count in range(13)], Task.regression, []),
        (["1.5", "2.5", "3.5"], Task.regression, []),
        (INCOME, Task.regression, []),
    ],
)
def test_the_task_follows_from_the_values(
    values: list[str], task: Task, classes: list[str]
) -> None:
    found, _, found_classes, _ = guess(values)
    assert (found, found_classes) == (task, classes)


def test_a_task_that_was_guessed_from_a_few_numbers_is_noted_with_the_other() -> None:
    _, _, _, notes = guess(["1", "2", "3"])
    assert "otherwise data.task=regression" in notes[0]
    task, kind, _, notes = guess(["1", "2", "3"], Task.regression)
    assert (task, kind) == (Task.regression, Kind.number)
    assert not any("data.task" in note for note in notes)
    assert not any("data.task" in note for note in guess(["a", "b", "c"])[3])


@pytest.mark.parametrize(
    ("values", "task", "message"),
    [
        (["", "NA"], None, r"data\.target=it: it has no value in any row"),
        (["7"], None, r"data\.target=it: it is '7' in every row"),
        (["yes", ""], None, r"data\.target=it: it is 'yes' in every row"),
        (["a"] * (ROWS - 1) + ["b"], None, r"only one row each of class b: .*merge the class"),
        (["1"] * 118 + ["2", "3"], Task.classification, r"only one row each of class 2, 3: "),
        ([f"note {row}" for row in range(ROWS)], None, r"120 different values .*free text cannot"),
        (INCOME, Task.classification, r"120 different values.*at most 40.*data\.task=regression"),
        (["a", "b"], Task.regression, r"data\.task=regression: 'it' holds category, such as"),
        ([f"2026-01-{day}" for day in range(10, 20)], None, r"it holds times"),
    ],
)
def test_what_cannot_be_learned_is_refused_with_the_reason(
    values: list[str], task: Task | None, message: str
) -> None:
    with pytest.raises(UserError, match=message):
        guess(values, task)


def test_more_than_a_thousand_classes_are_too_many() -> None:
    values = [f"class {row % 1100}" for row in range(5500)]
    table = pl.LazyFrame({"income": range(5500), "it": values})
    with pytest.raises(UserError, match=r"more than 1,000 different values in 5,500 rows"):
        infer(table, source="some.csv", target="it")


def test_a_target_misspelt_absent_or_of_several_columns_is_refused_with_what_to_do() -> None:
    columns = ["income", "city", "paid"]
    assert find_target("paid", columns) == "paid"
    assert find_target(["paid"], columns) == "paid"
    with pytest.raises(UserError, match=r"data\.target=Paid: .*Did you mean 'paid'\?"):
        find_target("Paid", columns)
    for missing in (None, ""):
        with pytest.raises(UserError, match=r"data\.target=null: .*Columns: income, city, paid"):
            find_target(missing, columns)
    for several in (["paid", "city"], "paid,city", "[paid, city]"):
        with pytest.raises(UserError, match=r"data\.target=paid, city: one column is predicted"):
            find_target(several, columns)


def test_a_comma_in_the_name_of_a_column_does_not_make_it_two() -> None:
    assert find_target("width, mm", ["width, mm", "age"]) == "width, mm"
