"""What lies in data/raw: bounded, the same each time, and all of it."""

import hashlib
from pathlib import Path

import polars as pl
import pytest
from pyarrow import parquet

from {{ cookiecutter.package_name }}.raw.writing import write_raw
from {{ cookiecutter.package_name }}.reading import engine
from {{ cookiecutter.package_name }}.reading.opening import open_raw, read_rows
from {{ cookiecutter.package_name }}.runtime.errors import UserError


def hashes(folder: Path) -> dict[str, str]:
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in sorted(folder.iterdir())}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Some megabytes, so that they are parsed in several blocks."""
    path = tmp_path / "data.csv"
    table = pl.DataFrame({"id": range(150_000), "text": "some text, as long as that"})
    table.write_csv(path)
    return path


def test_the_same_source_gives_the_same_bytes(file: Path, tmp_path: Path) -> None:
    write_raw(file, tmp_path / "one")
    write_raw(file, tmp_path / "two")
    assert hashes(tmp_path / "one") == hashes(tmp_path / "two")


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".jsonl"])
def test_what_is_held_in_memory_at_once_is_bounded(
    suffix: str, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = pl.read_csv(file)
    table.write_parquet(file.with_suffix(".parquet"))
    table.head(15_000).write_ndjson(file.with_suffix(".jsonl"))
    monkeypatch.setattr(engine, "GROUP_ROWS", 7000)
    monkeypatch.setattr(engine, "GROUPS_IN_SHARD", 2)
    written = write_raw(file.with_suffix(suffix), tmp_path / "raw")
    assert len(written.files) >= 2
    assert [path.name for path in written.files] == sorted(path.name for path in written.files)
    for path in written.files:
        metadata = parquet.read_metadata(path)
        assert metadata.num_row_groups <= 2
        for group in range(metadata.num_row_groups):
            assert 0 < metadata.row_group(group).num_rows < 2 * 7000
    found = open_raw(tmp_path / "raw").collect()
    assert found["id"].cast(pl.Int64).to_list() == list(range(written.rows))
    assert written.rows == (15_000 if suffix == ".jsonl" else 150_000)


def test_a_shard_that_is_added_leaves_the_earlier_files_as_they_are(tmp_path: Path) -> None:
    source = tmp_path / "shards"
    source.mkdir()
    (source / "2024.csv").write_text("x,y\n1,2\n", "utf-8")
    write_raw(source, tmp_path / "before")
    (source / "2025.csv").write_text("x,y\n3,4\n", "utf-8")
    write_raw(source, tmp_path / "after")
    before, after = hashes(tmp_path / "before"), hashes(tmp_path / "after")
    assert before.items() < after.items()
    assert open_raw(tmp_path / "after").collect().equals(read_rows(source))


def test_nothing_is_left_when_the_source_is_wrong_at_its_end(file: Path, tmp_path: Path) -> None:
    with file.open("a", encoding="utf-8") as end:
        end.write("1,2,3\n")
    with pytest.raises(UserError, match=r"1 of its 150001 rows .*: line 150002 has 3"):
        write_raw(file, tmp_path / "raw")
    assert not (tmp_path / "raw").exists()


def test_a_folder_without_raw_data_is_refused_with_what_makes_them(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no Parquet file there. `uv run ingest` writes them"):
        open_raw(tmp_path)
