import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import small_data

from {{ cookiecutter.package_name }}.config.kit import OnBad
from {{ cookiecutter.package_name }}.contract.contract import SplitRecord, Task
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.schema import Feature, Manifest
from {{ cookiecutter.package_name }}.splits import SPLITS

Row = dict[str, str]


@pytest.fixture
def rows() -> list[Row]:
    return small_data.table()


def prepared_from(rows: list[Row], folder: Path, **options: object) -> Manifest:
    """Prepare ``rows`` below ``folder``."""
    file = small_data.write_csv(folder / "table.csv", rows)
    return small_data.prepare_small(file, folder / "prepared", **options)  # pyrefly: ignore[bad-argument-type]


def splits(folder: Path) -> dict[str, str]:
    samples = pl.read_parquet(folder / "prepared" / "samples.parquet")
    return dict(zip(samples["id"], samples["split"], strict=True))


def in_split(folder: Path, split: str) -> set[str]:
    return {name for name, part in splits(folder).items() if part == split}


def test_every_row_is_in_one_split_and_the_manifest_counts_them(
    rows: list[Row], tmp_path: Path
) -> None:
    manifest = prepared_from(rows, tmp_path)
    assert set(splits(tmp_path)) == {row[small_data.KEY] for row in rows}
    assert manifest.classes == sorted(small_data.CLASSES)
    assert sum(manifest.rows.values()) == len(rows)
    for split in SPLITS:
        assert manifest.rows[split] == sum(manifest.rows_per_class[split]) > 0
        stored = np.load(tmp_path / "prepared" / split / "features.npy")
        assert stored.shape == (manifest.rows[split], len(manifest.features))
    assert Manifest.load(tmp_path / "prepared") == manifest


def test_numbers_come_before_categories_and_roles_are_no_features(
    rows: list[Row], tmp_path: Path
) -> None:
    manifest = prepared_from(rows, tmp_path)
    assert manifest.features == [
        Feature(small_data.SIZE, None),
        Feature("fold", None),
        Feature(small_data.COLOR, small_data.COLORS),
        Feature("^never.*$", ["false", "true"]),
    ]


def test_values_arrive_as_they_stand_in_the_source(rows: list[Row], tmp_path: Path) -> None:
    manifest = prepared_from(rows, tmp_path)
    samples = pl.read_parquet(tmp_path / "prepared" / "samples.parquet")
    known = {row[small_data.KEY]: row for row in rows}
    for split in SPLITS:
        ids = samples.filter(pl.col("split") == split)["id"]
        features = np.load(tmp_path / "prepared" / split / "features.npy")
        targets = np.load(tmp_path / "prepared" / split / "targets.npy")
        for name, values, target in zip(ids, features.tolist(), targets, strict=True):
            row = known[name]
            expected = float(row[small_data.SIZE] or "nan")
            assert values[0] == pytest.approx(expected, nan_ok=True)
            color = row[small_data.COLOR]
            assert values[2] == (0 if color == "NA" else small_data.COLORS.index(color) + 1)
            assert values[3] == (2 if row["^never.*$"] == "yes" else 1)
            assert manifest.classes[target] == row[small_data.TARGET]


def test_adding_removing_and_sorting_rows_moves_no_other(rows: list[Row], tmp_path: Path) -> None:
    prepared_from(rows, tmp_path / "before")
    more = [row | {small_data.KEY: f"new-{number}"} for number, row in enumerate(rows[:40])]
    prepared_from([*more, *rows[:2:-1]], tmp_path / "after")
    before, after = splits(tmp_path / "before"), splits(tmp_path / "after")
    assert len(before.keys() & after.keys()) == len(before) - 3
    assert all(after[name] == split for name, split in before.items() if name in after)


def test_without_a_key_rows_are_told_apart_by_their_content(
    rows: list[Row], tmp_path: Path
) -> None:
    keyless = replace(small_data.contract(), key=None, forbidden=(small_data.KEY,))
    for name, order in (("before", rows), ("after", rows[::-1])):
        prepared_from(order, tmp_path / name, agreed=keyless)
    found = [
        sorted(np.load(tmp_path / name / "prepared/test/features.npy")[:, 1].tolist())
        for name in ("before", "after")
    ]
    assert found[0] == found[1]
    assert len(found[0]) > 5


@pytest.mark.parametrize("split", ["val", "test"])
def test_statistics_and_categories_come_from_training_rows_only(
    split: str, rows: list[Row], tmp_path: Path
) -> None:
    before = prepared_from(rows, tmp_path / "before")
    changed = in_split(tmp_path / "before", split)
    for row in rows:
        if row[small_data.KEY] in changed:
            row |= {small_data.SIZE: "99", small_data.COLOR: "new"}
    contract = small_data.contract()
    columns = contract.columns | {
        small_data.COLOR: replace(contract.columns[small_data.COLOR], values=None)
    }
    after = prepared_from(rows, tmp_path / "after", agreed=replace(contract, columns=columns))
    assert after.statistics == before.statistics
    assert after.features == before.features
    assert [name for name in SPLITS if after.hashes[name] != before.hashes[name]] == [split]


def test_a_group_is_in_one_split_whole(rows: list[Row], tmp_path: Path) -> None:
    grouped = replace(small_data.contract(), group=small_data.COLOR)
    for number, row in enumerate(rows):
        row[small_data.COLOR] = f"person {number // 4}"
    columns = grouped.columns | {
        small_data.COLOR: replace(grouped.columns[small_data.COLOR], values=None)
    }
    prepared_from(rows, tmp_path, agreed=replace(grouped, columns=columns))
    samples = pl.read_parquet(tmp_path / "prepared" / "samples.parquet")
    assert samples.group_by("group").agg(pl.col("split").n_unique())["split"].to_list() == [1] * 30


def test_a_split_by_time_trains_on_the_past(rows: list[Row], tmp_path: Path) -> None:
    timed = replace(
        small_data.contract(), time="fold", split=SplitRecord(0, val_from="0.5", test_from="1")
    )
    manifest = prepared_from(rows, tmp_path, agreed=timed)
    samples = pl.read_parquet(tmp_path / "prepared" / "samples.parquet")
    times = samples.with_columns(pl.col("time").cast(pl.Float64))
    bounds = {s: times.filter(pl.col("split") == s)["time"] for s in SPLITS}
    assert bounds["train"].max() < 0.5 <= bounds["val"].min() < 1 <= bounds["test"].min()  # type: ignore[operator]
    assert (manifest.folds, [feature.name for feature in manifest.features][:2]) == (
        0,
        [small_data.SIZE, small_data.COLOR],
    )


def test_a_split_by_time_without_borders_says_which_to_write(
    rows: list[Row], tmp_path: Path
) -> None:
    timed = replace(small_data.contract(), time="fold")
    with pytest.raises(UserError, match=r"data.time=fold .*write `split: \{val_from: '.*test_from"):
        prepared_from(rows, tmp_path, agreed=timed)


def test_values_to_predict_are_kept_as_they_are(rows: list[Row], tmp_path: Path) -> None:
    contract = replace(small_data.contract(), task=Task.regression, target="fold")
    manifest = prepared_from(rows, tmp_path, agreed=contract)
    targets = np.load(tmp_path / "prepared/train/targets.npy")
    assert (manifest.classes, targets.dtype) == ([], np.float64)
    statistics = manifest.statistics_of(None)
    assert statistics.target_mean == pytest.approx(targets.mean())
    assert statistics.target_std == pytest.approx(targets.std())
    assert small_data.TARGET in [feature.name for feature in manifest.features]


def test_bad_rows_stop_or_are_set_aside(rows: list[Row], tmp_path: Path) -> None:
    rows[7][small_data.SIZE], rows[9][small_data.COLOR] = "1e9", "purple"
    with pytest.raises(UserError) as caught:
        prepared_from(rows, tmp_path / "stop")
    assert all(word in str(caught.value) for word in (small_data.SIZE, "purple"))
    manifest = prepared_from(rows, tmp_path / "on", on_bad=OnBad.quarantine)
    assert manifest.bad_rows == 2
    assert sum(manifest.rows.values()) == len(rows) - 2
    aside = pl.read_parquet(tmp_path / "on" / "prepared" / "quarantine.parquet")
    assert aside[small_data.KEY].to_list() == ["row-007", "row-009"]
    clean = prepared_from([r for r in rows if r not in (rows[7], rows[9])], tmp_path / "clean")
    assert manifest.hashes == clean.hashes


def test_the_same_table_gives_the_same_bytes(rows: list[Row], tmp_path: Path) -> None:
    for name in ("one", "two"):
        prepared_from(rows, tmp_path / name)
        shutil.rmtree(tmp_path / name / "prepared-raw")
    one, two = (sorted((tmp_path / name / "prepared").rglob("*.*")) for name in ("one", "two"))
    assert [file.read_bytes() for file in one] == [file.read_bytes() for file in two]


def test_a_class_without_training_rows_is_refused(rows: list[Row], tmp_path: Path) -> None:
    train = {row[small_data.KEY] for row in rows if row[small_data.TARGET] == "it's"}
    prepared_from(rows, tmp_path / "whole")
    outside = train - in_split(tmp_path / "whole", "train")
    others = [row for row in rows if row[small_data.TARGET] != "it's"]
    kept = [*others, *(row for row in rows if row[small_data.KEY] in outside)]
    with pytest.raises(UserError, match="no rows of class it's for train"):
        prepared_from(kept, tmp_path / "lacking")
