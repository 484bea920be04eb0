from pathlib import Path

import numpy as np
import polars as pl
import pytest
import small_data
from PIL import Image

from {{ cookiecutter.package_name }} import arrays
from {{ cookiecutter.package_name }}.schema import Manifest, Statistics, read_image
from {{ cookiecutter.package_name }}.splits import SPLITS

FIRST = small_data.CLASSES[0]
FOLDS = small_data.IN_FOLDS.folds or 0


@pytest.fixture(scope="module")
def in_folds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data/prepared without a test split of its own."""
    folder = tmp_path_factory.mktemp("in folds")
    raw = small_data.write_raw(folder / "raw")
    small_data.prepare_small(raw, folder / "prepared", split=small_data.IN_FOLDS)
    return folder / "prepared"


def test_rows_of_a_split_belong_together(prepared: Path, manifest: Manifest) -> None:
    raw = prepared.parent / "raw"
    for split in SPLITS:
        rows = arrays.load_split(prepared, split)
        assert len(rows.ids) == len(rows.inputs) == len(rows.targets) == manifest.rows[split]
        for name, image, target in zip(rows.ids, rows.inputs, rows.targets, strict=True):
            assert manifest.classes[target] == name.split("/")[0]
            np.testing.assert_array_equal(image, read_image(raw / name, small_data.SIDE, 1))


def test_images_stay_on_disk_and_cannot_be_changed_by_accident(prepared: Path) -> None:
    inputs = arrays.load_split(prepared, "train").inputs
    assert isinstance(inputs, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        inputs[0, 0, 0, 0] = 1


@pytest.mark.parametrize("fold", [None, *range(FOLDS)])
def test_rows_of_a_fold_belong_together_too(fold: int | None, in_folds: Path) -> None:
    classes, raw = Manifest.load(in_folds).classes, in_folds.parent / "raw"
    for split in SPLITS:
        rows = arrays.load_split(in_folds, split, fold)
        assert len(rows.ids) == len(rows.inputs) == len(rows.targets)
        for name, image, target in zip(rows.ids, rows.inputs, rows.targets, strict=True):
            assert classes[target] == name.split("/")[0]
            np.testing.assert_array_equal(image, read_image(raw / name, small_data.SIDE, 1))


def test_every_row_is_a_test_row_in_one_fold_and_never_also_trained_on(in_folds: Path) -> None:
    stored = pl.read_parquet(in_folds / "samples.parquet")
    everything = sorted(stored["id"])
    tested: list[str] = []
    for fold in range(FOLDS):
        ids = {split: arrays.load_split(in_folds, split, fold).ids for split in SPLITS}
        assert sorted(name for names in ids.values() for name in names) == everything
        assert set(ids["test"]) == set(stored.filter(pl.col("fold") == fold)["id"])
        tested += ids["test"]
    assert sorted(tested) == everything


def test_the_network_to_release_trains_on_every_row_but_those_of_validation(in_folds: Path) -> None:
    stored = pl.read_parquet(in_folds / "samples.parquet")
    kept_out = set(stored.filter(pl.col("split") == "val")["id"])
    assert set(arrays.load_split(in_folds, "val").ids) == kept_out
    assert set(arrays.load_split(in_folds, "train").ids) == set(stored["id"]) - kept_out
    assert arrays.load_split(in_folds, "test").ids == []


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.ml_test_score("data-7")
def test_statistics_over_chunks_are_those_over_everything(channels: int) -> None:
    rows = arrays.CHUNK + 3
    generator = np.random.default_rng(0)
    images = generator.integers(0, 256, (rows, 4, 5, channels)).astype(np.uint8)
    images[..., 0] //= 2
    found = arrays.channel_statistics(images)
    np.testing.assert_allclose(found.mean, images.mean(axis=(0, 1, 2)))
    np.testing.assert_allclose(found.std, images.std(axis=(0, 1, 2)))


@pytest.mark.ml_test_score("data-7")
def test_blank_images_have_a_deviation_to_divide_by() -> None:
    blank = np.full((2, 4, 4, 1), 255, np.uint8)
    assert arrays.channel_statistics(blank) == Statistics([255.0], [1.0])


def test_a_file_that_breaks_while_it_is_decoded_leaves_the_others_in_their_rows(
    tmp_path: Path,
) -> None:
    names = [f"a/{number}.png" for number in range(arrays.CHUNK + 4)]
    (tmp_path / "a").mkdir()
    for number, name in enumerate(names):
        Image.new("L", (4, 4), number % 256).save(tmp_path / name)
    broken = [0, 3, arrays.CHUNK + 1]
    for number in broken:
        content = (tmp_path / names[number]).read_bytes()
        (tmp_path / names[number]).write_bytes(content[: small_data.PNG_HEADER])
    table = pl.DataFrame({"id": names}).with_columns(label=pl.lit("a"), fold=0)
    written = arrays.write_split(tmp_path, table, tmp_path / "out", 4, 1, ["a", "b"])
    kept = [number for number in range(len(names)) if number not in broken]
    assert written.samples["id"].to_list() == [names[number] for number in kept]
    assert [entry.split(" ")[0] for entry in written.bad_files] == [names[n] for n in broken]
    images = np.load(tmp_path / "out" / "images.npy")
    assert images[:, 0, 0, 0].tolist() == [number % 256 for number in kept]
    assert np.load(tmp_path / "out" / "labels.npy").tolist() == [0] * len(kept)
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == [
        "images.npy",
        "labels.npy",
    ]


def test_inspecting_reads_the_class_from_the_first_folder(tmp_path: Path) -> None:
    raw = small_data.write_raw(tmp_path / "raw")
    (raw / FIRST / "deep" / "er").mkdir(parents=True)
    Image.new("RGB", (30, 20)).save(raw / FIRST / "deep" / "er" / "x.jpg")
    (raw / "ABOUT.txt").write_text("of no class", "utf-8")
    table, bad = arrays.inspect(raw)
    row = table.row(by_predicate=pl.col("id") == f"{FIRST}/deep/er/x.jpg", named=True)
    assert (row["label"], row["width"], row["height"], row["grey"]) == (FIRST, 30, 20, False)
    assert bad == []


@pytest.mark.parametrize("slow", [0.0, 60.0], ids=["in threads", "one after the other"])
@pytest.mark.ml_test_score("data-7")
def test_many_files_are_decoded_in_their_order(
    slow: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrays, "SLOW", slow)
    files = [tmp_path / f"{number}.png" for number in range(70)]
    for number, file in enumerate(files):
        Image.new("L", (4, 4), number).save(file)
    files[50].write_bytes(b"torn")
    found = list(arrays.decoded(files, 4, 1))
    said = [one if isinstance(one, str) else int(one[0, 0, 0]) for one in found]
    assert said == [*range(50), "UnidentifiedImageError", *range(51, 70)]
