import shutil
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import small_data
from PIL import Image

from {{ cookiecutter.package_name }}.config_kit import Color, OnBad, Split
from {{ cookiecutter.package_name }}.prepare import inspect, prepare, split_of, usual_size
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.schema import SPLITS, Manifest

FIRST = small_data.CLASSES[0]


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return small_data.write_raw(tmp_path / "raw")


def in_split(raw: Path, split: str) -> Path:
    """Some image that the hash puts into ``split``."""
    return next(
        file
        for file in sorted(raw.rglob("*.png"))
        if split_of(file.relative_to(raw).as_posix(), small_data.SHARES) == split
    )


def splits(prepared: Path) -> dict[str, str]:
    table = pl.read_parquet(prepared / "samples.parquet")
    return dict(zip(table["id"], table["split"], strict=True))


def test_every_image_is_in_one_split_and_the_manifest_counts_them(
    raw: Path, tmp_path: Path
) -> None:
    manifest = small_data.prepare_small(raw, tmp_path / "prepared")
    ids = {file.relative_to(raw).as_posix() for file in raw.rglob("*.png")}
    assert set(splits(tmp_path / "prepared")) == ids
    assert manifest.classes == sorted(small_data.CLASSES)
    assert sum(manifest.rows.values()) == len(ids) == 120
    for split in SPLITS:
        assert manifest.rows[split] == sum(manifest.rows_per_class[split])
        assert len(np.load(tmp_path / "prepared" / split / "images.npy")) == manifest.rows[split]
    assert Manifest.load(tmp_path / "prepared") == manifest


def test_what_breaks_the_contract_of_raw_images_is_refused(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def one_without_a_width(folder: Path) -> tuple[pl.DataFrame, list[str]]:
        samples, bad = inspect(folder)
        first = pl.col("id") == samples["id"].min()
        return samples.with_columns(pl.when(first).then(0).otherwise("width").alias("width")), bad

    monkeypatch.setattr(sys.modules[prepare.__module__], "inspect", one_without_a_width)
    with pytest.raises(UserError, match="data/raw: width=0 breaks"):
        small_data.prepare_small(raw, tmp_path / "prepared")


def test_what_the_source_says_of_itself_is_kept(raw: Path, tmp_path: Path) -> None:
    (raw / "ABOUT.txt").write_text("Where from.\n")
    assert small_data.prepare_small(raw, tmp_path / "prepared").about == "Where from."


def test_shares_are_about_what_was_asked_for() -> None:
    shares = Split(val=0.1, test=0.3)
    found = [split_of(f"cat/{number}.png", shares) for number in range(5000)]
    assert found.count("val") / 5000 == pytest.approx(0.1, abs=0.02)
    assert found.count("test") / 5000 == pytest.approx(0.3, abs=0.02)


def test_an_image_is_in_the_same_split_on_every_machine_and_in_every_release() -> None:
    found = [split_of(f"cat/{number}.png", Split(val=0.3, test=0.3)) for number in range(8)]
    assert found == ["test", "train", "train", "train", "train", "test", "val", "train"]


def test_adding_and_removing_images_moves_no_other(raw: Path, tmp_path: Path) -> None:
    small_data.prepare_small(raw, tmp_path / "before")
    for number in range(50):
        shutil.copy(raw / FIRST / "000.png", raw / FIRST / f"a{number}.png")
    small_data.write_raw(raw, classes=["a new class"])
    in_split(raw, "train").unlink()
    small_data.prepare_small(raw, tmp_path / "after")
    before, after = splits(tmp_path / "before"), splits(tmp_path / "after")
    assert len(set(before) & set(after)) == len(before) - 1
    assert all(after[name] == split for name, split in before.items() if name in after)


@pytest.mark.parametrize("split", ["val", "test"])
def test_statistics_size_and_colour_come_from_training_images_only(
    split: str, raw: Path, tmp_path: Path
) -> None:
    before = small_data.prepare_small(raw, tmp_path / "before")
    Image.new("RGB", (64, 48), (255, 0, 0)).save(in_split(raw, split))
    after = small_data.prepare_small(raw, tmp_path / "after")
    assert (after.mean, after.std) == (before.mean, before.std)
    assert (after.image_size, after.channels) == (before.image_size, 1)
    assert [name for name in SPLITS if after.hashes[name] != before.hashes[name]] == [split]


def test_the_size_of_many_test_images_does_not_count(raw: Path, tmp_path: Path) -> None:
    mostly_test = Split(val=0.1, test=0.7)
    for file in raw.rglob("*.png"):
        if split_of(file.relative_to(raw).as_posix(), mostly_test) == "test":
            Image.new("L", (64, 64)).save(file)
    manifest = prepare(
        raw,
        tmp_path / "prepared",
        split=mostly_test,
        image_size=None,
        color=Color.auto,
        on_bad=OnBad.stop,
    )
    assert manifest.image_size == small_data.SIDE


def test_one_training_image_in_colour_makes_all_of_them_rgb(raw: Path, tmp_path: Path) -> None:
    Image.new("RGB", (8, 8), (255, 0, 0)).save(in_split(raw, "train"))
    assert small_data.prepare_small(raw, tmp_path / "auto").channels == 3
    assert small_data.prepare_small(raw, tmp_path / "grey", color=Color.grey).channels == 1


def test_the_hash_of_a_split_follows_its_pixels_and_labels(raw: Path, tmp_path: Path) -> None:
    first = small_data.prepare_small(raw, tmp_path / "first").hashes
    assert small_data.prepare_small(raw, tmp_path / "again").hashes == first
    changed = in_split(raw, "train")
    pixels = np.array(Image.open(changed))
    pixels[0, 0] ^= 1
    Image.fromarray(pixels).save(changed)
    assert small_data.prepare_small(raw, tmp_path / "pixel").hashes["train"] != first["train"]


def test_the_usual_size_is_the_median_shorter_side_up_to_a_limit() -> None:
    def sizes(*sides: tuple[int, int]) -> pl.DataFrame:
        return pl.DataFrame(sides, ["width", "height"], orient="row")

    assert usual_size(sizes((10, 20), (30, 12), (16, 16))) == 12
    assert usual_size(sizes((4000, 3000))) == 224


def test_inspecting_reads_the_class_from_the_first_folder(raw: Path) -> None:
    (raw / FIRST / "deep" / "er").mkdir(parents=True)
    Image.new("RGB", (30, 20)).save(raw / FIRST / "deep" / "er" / "x.jpg")
    (raw / "ABOUT.txt").write_text("of no class")
    table, bad = inspect(raw)
    row = table.row(by_predicate=pl.col("id") == f"{FIRST}/deep/er/x.jpg", named=True)
    assert (row["label"], row["width"], row["height"], row["grey"]) == (FIRST, 30, 20, False)
    assert bad == []
