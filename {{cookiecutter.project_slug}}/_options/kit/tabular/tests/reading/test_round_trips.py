"""What the csv module writes in any dialect, encoding and compression comes back identical."""

import csv
import gzip
import io
import tempfile
from contextlib import nullcontext
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.raw.writing import write_raw
from {{ cookiecutter.package_name }}.reading import engine
from {{ cookiecutter.package_name }}.reading.opening import open_raw, read_rows
from {{ cookiecutter.package_name }}.reading.structure import Structure

AWKWARD = st.text(st.sampled_from(list("ab1 \"',;|\t\n\réß😀_#\\")), max_size=8)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
NAMES = st.text(st.sampled_from("abcäÖ_ -1"), min_size=1, max_size=6).map(str.strip).filter(bool)
# Until Python 3.13 it leaves a line end without quotes when the rows end in another one.
DIALECTS = st.sampled_from([("\r\n", False), ("\r\n", True), ("\n", True), ("\r", True)])


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """Names of at least two columns, and at least one row."""
    names = draw(st.lists(NAMES, min_size=2, max_size=4, unique=True))
    row = st.lists(AWKWARD | ANY_TEXT, min_size=len(names), max_size=len(names))
    return [names, *draw(st.lists(row, min_size=1, max_size=6))]


def written_by_csv(table: list[list[str]], delimiter: str, end: str, all_quoted: bool) -> str:
    buffer = io.StringIO()
    quoting = csv.QUOTE_ALL if all_quoted else csv.QUOTE_MINIMAL
    csv.writer(buffer, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(table)
    return buffer.getvalue()


def is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def compressed(content: bytes, suffix: str) -> bytes:
    if suffix == ".gz":
        return gzip.compress(content)
    return pa.compress(content, "zstd", asbytes=True) if suffix == ".zst" else content


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    tables(),
    st.sampled_from(",;\t|"),
    DIALECTS,
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    st.sampled_from([".csv", ".tsv", ".csv.gz", ".tsv.zst"]),
)
def test_a_table_of_text_comes_back_identical(
    table: list[list[str]], delimiter: str, dialect: tuple[str, bool], encoding: str, suffix: str
) -> None:
    written = written_by_csv(table, delimiter, *dialect)
    try:
        content = written.encode(encoding)
    except UnicodeEncodeError:
        encoding, content = "utf-8", written.encode()
    if encoding == "cp1252":
        assume(not is_utf8(content))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, f"data{suffix}")
        file.write_bytes(compressed(content, file.suffix))
        data = read_rows(file)
        write_raw(file, Path(folder, "raw"))
        assert open_raw(Path(folder, "raw")).collect().equals(data)
    assert [data.columns, *map(list, data.rows())] == [
        table[0],
        *[[field or None for field in row] for row in table[1:]],
    ]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.text(st.sampled_from('ab",\n\r '), max_size=30),
    st.integers(min_value=1, max_value=7),
)
def test_quotes_are_judged_as_the_csv_module_does(body: str, block: int) -> None:
    content = f"a,b\n{body}"
    structure = Structure(",")
    for start in range(0, len(content), block):
        structure.feed(content[start : start + block].encode())
    assume(structure.is_regular)  # the rest is left to the csv module itself
    rows = csv.reader(io.StringIO(content, newline=""), strict=True)
    expected = pytest.raises(csv.Error, match="unexpected end of data")
    with expected if structure.is_inside else nullcontext():
        found = list(rows)
        assert found[0] == ["a", "b"]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(tables(), DIALECTS, st.integers(min_value=0, max_value=40))
def test_rows_that_lie_across_blocks_stay_whole(
    table: list[list[str]], dialect: tuple[str, bool], larger: int
) -> None:
    content = written_by_csv(table, ",", *dialect).encode()
    structure = Structure(",")
    structure.feed(content)
    assert structure.is_regular
    stream = pa.BufferReader(content)
    batches = list(engine.parse(stream, table[0], ",", 2 * structure.rows.longest + larger))
    rows = [list(row.values()) for batch in batches for row in batch.to_pylist()]
    assert rows == [[field or None for field in row] for row in table[1:]]
