from pathlib import Path

import numpy as np
import polars as pl
import pytest
import small_data
from PIL import Image

from {{ cookiecutter.package_name }} import arrays
from {{ cookiecutter.package_name }}.schema import SPLITS, Manifest, read_image


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


@pytest.mark.parametrize("channels", [1, 3])
def test_statistics_over_chunks_are_those_over_everything(channels: int, tmp_path: Path) -> None:
    rows = arrays.CHUNK + 3
    generator = np.random.default_rng(0)
    images = generator.integers(0, 256, (rows, 4, 5, channels)).astype(np.uint8)
    images[..., 0] //= 2
    np.save(tmp_path / "images.npy", images)
    mean, std = arrays.channel_statistics(tmp_path / "images.npy")
    np.testing.assert_allclose(mean, images.mean(axis=(0, 1, 2)))
    np.testing.assert_allclose(std, images.std(axis=(0, 1, 2)))


def test_blank_images_have_a_deviation_to_divide_by(tmp_path: Path) -> None:
    np.save(tmp_path / "images.npy", np.full((2, 4, 4, 1), 255, np.uint8))
    assert arrays.channel_statistics(tmp_path / "images.npy") == ([255.0], [1.0])


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
    table = pl.DataFrame({"id": names, "label": ["a"] * len(names)})
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
