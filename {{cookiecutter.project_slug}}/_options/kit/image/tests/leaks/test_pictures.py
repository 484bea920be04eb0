import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from leak_rows import parts
from numpy.typing import NDArray
from PIL import Image
from sklearn.datasets import load_digits, load_sample_image

from {{ cookiecutter.package_name }}.leaks.finding import Kind
from {{ cookiecutter.package_name }}.leaks.pictures import near_pictures

Pictures = NDArray[np.uint8]
COPIES = 20


def digits() -> Pictures:
    """Real handwriting, 1,797 pictures of 8x8 pixels."""
    pixels, _ = load_digits(return_X_y=True)
    return (pixels.reshape(-1, 8, 8, 1) * 255 / 16).round().astype(np.uint8)


def on_canvas(size: int, seed: int = 0) -> Pictures:
    """The digits at random places of a larger black picture."""
    small, random = digits(), np.random.default_rng(seed)
    canvas = np.zeros((len(small), size, size, 1), np.uint8)
    for picture, digit in zip(canvas, small, strict=True):
        top, left = random.integers(0, size - 7, 2)
        picture[top : top + 8, left : left + 8] = digit
    return canvas


def photos() -> Pictures:
    """Places of two photographs that do not touch, 64x64 pixels in color, without plain sky."""
    images = [load_sample_image(name) for name in ("china.jpg", "flower.jpg")]
    tiles = [
        image[top : top + 64, left : left + 64]
        for image in images
        for top in range(0, 360, 70)
        for left in range(0, 570, 70)
    ]
    return np.stack([tile for tile in tiles if tile.std() > 30])


def each(change: Callable[[Image.Image], Image.Image], pictures: Pictures) -> Pictures:
    grey = pictures.shape[3] == 1
    images = [Image.fromarray(one[..., 0] if grey else one) for one in pictures]
    return np.stack([np.asarray(change(image)) for image in images]).reshape(pictures.shape)


def as_jpeg(image: Image.Image, quality: int = 75) -> Image.Image:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return Image.open(file)


def brighter(image: Image.Image) -> Image.Image:
    return image.point(lambda value: min(255, round(1.1 * value + 10)))


def smaller(image: Image.Image) -> Image.Image:
    reduced = image.resize((round(0.9 * image.width),) * 2, Image.Resampling.BILINEAR)
    return reduced.resize(image.size, Image.Resampling.BILINEAR)


def planted(pictures: Pictures, copies: Pictures, part: NDArray[np.str_]) -> int:
    """How many are found when changed copies of rows of train are rows of test."""
    ids = [f"row {row}" for row in range(len(pictures) + len(copies))]
    found = near_pictures([pictures, copies], ids, [*part, *["test"] * len(copies)])
    return sum(one.rows for one in found)


def of_train(pictures: Pictures, part: NDArray[np.str_]) -> Pictures:
    return pictures[part == "train"][:COPIES]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ["digits", "canvas of 12", "canvas of 28", "photos"])
def test_pictures_of_different_things_are_no_copies(name: str, seed: int) -> None:
    of_size = {"canvas of 12": 12, "canvas of 28": 28}
    given = on_canvas(of_size[name], seed) if name in of_size else photos()
    pictures = digits() if name == "digits" else given
    assert planted(pictures, pictures[:0], parts(len(pictures), seed)) == 0


@pytest.mark.parametrize("pictures", [digits, photos, lambda: on_canvas(12)])
def test_exact_copies_are_found(pictures: Callable[[], Pictures]) -> None:
    given = pictures()
    part = parts(len(given))
    assert COPIES <= planted(given, of_train(given, part), part) <= COPIES + 3


@pytest.mark.parametrize("change", [as_jpeg, brighter, smaller])
def test_changed_photographs_are_found(change: Callable[[Image.Image], Image.Image]) -> None:
    given = photos()
    part = parts(len(given))
    assert planted(given, each(change, of_train(given, part)), part) >= COPIES - 4


@pytest.mark.parametrize("change", [as_jpeg, brighter])
def test_changed_pictures_of_twelve_pixels_are_found(
    change: Callable[[Image.Image], Image.Image],
) -> None:
    given = on_canvas(12)
    part = parts(len(given))
    assert planted(given, each(change, of_train(given, part)), part) >= COPIES - 4


def test_the_finding_names_both_pictures_and_what_to_do() -> None:
    given = photos()
    part = ["train"] * (len(given) - 1) + ["test"]
    (found,) = near_pictures(
        [given, given[:1]], [f"p{row}.png" for row in range(len(given) + 1)], [*part, "test"]
    )
    assert (found.kind, found.rows) == (Kind.pictures, 1)
    assert found.examples == [f"p{len(given)}.png (test) ~ p0.png (train)"]
    assert "data.group" in found.message


def test_a_copy_in_another_fold_counts_for_both() -> None:
    given = photos()
    fold = [row % 5 for row in range(len(given))]
    ids = [str(row) for row in range(len(given) + 1)]
    (found,) = near_pictures([given, given[:1]], ids, [*fold, 3])
    assert found.rows == 2
    assert near_pictures([given, given[:1]], ids, [*fold, 0]) == []


def test_the_same_shape_in_another_color_is_no_copy() -> None:
    random = np.random.default_rng(0)
    shapes = random.integers(0, 2, (200, 24, 24, 1)).repeat(3, axis=3)
    red, blue = np.array([240, 30, 30]), np.array([30, 30, 240])
    pictures = np.concatenate([shapes * red, shapes * blue]).astype(np.uint8)
    part = ["train"] * 200 + ["test"] * 200
    ids = [str(row) for row in range(400)]
    assert near_pictures([pictures], ids, part) == []
    pictures[200:] = pictures[:200]
    (found,) = near_pictures([pictures], ids, part)
    assert found.rows == 200


def test_icons_of_two_levels_that_repeat_are_natural() -> None:
    icons = (digits() > 100).astype(np.uint8) * 255
    part = parts(len(icons))
    codes = {icon.tobytes() for icon in icons[part == "train"]}
    assert sum(icon.tobytes() in codes for icon in icons[part == "test"]) > 5
    assert planted(icons, icons[:0], part) == 0


def test_pictures_are_read_from_files_mapped_into_memory(tmp_path: Path) -> None:
    given = photos()
    np.save(tmp_path / "images.npy", given)
    mapped = np.load(tmp_path / "images.npy", mmap_mode="r")
    part = parts(len(given))
    assert planted(mapped, of_train(given, part), part) == COPIES


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_hardly_any_pictures_have_no_copies(rows: int) -> None:
    given = photos()[:rows]
    ids, part = ["a", "b"][:rows], ["train", "test"][:rows]
    assert near_pictures([given], ids, part) == []


def test_two_pictures_that_are_one_are_found() -> None:
    (found,) = near_pictures([photos()[[0, 0]]], ["a", "b"], ["train", "test"])
    assert found.rows == 1


def test_blank_pictures_tell_nothing() -> None:
    blank = np.zeros((50, 8, 8, 3), np.uint8)
    assert near_pictures([blank], [str(row) for row in range(50)], ["train", "test"] * 25) == []
