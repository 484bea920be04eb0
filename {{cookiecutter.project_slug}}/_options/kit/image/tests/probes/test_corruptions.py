import numpy as np
import pytest
from kit_facts import small_manifest
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.probes.corruptions import (
    CORRUPTIONS,
    NOISE,
    applicable,
    corrupt,
)

ABOUT = small_manifest()
NAMES = list(CORRUPTIONS)


@pytest.fixture(params=[(12, 1), (32, 3)], ids=["grey", "rgb"])
def images(request: pytest.FixtureRequest) -> NDArray[np.uint8]:
    """Bright discs somewhere on a darker ground."""
    size, channels = request.param
    rows, columns = np.indices((size, size))
    centres = np.random.default_rng(0).uniform(size / 3, 2 * size / 3, (40, 2, 1, 1))
    distance = np.hypot(rows - centres[:, 0], columns - centres[:, 1])
    disc = np.where(distance < size / 4, 200, 60).astype(np.uint8)
    return np.repeat(disc[..., None], channels, axis=3)


def off(images: NDArray[np.uint8], name: str, severity: int) -> float:
    changed = corrupt(images, name, severity, 0, ABOUT)
    return float(np.abs(changed.astype(float) - images).mean())


def test_images_have_every_corruption() -> None:
    assert applicable(ABOUT) == NAMES == ["noise", "contrast", "dropout", "shift"]


@pytest.mark.parametrize("name", NAMES)
def test_images_stay_images_and_the_old_ones_unchanged(
    name: str, images: NDArray[np.uint8]
) -> None:
    before = images.copy()
    images.flags.writeable = False
    changed = corrupt(images, name, 3, 0, ABOUT)
    assert (changed.dtype, changed.shape) == (np.uint8, images.shape)
    np.testing.assert_array_equal(images, before)


@pytest.mark.parametrize("name", NAMES)
def test_the_higher_the_severity_the_more_is_changed(name: str, images: NDArray[np.uint8]) -> None:
    changes = [off(images, name, severity) for severity in range(1, 6)]
    assert changes[0] > 1
    assert (np.diff(changes) > 0).all()


@pytest.mark.parametrize("name", NAMES)
def test_the_same_draw_gives_the_same_images(name: str, images: NDArray[np.uint8]) -> None:
    first, again, other = (corrupt(images, name, 2, seed, ABOUT) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any() == (name != "contrast")  # which draws nothing


def test_severities_and_names_draw_for_themselves(images: NDArray[np.uint8]) -> None:
    grey = np.full_like(images, 128)
    drawn = [corrupt(grey, "noise", severity, 0, ABOUT) - 128.0 for severity in (1, 2)]
    assert np.corrcoef(drawn[0].ravel(), drawn[1].ravel())[0, 1] < 0.1


@pytest.mark.parametrize("severity", [0, 6, -1])
def test_there_is_no_other_severity(severity: int, images: NDArray[np.uint8]) -> None:
    with pytest.raises(ValueError, match=f"severity is {severity}: expected 1 to 5"):
        corrupt(images, "noise", severity, 0, ABOUT)


def test_noise_has_the_stated_deviation_and_no_direction() -> None:
    grey = np.full((50, 20, 20, 1), 128, np.uint8)
    drawn = corrupt(grey, "noise", 1, 0, ABOUT) - 128.0
    assert drawn.std() == pytest.approx(255 * NOISE[0], rel=0.02)
    assert abs(drawn.mean()) < 0.5


def test_noise_makes_no_white_pixel_black_and_no_black_one_white() -> None:
    for grey in (0, 255):
        flat = np.full((50, 20, 20, 1), grey, np.uint8)
        drawn = corrupt(flat, "noise", 1, 0, ABOUT) - float(grey)
        assert 0 < np.abs(drawn).max() < 7 * 255 * NOISE[0]


def test_contrast_keeps_the_mean_and_shrinks_the_deviation(images: NDArray[np.uint8]) -> None:
    changed = corrupt(images, "contrast", 5, 0, ABOUT).astype(float)
    axes = (1, 2, 3)
    np.testing.assert_allclose(changed.mean(axes), images.mean(axes), atol=0.5)
    np.testing.assert_allclose(changed.std(axes), 0.15 * images.std(axes), atol=0.5)


def test_dropout_erases_whole_patches_in_other_places_of_each_image() -> None:
    white = np.full((30, 32, 32, 3), 255, np.uint8)
    erased = corrupt(white, "dropout", 5, 0, ABOUT) == 0
    assert erased.mean() == pytest.approx(0.5)
    patches = erased.reshape(30, 8, 4, 8, 4, 3)
    assert (patches.all(axis=(2, 4, 5)) == patches.any(axis=(2, 4, 5))).all()
    assert len({image.tobytes() for image in erased}) == 30


def test_a_shift_moves_each_image_as_a_whole_in_a_direction_of_its_own() -> None:
    dot = np.zeros((200, 21, 21, 1), np.uint8)
    dot[:, 10, 10] = 240
    moved = corrupt(dot, "shift", 4, 0, ABOUT).astype(float)
    weights = moved[..., 0] / moved.sum(axis=(1, 2, 3))[:, None, None]
    places = np.indices((21, 21)).reshape(2, 1, 21, 21) - 10
    by = (weights * places).sum(axis=(2, 3))
    np.testing.assert_allclose(np.hypot(*by), 0.16 * 21, rtol=0.03)
    assert np.abs(by.mean(axis=1)).max() < 0.5  # in all directions
    np.testing.assert_allclose(moved.sum(axis=(1, 2, 3)), 240, rtol=0.02)


def test_a_shift_continues_the_edge() -> None:
    stripes = np.tile(np.arange(12, dtype=np.uint8)[:, None, None] * 20, (5, 1, 12, 1))
    moved = corrupt(stripes, "shift", 5, 0, ABOUT).astype(float)
    assert np.abs(moved - stripes).max() <= 20 * 0.2 * 12 + 1  # 20 grey levels a pixel
    grey = np.full((5, 12, 12, 1), 77, np.uint8)
    np.testing.assert_array_equal(corrupt(grey, "shift", 5, 0, ABOUT), grey)
