"""JSON lines: which type a column has, and what is refused."""

import json
from pathlib import Path

import polars as pl
import pytest

from {{ cookiecutter.package_name }}.reading import json_lines
from {{ cookiecutter.package_name }}.reading.opening import read_rows
from {{ cookiecutter.package_name }}.runtime.errors import UserError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data.jsonl"


def column(file: Path, *values: str) -> pl.Series:
    """The column that these values make."""
    file.write_text("".join('{"x": ' + value + "}\n" for value in values), "utf-8")
    return read_rows(file)["x"]


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        (["1", "null", "-2"], pl.Int64, [1, None, -2]),
        (["9007199254740993", "1"], pl.Int64, [2**53 + 1, 1]),
        (["1", "2.5"], pl.Float64, [1.0, 2.5]),
        (["true", "null"], pl.Boolean, [True, None]),
        (['"a"', "null", '""', '"ö😀\\n"'], pl.String, ["a", None, "", "ö😀\n"]),
        (["null", "null"], pl.String, [None, None]),
        (["1", '"1.50"', "true", "2.5", "null"], pl.String, ["1", "1.50", "true", "2.5", None]),
        (["true", "1"], pl.String, ["true", "1"]),
        (["9223372036854775808", "1"], pl.String, ["9223372036854775808", "1"]),
        (["9007199254740993", "0.5"], pl.String, ["9007199254740993", "0.5"]),
    ],
)
def test_a_column_has_the_one_type_that_holds_its_values(
    values: list[str], kind: type[pl.DataType], expected: list[object], file: Path
) -> None:
    found = column(file, *values)
    assert found.dtype == kind
    assert found.to_list() == expected


def test_the_type_is_that_of_all_lines_and_all_shards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_lines, "BATCH_CHARACTERS", 20)
    (tmp_path / "a.jsonl").write_text('{"x": 1}\n' * 10, "utf-8")
    (tmp_path / "b.jsonl").write_text('{"x": 2}\n{"y": "late", "x": 0.5}', "utf-8")
    data = read_rows(tmp_path)
    assert data.schema == {"x": pl.Float64, "y": pl.String}
    assert data.rows()[9:] == [(1.0, None), (2.0, None), (0.5, "late")]


def test_blank_lines_and_windows_line_ends_are_no_rows(file: Path) -> None:
    file.write_bytes(b'\xef\xbb\xbf{"a": 1}\r\n\r\n{"a": 2}\r\n\n')
    assert read_rows(file).rows() == [(1,), (2,)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"a": 1}\n{"a": [1, 2]}', r"line 2: 'a' is \[1, 2\]; expected one number"),
        ('{"a": 1}\n\n{"a": {"b": 1}}', r"line 3: 'a' is {\"b\": 1}; expected one number"),
        ('[{"a": 1}]', r"line 1: expected one JSON object a line, found a list. pandas writes"),
        ('{\n"a": 1\n}', "line 1: expected one JSON object a line"),
        ('{"a": 1}\n{"a": ', "line 2: expected one JSON object a line"),
        ("1\n2", "line 1: expected one JSON object a line .found 1"),
        ('{"a": 1, "a": 2}', "line 1: .*the key 'a' is there twice"),
        ('{"a": 1}\n{"a ": 2}', "'a' is the name of columns 1, 2"),
        ('{"": 1}', "no name for column 1"),
        ("{}\n{}", "none of its objects has a key"),
        ('{"a": "\\ud800"}', "line 1: expected one JSON object a line"),
        ('{"a": ' + "[" * 100_000, "line 1: expected one JSON object a line"),
        ('{"a": ' + "1" * 5000 + "}", "line 1: expected one JSON object a line"),
        ("", "is empty; expected a table in JSON lines"),
        ('{"a": "x\0"}', "line 1: a NUL character"),
    ],
)
def test_what_is_no_table_gets_one_clear_error(content: str, message: str, file: Path) -> None:
    file.write_text(content, "utf-8")
    with pytest.raises(UserError, match=message):
        read_rows(file)


def test_objects_with_keys_of_their_own_are_no_table(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_lines, "MOST_COLUMNS", 100)
    file.write_text(
        "".join(json.dumps({f"user {number}": 1}) + "\n" for number in range(101)), "utf-8"
    )
    with pytest.raises(UserError, match="more than 100 keys; expected the same in each line"):
        read_rows(file)


def test_a_line_without_end_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_lines, "LINE_CHARACTERS", 2 << 20)
    file.write_text('{"a": "' + "x" * (3 << 20) + '"}', "utf-8")
    with pytest.raises(UserError, match=r"line 1: .* this one has over 2 Mi characters"):
        read_rows(file)
