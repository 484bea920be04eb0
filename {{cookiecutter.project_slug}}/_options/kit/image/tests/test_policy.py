"""Of a file nothing but its pixels reaches the model: not its name, not what its camera noted."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from {{ cookiecutter.package_name }}.predictor import Predictor
from {{ cookiecutter.package_name }}.schema import read_image

pytestmark = pytest.mark.ml_test_score("data-4")
SIDE = 8
MAKER, WHERE, WHEN = 0x010F, 0x8825, 0x0132  # tags of EXIF: who made the camera, GPS, the time
PIXELS = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE)).astype(np.uint8)


def noted(folder: Path, name: str = "noted.png") -> Path:
    """The same pixels in a file that says where, when, by whom and how bright they were."""
    image = Image.fromarray(PIXELS)
    exif = Image.Exif()
    exif[MAKER], exif[WHEN], exif[WHERE] = "A maker", "2026:01:31 12:00:00", {1: "N", 2: (47, 3, 0)}
    more = PngInfo()
    more.add_text("Comment", "a cat")
    more.add(b"gAMA", (22_222).to_bytes(4, "big"))
    folder.mkdir(exist_ok=True)
    image.save(folder / name, exif=exif, pnginfo=more)
    return folder / name


def plain(folder: Path) -> Path:
    Image.fromarray(PIXELS).save(folder / "plain.png")
    return folder / "plain.png"


def test_what_a_file_says_beside_its_pixels_is_not_read(tmp_path: Path) -> None:
    file = noted(tmp_path)
    with Image.open(file) as image:
        assert image.getexif()[MAKER] == "A maker"  # the file does say it
        assert image.info["gamma"] == pytest.approx(0.22222)
    expected = read_image(plain(tmp_path), SIDE, 1)
    np.testing.assert_array_equal(read_image(file, SIDE, 1), expected)


def test_what_a_file_and_its_folder_are_called_changes_no_prediction(
    pipeline: Path, tmp_path: Path
) -> None:
    model = Predictor(pipeline / "models" / "network")
    files = [plain(tmp_path), noted(tmp_path / "R&D, $5-$9", "cat-0001.png")]
    first, second = model.predict_files(files)
    np.testing.assert_array_equal(first, second)
