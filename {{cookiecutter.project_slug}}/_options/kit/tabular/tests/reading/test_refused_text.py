"""CSV and TSV that would be misread: each gets one message that names the place."""

import codecs
from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.raw.writing import write_raw
from {{ cookiecutter.package_name }}.reading import delimited, records
from {{ cookiecutter.package_name }}.runtime.errors import UserError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data.csv"


def refusal(file: Path, content: str | bytes) -> str:
    """The message for a file with this content; nothing is left behind."""
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(UserError) as caught:
        write_raw(file, file.with_name("raw"))
    assert not file.with_name("raw").exists()
    message = str(caught.value)
    assert message.startswith(str(file))
    assert "\n" not in message.replace(str(file), "")
    return message


def test_what_no_encoding_explains_is_refused(file: Path) -> None:
    message = refusal(file, b"a,b\n\xfc,\x81\n")
    assert "neither UTF-8 (line 2, byte 0xfc) nor Windows-1252 (line 2, byte 0x81)" in message
    assert "marked as utf-16, but damaged" in refusal(file, "a,b\n1,2\n".encode("utf-16")[:-1])


def test_rows_of_another_length_are_named_by_their_lines_and_counted(file: Path) -> None:
    rows = ["1,2,3", '"x\ny",2', "1,2,3,4", "1", *["1,2"] * 10, "1,2,3"]
    message = refusal(file, "a,b,c\n" + "\n".join(rows))
    assert "13 of its 15 rows do not have the 3 fields of the header: " in message
    assert "line 3 has 2, line 5 has 4, line 6 has 1, line 7 has 2, line 8 has 2, ..." in message
    assert "must be quoted" in message


def test_rows_that_begin_with_an_unnamed_column_are_explained(file: Path) -> None:
    message = refusal(file, "a,b\nx,1,2\ny,3,4\n")
    assert "begins with its name or number, that column needs a name" in message


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (",a,b", "no name for column 1 (an index that pandas wrote? `to_csv(..., index=False)`)"),
        ("a,,b,  ,", "no name for column 2, 4, 5."),
        ("a,b,a,b ,c", "'a' is the name of columns 1, 3; 'b' is the name of columns 2, 4."),
    ],
)
def test_every_column_needs_a_name_of_its_own(header: str, message: str, file: Path) -> None:
    rows = "\n".join(["1" + ",1" * header.count(",")] * 3)
    assert message in refusal(file, f"{header}\n{rows}\n")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (codecs.BOM_UTF8, "is empty"),
        (b" \n\n", "is empty"),
        (b"a,b", "no rows; expected at least one row"),
        (b"a,b\r\n\r\n", "no rows; expected at least one row"),
        (b"\na,b\n1,2\n", "line 1: blank; expected the names of the columns"),
        (b"a,b\n1,x\0y\n", "line 2: a NUL character"),
        ("a,b\n1,2\n".encode("utf-16-le"), "UTF-16 without a byte order mark"),
        (b'a,b\n1,2\n"x,2\n3,4\n', "line 3: a quoted field begins in this row and never ends"),
        (b'a\n"x', "line 2: a quoted field begins in this row and never ends"),
        (b'a,b\n1,2\n"x"y,2\n', "line 3: text after a closing quote"),
        (b'a,b\n"x \\"q\\" y",2\n', 'a quote inside a quoted field is written ""'),
        (b'a,b\n"x" ,2\n', "line 2: text after a closing quote"),
        (b"\x89PNG\r\n\x1a\n\0\0", "expected CSV or TSV by its name, but it is a picture"),
        (b"PK\x03\x04\x14\0\x06", "but it is a ZIP archive or an Excel sheet: save the sheet"),
        (b"PAR1\x15\x04", "but it is Parquet: its name must end in .parquet"),
        (b"\x1f\x8b\x08\0", "but it is gzip data: its name must end in .gz"),
        (b"  <!DOCTYPE html>\n<html>", "but it is a web page"),
    ],
)
def test_what_is_no_table_gets_one_clear_error(content: bytes, message: str, file: Path) -> None:
    assert message in refusal(file, content)


def test_a_blank_line_in_a_single_column_is_not_taken_for_nothing(file: Path) -> None:
    message = refusal(file, "a\n1\n\n2\n")
    assert "line 3: blank, which in a single column may be a missing value" in message


def test_a_row_without_end_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "MOST_ROW_BYTES", 1 << 20)
    assert "a row of 3 MiB, expected at most 1" in refusal(file, f"a,b\n{'x' * (3 << 20)},3\n")
    monkeypatch.setattr(records, "FIELD_CHARACTERS", 1000)
    assert "is its quote closed?" in refusal(file, f'a,b\n"{"x" * 2000}')
