"""A damaged file is read or refused; whatever the damage, there is no other error."""

import gzip
import io
import json
import random
import tempfile
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from {{ cookiecutter.package_name }}.raw.writing import write_raw
from {{ cookiecutter.package_name }}.reading.opening import open_raw, read_rows
from {{ cookiecutter.package_name }}.runtime.errors import UserError

ROWS = [{"id": i, "name": f'n{i} "ö"\n,', "value": i / 3, "is_new": i % 2 == 0} for i in range(12)]
CSV = "id,name,value\n" + "".join(f'{i},"n{i} ""ö""\n,",{i / 3}\n' for i in range(12))
JSON_LINES = "".join(f"{json.dumps(row)}\n" for row in ROWS)


def _parquet() -> bytes:
    buffer = io.BytesIO()
    table = pa.Table.from_pylist(ROWS)
    table = table.append_column("kind", pa.array(["a", "b"] * 6).dictionary_encode())
    parquet.write_table(table, buffer, row_group_size=5)
    return buffer.getvalue()


VALID = {
    "data.csv": CSV.encode(),
    "wide.csv": CSV.encode("utf-16"),
    "data.csv.gz": gzip.compress(CSV.encode(), mtime=0),
    "data.tsv.zst": pa.compress(CSV.encode(), "zstd", asbytes=True),
    "data.jsonl": JSON_LINES.encode(),
    "data.ndjson.gz": gzip.compress(JSON_LINES.encode(), mtime=0),
    "data.parquet": _parquet(),
    "data.parquet.gz": gzip.compress(_parquet(), mtime=0),
}


def outcome(name: str, content: bytes) -> pl.DataFrame | str:
    """Either the rows, by both ways of reading, or the message."""
    with tempfile.TemporaryDirectory() as folder:
        file, raw = Path(folder, name), Path(folder, "raw")
        file.write_bytes(content)
        try:
            write_raw(file, raw)
        except UserError as error:
            assert not raw.exists()
            with pytest.raises(UserError):
                read_rows(file)
            return str(error)
        return open_raw(raw).collect()


@pytest.mark.parametrize("name", VALID)
def test_the_valid_files_are_read(name: str) -> None:
    data = outcome(name, VALID[name])
    assert isinstance(data, pl.DataFrame)
    assert len(data) == 12


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.sampled_from(sorted(VALID)), st.floats(min_value=0, max_value=1, exclude_max=True))
def test_a_file_that_ends_early_is_read_or_refused(name: str, share: float) -> None:
    content = VALID[name]
    found = outcome(name, content[: int(share * len(content))])
    if not name.endswith((".csv", ".jsonl")):  # these may be cut between two rows
        assert isinstance(found, str)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.sampled_from(sorted(VALID)), st.integers(min_value=0), st.integers(min_value=1, max_value=3)
)
def test_a_file_with_wrong_bytes_is_read_or_refused(name: str, seed: int, count: int) -> None:
    chance = random.Random(seed)
    content = bytearray(VALID[name])
    for _ in range(count):
        content[chance.randrange(len(content))] = chance.randrange(256)
    outcome(name, bytes(content))


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.sampled_from(sorted(VALID)), st.binary(max_size=60))
def test_bytes_of_no_kind_are_read_or_refused(name: str, content: bytes) -> None:
    outcome(name, content)
