from {{ cookiecutter.package_name }}.validation.explanation import explain
from {{ cookiecutter.package_name }}.validation.findings import Example, Violation

AGE = Violation(
    "age", "range", "0 to 120 years", 1200, tuple(Example(row, "-999") for row in (7, 19, 23, 40))
)
LACKING = Violation("income", "missing share", "at most 0.1 of the rows without a value", 50)


def test_a_message_names_source_column_rule_rows_and_values_and_what_to_do() -> None:
    assert explain([AGE], "people.csv") == (
        "people.csv: breaks a rule of the data contract:\n"
        "  age: range: expected 0 to 120 years; 1,200 rows: "
        "row 7 has '-999', row 19 has '-999', row 23 has '-999'\n"
        "Correct the source, or what the contract says of the column where the data are right; "
        "data.on_bad=quarantine sets these rows aside."
    )


def test_rows_cannot_be_set_aside_for_what_the_whole_table_breaks() -> None:
    message = explain([AGE, LACKING], "people.csv")
    assert "breaks 2 rules" in message
    assert "income: missing share: expected at most 0.1" in message
    assert "quarantine" not in message


def test_a_type_or_a_key_comes_with_its_own_way_out() -> None:
    assert "kind: category" in explain([Violation("a", "type", "a number", 1)], "x")
    assert "key: null" in explain([Violation("a", "unique", "no other", 2)], "x")


def test_the_file_of_a_row_is_named_where_there_are_several() -> None:
    example = Example(3, "x", "part-1.parquet")
    message = explain([Violation("a", "type", "a number", 1, (example,))], "data")
    assert "1 row: part-1.parquet row 3 has 'x'" in message


def test_a_thousand_violations_of_long_values_fit_on_a_screen() -> None:
    long = Violation("text", "values", "one of a, b", 1, (Example(1, "x" * 10_000 + "\n"),))
    message = explain([long] * 1000, "x")
    assert len(message.splitlines()) <= 20
    assert max(map(len, message.splitlines())) < 250
    assert "and 986 more" in message
