"""Which part an image is in follows from its content or its group alone."""

import shutil
from pathlib import Path

import polars as pl
import pytest
import small_data

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.prepare import groups_of
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.splits import SPLITS, Split

FIRST = small_data.CLASSES[0]


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return small_data.write_raw(tmp_path / "raw")


def splits(prepared: Path) -> dict[str, str]:
    table = pl.read_parquet(prepared / "samples.parquet")
    return dict(zip(table["id"], table["split"], strict=True))


def test_adding_removing_and_relabelling_images_moves_no_other(raw: Path, tmp_path: Path) -> None:
    small_data.prepare_small(raw, tmp_path / "before")
    moved, gone = (raw / FIRST / f"{number:03d}.png" for number in (1, 2))
    new = raw / "a new class"
    small_data.write_raw(raw, classes=[new.name])
    moved.rename(new / "relabelled.png")
    gone.unlink()
    small_data.prepare_small(raw, tmp_path / "after")
    before, after = splits(tmp_path / "before"), splits(tmp_path / "after")
    assert after[f"{new.name}/relabelled.png"] == before.pop(f"{FIRST}/001.png")
    del before[f"{FIRST}/002.png"]
    assert {name: after[name] for name in before} == before


def test_copies_of_an_image_are_where_it_is(raw: Path, tmp_path: Path) -> None:
    for split in SPLITS:
        file = small_data.in_split(raw, split)[0]
        for number in range(20):
            shutil.copy(file, raw / small_data.CLASSES[number % 3] / f"{split}-{number}.png")
    small_data.prepare_small(raw, tmp_path / "prepared")
    found = splits(tmp_path / "prepared")
    for split in SPLITS:
        assert {found[name] for name in found if f"/{split}-" in name} == {split}


def test_images_of_a_group_stay_together_in_splits_and_in_folds(raw: Path, tmp_path: Path) -> None:
    shares = Split(val=0.2, test=0.2, folds=3, salt=2)
    small_data.prepare_small(raw, tmp_path / "prepared", split=shares, group=r"^(\d\d)\d")
    table = pl.read_parquet(tmp_path / "prepared/samples.parquet")
    assert table["group"].to_list() == [name.split("/")[1][:2] for name in table["id"]]
    places = table.group_by("group").agg(pl.col("split", "fold").n_unique(), pl.len())
    assert places["split"].to_list() == places["fold"].to_list() == [1] * 4
    assert places["len"].to_list() == [30] * 4


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [(r"p\d", ["p1", "p2", "p1"]), (r"^(p)\d", ["p"] * 3), (None, [None] * 3)],
)
def test_a_group_is_what_the_pattern_finds_below_the_class(
    pattern: str | None, expected: list[str | None]
) -> None:
    ids = pl.Series(["p9/p1_a.png", "b/p2/a.png", "b/p1_c.png"])
    assert groups_of(ids, pattern).to_list() == expected


@pytest.mark.parametrize("pattern", ["p1", "^b"])
def test_a_pattern_that_finds_nothing_in_some_path_is_refused(pattern: str) -> None:
    with pytest.raises(UserError, match=r"data.group=.*: nothing in 'p2/a.png'\. Expected"):
        groups_of(pl.Series(["a/p1_b.png" if pattern == "p1" else "a/b", "b/p2/a.png"]), pattern)


def test_few_images_are_put_into_folds_and_many_are_not(raw: Path, tmp_path: Path) -> None:
    usual = Split(val=0.15, test=0.2, folds=None, salt=0)
    manifest = small_data.prepare_small(raw, tmp_path / "prepared", split=usual)
    assert (manifest.folds, len(manifest.statistics)) == (5, 6)
    assert small_data.prepare_small(raw, tmp_path / "asked").folds == 0


def test_statistics_of_each_network_are_those_of_the_rows_it_trains_on(
    raw: Path, tmp_path: Path
) -> None:
    manifest = small_data.prepare_small(raw, tmp_path / "prepared", split=small_data.IN_FOLDS)
    assert manifest.folds == 3
    for fold in (None, 0, 1, 2):
        images = load_split(tmp_path / "prepared", "train", fold).inputs
        assert manifest.statistics_of(fold).mean == pytest.approx([images.mean()])
        assert manifest.statistics_of(fold).std == pytest.approx([images.std()])
    assert len({statistics.mean[0] for statistics in manifest.statistics}) == 4
