"""CSV and TSV: every field comes back as it is in the file."""

import codecs
from pathlib import Path

import polars as pl
import pytest

from {{ cookiecutter.package_name }}.raw.writing import write_raw
from {{ cookiecutter.package_name }}.reading import text
from {{ cookiecutter.package_name }}.reading.opening import open_raw, read_rows


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data.csv"


def rows_of(file: Path, content: str | bytes) -> list[tuple[str | None, ...]]:
    """The names and the rows of a file with this content, by both ways of reading."""
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    table = write_raw(file, file.with_name(f"raw {file.name}"))
    data = read_rows(file)
    written = open_raw(file.with_name(f"raw {file.name}")).collect()
    assert data.equals(written)
    assert (table.columns, table.rows) == (tuple(data.columns), len(data))
    assert set(data.dtypes) == {pl.String}
    return [tuple(data.columns), *data.rows()]


def notes_of(file: Path) -> str:
    return " ".join(write_raw(file, file.with_name("raw")).notes)


def test_every_field_is_text_exactly_as_in_the_file(file: Path) -> None:
    content = 'a,b,c\n007,1.50,TRUE\n NA ,null,?\nN/A,nan,"say ""hi"", you"\n'
    assert rows_of(file, content)[1:] == [
        ("007", "1.50", "TRUE"),
        (" NA ", "null", "?"),
        ("N/A", "nan", 'say "hi", you'),
    ]


def test_only_a_field_without_content_is_missing(file: Path) -> None:
    assert rows_of(file, 'a,b,c\n,"", \n,,\n')[1:] == [(None, None, " "), (None, None, None)]


def test_line_ends_in_a_field_belong_to_it_and_blank_lines_are_no_rows(file: Path) -> None:
    content = 'a,b\r\n"one\r\ntwo",2\r\n\r\n"x\n\ny",4\r\n\r\n'
    assert rows_of(file, content)[1:] == [("one\r\ntwo", "2"), ("x\n\ny", "4")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_line_ends_of_every_system_are_understood(end: str, file: Path) -> None:
    assert rows_of(file, f"a,b{end}1,2{end}3,4")[1:] == [("1", "2"), ("3", "4")]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a;b\n1,5;2,5\n", [("a", "b"), ("1,5", "2,5")]),
        ("a\tb, c\n1\t2\n", [("a", "b, c"), ("1", "2")]),
        ("a|b|c\n1,1|2,2|3,3\n", [("a", "b", "c"), ("1,1", "2,2", "3,3")]),
        ('"a;b",c\n"1;1",2\n', [("a;b", "c"), ("1;1", "2")]),
        ("a,b\n1;2,3\n", [("a", "b"), ("1;2", "3")]),
        ("words\none\n", [("words",), ("one",)]),
        ("words\none, two\nthree\n", [("words",), ("one, two",), ("three",)]),
    ],
)
def test_the_delimiter_is_told_from_the_first_rows(
    content: str, expected: list[tuple[str]], file: Path
) -> None:
    assert rows_of(file, content) == expected


def test_an_unusual_delimiter_is_noted(file: Path) -> None:
    file.write_text("a;b\n1;2\n", "utf-8")
    assert "data.csv: its fields are separated by semicolons" in notes_of(file)
    tabs = file.with_suffix(".tsv")
    tabs.write_text("a\tb\n1\t2\n", "utf-8")
    assert write_raw(tabs, file.with_name("raw of tabs")).notes == ()


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
def test_unicode_is_read_in_each_of_its_encodings(mark: bytes, encoding: str, file: Path) -> None:
    content = mark + 'naïve,"名\n前"\nö,😀\n'.encode(encoding)
    assert rows_of(file, content) == [("naïve", "名\n前"), ("ö", "😀")]
    assert notes_of(file) == ""


def test_one_byte_that_is_not_utf8_anywhere_makes_the_file_windows_1252(file: Path) -> None:
    many = "".join(f"{i},plain\n" for i in range(200_000))
    assert len(many) > text.BLOCK_BYTES
    file.write_bytes(f"id,name\n{many}200000,M\xfcller \x80\n".encode("latin-1"))
    note = notes_of(file)
    assert "not UTF-8 (line 200002, byte 0xfc); read as Windows-1252" in note
    assert read_rows(file).row(-1) == ("200000", "Müller €")


def test_a_name_is_kept_whatever_it_is_but_for_the_blanks_around_it(file: Path) -> None:
    names = ("class", "it's", 'a "b"', "x,y", "größe", "", "*", "^a.*$", "two  words")
    quoted = ",".join('" {} "'.format(name.replace('"', '""')) for name in names if name)
    found = rows_of(file, f"{quoted}\n1,2,3,4,5,6,7,8\n")
    assert found[0] == tuple(name for name in names if name)


def test_a_quote_in_a_field_that_is_not_quoted_is_text(file: Path) -> None:
    content = 'a,b\n5" pipe,say "hi"\n"x ""y""",2\n'
    assert rows_of(file, content)[1:] == [('5" pipe', 'say "hi"'), ('x "y"', "2")]


def test_a_row_longer_than_what_is_parsed_at_once_is_read(file: Path) -> None:
    long = "x" * (3 * text.BLOCK_BYTES)
    assert rows_of(file, f"a,b\n1,2\n{long},3\n")[2] == (long, "3")
    lines = '""\n' * text.BLOCK_BYTES
    assert rows_of(file.with_name("b.csv"), f'a,b\n1,2\n"{lines}",3\n')[2][1] == "3"


def test_what_should_be_known_is_said_to_those_who_predict_too(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text("a;b\n1;2\n", "utf-8")
    read_rows(file)
    assert "its fields are separated by semicolons" in capsys.readouterr().err


@pytest.mark.slow
def test_ten_thousand_columns_are_read(file: Path) -> None:
    names = ",".join(f"gene_{i}" for i in range(10_000))
    row = ",".join(str(i) for i in range(10_000))
    found = rows_of(file, f"{names}\n" + f"{row}\n" * 5)
    assert len(found) == 6
    assert found[5][9_999] == "9999"


def test_blank_lines_at_the_end_of_a_single_column_are_no_rows(file: Path) -> None:
    assert rows_of(file, 'a\n1\n""\n2\n\n\n')[1:] == [("1",), (None,), ("2",)]
