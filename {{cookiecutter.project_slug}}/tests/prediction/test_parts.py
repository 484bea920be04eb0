from pathlib import Path

import polars as pl
import pytest

from {{ cookiecutter.package_name }}.prediction.parts import Parts
from {{ cookiecutter.package_name }}.runtime.errors import UserError

ROW = pl.DataFrame({"row": [1]})
NONE = pl.DataFrame(schema={"row": pl.Int64, "reason": pl.String})


def parts(folder: Path, **made_from: str) -> Parts:
    return Parts(folder / "table.parquet", made_from)


def test_pieces_are_gone_on_with_if_they_are_of_the_same(tmp_path: Path) -> None:
    with parts(tmp_path, model="a").open() as begin:
        assert begin == 0
        parts(tmp_path, model="a").add(0, ROW, NONE)
    with parts(tmp_path, model="a").open() as begin:
        assert begin == 1
    with parts(tmp_path, model="b").open() as begin:
        assert begin == 0


def test_a_piece_without_those_before_it_does_not_count(tmp_path: Path) -> None:
    with parts(tmp_path).open():
        parts(tmp_path).add(0, ROW, NONE)
        parts(tmp_path).add(2, ROW, NONE)
    with parts(tmp_path).open() as begin:
        assert begin == 1
        assert parts(tmp_path).counts() == (1, 0)


def test_a_piece_counts_once_its_good_rows_are_there(tmp_path: Path) -> None:
    with parts(tmp_path).open():
        parts(tmp_path).add(0, ROW, NONE)
        (tmp_path / "table.parquet.parts/good-000000.parquet").unlink()
    with parts(tmp_path).open() as begin:
        assert begin == 0


def test_nobody_else_works_at_them_meanwhile(tmp_path: Path) -> None:
    with (
        parts(tmp_path).open(),
        pytest.raises(UserError, match=r"table\.parquet: another command is writing it"),
        parts(tmp_path).open(),
    ):
        pass


def test_published_the_folder_is_gone(tmp_path: Path) -> None:
    here = parts(tmp_path)
    with here.open():
        here.add(0, ROW, NONE)
        here.add(1, ROW + 1, NONE)
        here.publish(tmp_path / "table.bad.csv")
    assert pl.read_parquet(here.destination)["row"].to_list() == [1, 2]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["table.bad.csv", "table.parquet"]
