from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from {{ cookiecutter.package_name }}.augmentation import augment
from {{ cookiecutter.package_name }}.config.kit import Augmentation
from {{ cookiecutter.package_name }}.config.training import Reading
from {{ cookiecutter.package_name }}.data import PreparedData
from {{ cookiecutter.package_name }}.training.batches import Batch

pytestmark = pytest.mark.ml_test_score("data-7")

NOTHING = Augmentation(shift=0, rotate=0, scale=0, brightness=0, flip=False)


@pytest.fixture
def images() -> Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randint(0, 256, (64, 9, 7, 3), dtype=torch.uint8, generator=generator)


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(0)


def test_only_training_batches_are_augmented_and_labels_never(
    prepared: Path, images: Tensor
) -> None:
    brighter = replace(NOTHING, brightness=0.5)
    data = PreparedData(prepared, Reading(16, 1.0), brighter, fold=None, seed=0)
    labels = torch.arange(64)
    for training in (True, False):
        data.trainer = type("Mode", (), {"training": training})()
        pixels, same, _, _ = data.on_after_batch_transfer(Batch(images, labels, labels, 0), 0)
        assert same is labels
        assert (pixels is images) != training
        assert pixels.shape == images.shape


def test_limits_of_zero_leave_images_as_they_are(images: Tensor) -> None:
    torch.testing.assert_close(augment(images, NOTHING), images.float(), rtol=0, atol=0)


@pytest.mark.parametrize(
    "change", [{"shift": 0.2}, {"rotate": 30.0}, {"scale": 0.3}, {"brightness": 0.3}]
)
def test_each_kind_changes_each_image_by_its_own_amount(
    change: dict[str, Any], images: Tensor
) -> None:
    one = images[:1].expand_as(images)
    changed = augment(one, replace(NOTHING, **change))
    assert (changed.shape, changed.dtype) == (images.shape, torch.float32)
    assert 0 <= changed.min() <= changed.max() <= 255
    assert len({tuple(image.flatten().tolist()) for image in changed}) == len(images)


def test_flipping_mirrors_about_half_of_the_images_from_left_to_right(images: Tensor) -> None:
    flipped = augment(images, replace(NOTHING, flip=True))
    same = (flipped - images).abs().amax(dim=(1, 2, 3)) < 0.01
    mirrored = (flipped - images.flip(2)).abs().amax(dim=(1, 2, 3)) < 0.01
    assert torch.equal(same, ~mirrored)
    assert 16 < mirrored.sum() < 48


def test_shifting_moves_by_no_more_than_its_share_of_the_side() -> None:
    image = torch.zeros(256, 21, 21, 1, dtype=torch.uint8)
    image[:, 10, 10] = 255
    changed = augment(image, replace(NOTHING, shift=0.2))
    places = changed[..., 0].flatten(1).argmax(1)
    distance = torch.stack([places // 21 - 10, places % 21 - 10]).abs()
    assert distance.max() in (4, 5)  # 0.2 x 21 = 4.2 pixels
    assert distance.min() == 0


def test_turning_keeps_what_lies_in_the_middle_and_turns_what_does_not() -> None:
    image = torch.zeros(64, 21, 21, 1, dtype=torch.uint8)
    image[:, 10, 10], image[:, 10, 18] = 255, 255
    changed = augment(image, replace(NOTHING, rotate=90))[..., 0]
    assert changed[:, 10, 10].min() > 200
    rim = changed.flatten(1).clone()
    rim.view(64, 21, 21)[:, 9:12, 9:12] = 0
    rows, columns = rim.argmax(1) // 21 - 10, rim.argmax(1) % 21 - 10
    assert (rows**2 + columns**2 - 64).abs().max() < 20  # still 8 pixels from the middle
    assert rows.max() > 6  # turned to below
    assert rows.min() < -6  # and to above
    assert columns.min() >= -1  # but never further than a right angle


def test_the_same_seed_gives_the_same_images(images: Tensor) -> None:
    limits = Augmentation(shift=0.1, rotate=10, scale=0.1, brightness=0.1, flip=True)
    torch.manual_seed(3)
    first = augment(images, limits)
    torch.manual_seed(3)
    assert torch.equal(first, augment(images, limits))
