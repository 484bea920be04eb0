import base64
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import small_data
from numpy.typing import NDArray
from pandera.config import ValidationDepth, config_context
from PIL import Image

from {{ cookiecutter.package_name }} import schema
from {{ cookiecutter.package_name }}.runtime.errors import UserError

GOOD = {"id": ["a/1.png", "b/2.png"], "label": ["a", "b"], "width": [8, 9], "height": [8, 9]}
GOOD |= {"grey": [True, False], "content": ["0", "1"]}
SIDE = 16
FIRST = small_data.CLASSES[0]


def stored(image: Image.Image, kind: str = "PNG", **options: Any) -> io.BytesIO:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    stream.seek(0)
    return stream


def left_bright() -> NDArray[np.uint8]:
    """The left half is 200, the right half is 40."""
    return np.repeat([[200, 40]], SIDE // 2, axis=1).repeat(SIDE, axis=0).astype(np.uint8)


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("width", [0, 9]),
        ("height", [8, 100_001]),
        ("id", ["a/1.png", "a/1.png"]),
        ("label", ["a", ""]),
        ("label", ["a", None]),
        ("width", [8.5, 9.0]),
        ("content", ["0", None]),
        ("more", [1, 2]),
    ],
)
@pytest.mark.ml_test_score("data-1")
def test_a_planted_bad_value_is_found_and_named(column: str, values: list[object]) -> None:
    schema.validate(pl.DataFrame(GOOD))
    with pytest.raises(UserError, match=rf"data/raw: .*{column}"):
        schema.validate(pl.DataFrame({**GOOD, column: values}))


@pytest.mark.ml_test_score("data-1")
def test_values_are_checked_even_where_pandera_was_told_to_look_at_types_only() -> None:
    types_only = config_context(validation_depth=ValidationDepth.SCHEMA_ONLY)
    with types_only, pytest.raises(UserError, match="width=0 breaks"):
        schema.validate(pl.DataFrame({**GOOD, "width": [0, 9]}))


@pytest.mark.ml_test_score("data-1")
def test_a_missing_column_is_found() -> None:
    with pytest.raises(UserError, match="grey"):
        schema.validate(pl.DataFrame(GOOD).drop("grey"))


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "LA", "P", "1", "CMYK", "I;16", "I", "F"])
@pytest.mark.ml_test_score("data-7")
def test_every_mode_is_read_as_what_it_shows(mode: str, channels: int) -> None:
    grey = Image.fromarray(left_bright())
    if mode == "I;16":
        image = Image.fromarray(left_bright().astype(np.uint16) * 257)
    else:
        image = grey.convert(mode, dither=Image.Dither.NONE)
    kind = "TIFF" if mode in ("CMYK", "F", "I") else "PNG"
    read = schema.read_image(stored(image, kind), SIDE, channels)
    assert (read.shape, read.dtype) == ((SIDE, SIDE, channels), np.uint8)
    left, right = read[:, : SIDE // 2].astype(int), read[:, SIDE // 2 :].astype(int)
    assert np.ptp(left) <= 1
    assert np.ptp(right) <= 1
    assert left.mean() - right.mean() > 100


@pytest.mark.ml_test_score("data-7")
def test_colours_keep_their_order_and_grey_is_their_luminance() -> None:
    image = Image.new("RGB", (SIDE, SIDE), (250, 100, 20))
    assert schema.read_image(stored(image), SIDE, 3)[0, 0].tolist() == [250, 100, 20]
    assert schema.read_image(stored(image), SIDE, 1)[0, 0, 0] == pytest.approx(136, abs=2)


@pytest.mark.ml_test_score("data-7")
def test_sixteen_bits_keep_their_gradation() -> None:
    ramp = np.linspace(0, 40_000, SIDE).astype(np.uint16)[None].repeat(SIDE, axis=0)
    read = schema.read_image(stored(Image.fromarray(ramp)), SIDE, 1)[0, :, 0]
    assert len(set(read.tolist())) == SIDE
    assert read.tolist() == sorted(read.tolist())
    assert (read[0], read[-1]) == (0, 255)


@pytest.mark.parametrize("white", [1, 255, 60_000])
def test_numbers_of_any_range_become_grey_levels_and_those_below_zero_black(white: int) -> None:
    values = np.full((SIDE, SIDE), -white / 100, dtype=np.float32)
    values[:, 0], values[:, 1] = white, white / 2
    read = schema.read_image(stored(Image.fromarray(values), "TIFF"), SIDE, 1)[0, :, 0]
    assert read.tolist() == [255, 127] + [0] * (SIDE - 2)


@pytest.mark.ml_test_score("data-7")
def test_a_photograph_on_its_side_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn right by a quarter to show it
    image = Image.fromarray(left_bright())
    read = schema.read_image(stored(image, "JPEG", exif=exif, quality=95), SIDE, 1)[..., 0]
    assert read[: SIDE // 2].mean() > 150  # what was left is on top
    assert read[SIDE // 2 :].mean() < 80


@pytest.mark.ml_test_score("data-7")
def test_other_shapes_lose_their_edges_and_not_their_proportions() -> None:
    wide = np.zeros((10, 40), np.uint8)
    wide[:, 15:25] = 255  # the square in the middle
    assert schema.read_image(stored(Image.fromarray(wide)), 10, 1).min() == 255
    assert schema.read_image(stored(Image.fromarray(wide.T)), 5, 3).min() > 200


@pytest.mark.parametrize("content", [b"", b"no image", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_image_is_an_error(content: bytes) -> None:
    with pytest.raises(OSError, match=r"identify|truncated"):
        schema.read_image(io.BytesIO(content), SIDE, 1)


@pytest.mark.ml_test_score("data-7")
def test_half_an_image_is_an_error_and_not_half_black() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8)
    for kind in ("PNG", "JPEG", "BMP"):
        content = stored(Image.fromarray(noise), kind).getvalue()
        with pytest.raises((OSError, SyntaxError)):
            schema.read_image(io.BytesIO(content[: len(content) // 2]), SIDE, 1)


def test_a_manifest_reads_back_the_same(manifest: schema.Manifest, tmp_path: Path) -> None:
    manifest.save(tmp_path)
    assert schema.Manifest.load(tmp_path) == manifest


def test_what_was_left_out_is_named_up_to_a_limit(manifest: schema.Manifest) -> None:
    def told(files: int) -> str:
        bad = [f"a/{number:02d}.png (OSError)" for number in range(files)]
        return replace(manifest, bad_files=bad).left_out

    assert told(0) == ""
    assert told(1) == "1 files left out because they cannot be read: a/00.png (OSError)."
    assert told(25).startswith("25 files left out because they cannot be read: a/00.png")
    assert told(25).endswith("a/19.png (OSError) and 5 more.")


def test_an_image_in_the_report_is_the_image_itself(manifest: schema.Manifest) -> None:
    for channels in (1, 3):
        image = np.random.default_rng(0).integers(0, 256, (4, 4, channels), dtype=np.uint8)
        html = schema.as_html(image, manifest)
        content = base64.b64decode(html.split("base64,")[1].split('"')[0])
        shown = np.asarray(Image.open(io.BytesIO(content))).reshape(image.shape)
        np.testing.assert_array_equal(shown, image)
