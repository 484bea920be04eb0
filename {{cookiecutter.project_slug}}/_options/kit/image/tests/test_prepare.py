from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import small_data
from PIL import Image

from {{ cookiecutter.package_name }} import arrays
from {{ cookiecutter.package_name }}.arrays import inspect
from {{ cookiecutter.package_name }}.config.kit import Color
from {{ cookiecutter.package_name }}.prepare import usual_size
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.schema import Manifest
from {{ cookiecutter.package_name }}.splits import SPLITS, Split

FIRST = small_data.CLASSES[0]


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return small_data.write_raw(tmp_path / "raw")


def replace_within(raw: Path, split: str, mode: str = "L", side: int = small_data.SIDE) -> None:
    """Replace some image of ``split`` by one of a single colour that is in the same split."""
    file = small_data.in_split(raw, split)[0]
    for level in range(256):
        Image.new(mode, (side, side), level).save(file)
        if file in small_data.in_split(raw, split):
            return
    raise AssertionError(f"no colour is in {split}")


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


@pytest.mark.ml_test_score("data-1")
def test_what_breaks_the_contract_of_raw_images_is_refused(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def one_without_a_width(folder: Path) -> tuple[pl.DataFrame, list[str]]:
        samples, bad = inspect(folder)
        first = pl.col("id") == samples["id"].min()
        return samples.with_columns(pl.when(first).then(0).otherwise("width").alias("width")), bad

    monkeypatch.setattr(arrays, "inspect", one_without_a_width)
    with pytest.raises(UserError, match="data/raw: width=0 breaks"):
        small_data.prepare_small(raw, tmp_path / "prepared")


def test_what_the_source_says_of_itself_is_kept(raw: Path, tmp_path: Path) -> None:
    (raw / "ABOUT.txt").write_text("Where from.\n", "utf-8")
    assert small_data.prepare_small(raw, tmp_path / "prepared").about == "Where from."


@pytest.mark.parametrize("split", ["val", "test"])
@pytest.mark.ml_test_score("data-7")
def test_statistics_size_and_colour_come_from_training_images_only(
    split: str, raw: Path, tmp_path: Path
) -> None:
    before = small_data.prepare_small(raw, tmp_path / "before")
    replace_within(raw, split, "RGB", 64)
    after = small_data.prepare_small(raw, tmp_path / "after")
    assert after.statistics == before.statistics
    assert (after.image_size, after.channels) == (before.image_size, 1)
    assert [name for name in SPLITS if after.hashes[name] != before.hashes[name]] == [split]


def test_the_size_of_many_test_images_does_not_count(raw: Path, tmp_path: Path) -> None:
    mostly_test = Split(val=0.1, test=0.7, folds=0, salt=0)
    generator = np.random.default_rng(0)
    for number in range(300):
        pixels = generator.integers(0, 256, (64, 64), dtype=np.uint8)
        Image.fromarray(pixels).save(raw / FIRST / f"large-{number}.png")
    for split in ("train", "val"):
        for file in small_data.in_split(raw, split, mostly_test):
            if file.name.startswith("large-"):
                file.unlink()
    manifest = small_data.prepare_small(raw, tmp_path / "prepared", split=mostly_test)
    assert manifest.rows["test"] > 250
    assert manifest.image_size == small_data.SIDE


def test_one_training_image_in_colour_makes_all_of_them_rgb(raw: Path, tmp_path: Path) -> None:
    replace_within(raw, "train", "RGB")
    assert small_data.prepare_small(raw, tmp_path / "auto").channels == 3
    assert small_data.prepare_small(raw, tmp_path / "grey", color=Color.grey).channels == 1


def test_the_hash_of_a_split_follows_its_pixels_labels_and_folds(raw: Path, tmp_path: Path) -> None:
    first = small_data.prepare_small(raw, tmp_path / "first").hashes
    assert small_data.prepare_small(raw, tmp_path / "again").hashes == first
    file = small_data.in_split(raw, "train")[0]
    other = next(name for name in small_data.CLASSES if name != file.parent.name)
    relabelled = file.rename(raw / other / f"new-{file.name}")
    second = small_data.prepare_small(raw, tmp_path / "label").hashes
    assert [name for name in SPLITS if second[name] != first[name]] == ["train"]
    relabelled.rename(file)
    replace_within(raw, "train")
    third = small_data.prepare_small(raw, tmp_path / "pixel").hashes
    assert [name for name in SPLITS if third[name] != first[name]] == ["train"]
    in_folds = replace(small_data.SHARES, folds=3)
    fourth = small_data.prepare_small(raw, tmp_path / "folds", split=in_folds).hashes
    assert all(fourth[name] != third[name] for name in SPLITS)


@pytest.mark.ml_test_score("data-7")
def test_the_usual_size_is_the_median_shorter_side_up_to_a_limit() -> None:
    def sizes(*sides: tuple[int, int]) -> pl.DataFrame:
        return pl.DataFrame(sides, ["width", "height"], orient="row")

    assert usual_size(sizes((10, 20), (30, 12), (16, 16))) == 12
    assert usual_size(sizes((4000, 3000))) == 224
