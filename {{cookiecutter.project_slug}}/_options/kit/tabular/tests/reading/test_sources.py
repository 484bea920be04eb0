"""Which files a source is made of, and whether they fit together."""

import gzip
from pathlib import Path

import polars as pl
import pytest

from {{ cookiecutter.package_name }}.raw.writing import write_raw
from {{ cookiecutter.package_name }}.reading.files import Format, describe, find_files
from {{ cookiecutter.package_name }}.reading.opening import read_rows
from {{ cookiecutter.package_name }}.runtime.errors import UserError


def shards(folder: Path, **contents: str) -> Path:
    folder.mkdir()
    for name, content in contents.items():
        (folder / f"{name}.csv").write_text(content, "utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "table_format", "compression"),
    [
        ("a.csv", Format.delimited, None),
        ("A.CSV", Format.delimited, None),
        ("a.b.tsv.gz", Format.delimited, "gzip"),
        ("a.pq", Format.parquet, None),
        ("a.ndjson.zst", Format.json_lines, "zstd"),
    ],
)
def test_the_format_is_told_by_the_name(
    name: str, table_format: Format, compression: str | None
) -> None:
    found = describe(Path(name))
    assert (found.format, found.compression) == (table_format, compression)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a.xlsx", "its name ends in .xlsx, expected .csv, .tsv, .*Save the sheet as CSV"),
        ("a.json", "Write one JSON object a line to a .jsonl file"),
        ("a.feather", "save the table as Parquet"),
        ("a.zip", "Unpack it first"),
        ("a.txt.gz", "its name ends in .txt, .* If its first line names columns: .csv"),
        ("a.docx", "its name ends in .docx, expected .csv, .tsv"),
        ("a", "its name has no ending, expected .csv, .tsv"),
    ],
)
def test_other_formats_are_refused_with_what_to_convert_them_to(
    name: str, message: str, tmp_path: Path
) -> None:
    (tmp_path / name).touch()
    with pytest.raises(UserError, match=message):
        find_files(tmp_path / name)
    with pytest.raises(UserError, match=message):
        find_files(tmp_path)


def test_a_path_with_a_typo_gets_the_nearest_name(tmp_path: Path) -> None:
    shards(tmp_path / "tables", customers="a\n1")
    with pytest.raises(UserError, match=r"custmers.csv: no such .* Did you mean 'customers.csv'\?"):
        read_rows(tmp_path / "tables" / "custmers.csv")
    with pytest.raises(UserError, match=r"no such file or folder. Did you mean 'tables'\?"):
        read_rows(tmp_path / "table" / "customers.csv")
    with pytest.raises(UserError, match=r"no such file or folder. Valid: customers.csv."):
        read_rows(tmp_path / "tables" / "x")


def test_shards_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    folder = shards(tmp_path / "a [b] *", b="x,y\n3,4\n", a="x,y\n1,2\n")
    (folder / "c").mkdir()
    (folder / "c" / "c.csv.gz").write_bytes(gzip.compress(b"y;x\n6;5\n"))
    assert read_rows(folder).rows() == [("1", "2"), ("3", "4"), ("5", "6")]


def test_hidden_files_are_passed_over_and_others_left_behind_with_a_note(tmp_path: Path) -> None:
    folder = shards(tmp_path / "tables", a="x\n1\n")
    (folder / ".a.csv.crc").touch()
    (folder / ".cache").mkdir()
    (folder / ".cache" / "b.csv").touch()
    for name in ("_SUCCESS", "README.md"):
        (folder / name).touch()
    table = write_raw(folder, tmp_path / "raw")
    assert table.rows == 1
    assert table.notes == ("left 2 files behind, not readable by their names: README.md, _SUCCESS",)


def test_a_shard_with_other_columns_is_named_with_them(tmp_path: Path) -> None:
    folder = shards(tmp_path / "tables", a="x,y,z\n1,2,3\n", b="z,x\n1,2\n", c="x,y,z\n1,2,3\n")
    with pytest.raises(UserError, match=r"b.csv: expected the columns of a.csv; it lacks 'y'\."):
        write_raw(folder, tmp_path / "raw")
    shards(tmp_path / "more", a="x,y\n1,2\n", b="x,Y,w\n1,2,3\n")
    with pytest.raises(UserError, match="it lacks 'y' and has 'Y', 'w' besides"):
        write_raw(tmp_path / "more", tmp_path / "raw")
    assert not (tmp_path / "raw").exists()


def test_a_shard_without_rows_is_noted(tmp_path: Path) -> None:
    folder = shards(tmp_path / "tables", a="x,y\n", b="x,y\n1,2\n")
    table = write_raw(folder, tmp_path / "raw")
    assert (table.rows, table.notes) == (1, ("a.csv: a header and no rows",))


def test_a_folder_of_two_formats_is_refused(tmp_path: Path) -> None:
    folder = shards(tmp_path / "tables", a="x\n1\n")
    (folder / "b.parquet").touch()
    with pytest.raises(UserError, match=r"found CSV or TSV and Parquet \(a.csv, b.parquet\)"):
        read_rows(folder)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no file in this folder; expected .csv"):
        read_rows(tmp_path)


def test_values_in_the_names_of_folders_are_not_lost(tmp_path: Path) -> None:
    (tmp_path / "year=2024").mkdir()
    (tmp_path / "year=2024" / "a.csv").write_text("x\n1\n", "utf-8")
    with pytest.raises(UserError, match=r"'year' are in the names of folders \(year=2024\)"):
        read_rows(tmp_path)


def test_types_of_shards_are_merged_when_no_value_changes(tmp_path: Path) -> None:
    pl.DataFrame({"x": [1], "y": [None]}).write_parquet(tmp_path / "a.parquet")
    pl.DataFrame({"x": [0.5], "y": ["b"]}).write_parquet(tmp_path / "b.parquet")
    data = read_rows(tmp_path)
    assert data.schema == {"x": pl.Float64, "y": pl.String}
    assert data.rows() == [(1.0, None), (0.5, "b")]
    pl.DataFrame({"x": [2**53 + 1], "y": ["c"]}).write_parquet(tmp_path / "a.parquet")
    with pytest.raises(UserError, match=r"a.parquet: column 'x' is double in other shards"):
        read_rows(tmp_path)
    pl.DataFrame({"x": ["one"], "y": ["c"]}).write_parquet(tmp_path / "c.parquet")
    with pytest.raises(UserError, match=r"c.parquet: column 'x' is string here and double"):
        read_rows(tmp_path)
