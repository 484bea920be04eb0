from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch
from torch import Tensor

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.config_kit import Augmentation
from {{ cookiecutter.package_name }}.data import Batches, PreparedData, augment

NOTHING = Augmentation(shift=0, rotate=0, scale=0, brightness=0, flip=False)


@pytest.fixture
def images() -> Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randint(0, 256, (64, 9, 7, 3), dtype=torch.uint8, generator=generator)


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(0)


@pytest.mark.parametrize("rows", [1, 31, 32, 33])
@pytest.mark.parametrize("seed", [None, 5])
def test_every_row_comes_once_an_epoch(rows: int, seed: int | None) -> None:
    batches = list(Batches(rows, 8, seed))
    assert sorted(chain.from_iterable(batches)) == list(range(rows))
    assert len(batches) == len(Batches(rows, 8, seed))
    assert all(len(batch) == 8 for batch in batches[:-1] if len(batches[-1]) <= 8)


def test_no_training_batch_of_one_row_reaches_batch_normalisation() -> None:
    assert [len(batch) for batch in Batches(33, 8, seed=5)] == [8, 8, 8, 9]
    assert len(Batches(33, 8, seed=5)) == 4
    assert [len(batch) for batch in Batches(33, 8)] == [8, 8, 8, 8, 1]


def test_the_order_follows_from_seed_and_epoch_alone() -> None:
    def order(seed: int, epoch: int, *, reshuffle: bool = True) -> list[list[int]]:
        batches = Batches(100, 8, seed, reshuffle=reshuffle)
        batches.set_epoch(epoch)
        torch.rand(3)  # whatever else draws random numbers
        return list(batches)

    assert order(0, 3) == order(0, 3)
    orders = [order(0, 3), order(0, 4), order(1, 3), list(Batches(100, 8))]
    assert all(first != second for i, first in enumerate(orders) for second in orders[:i])
    assert order(0, 3, reshuffle=False) == order(0, 0, reshuffle=False)


@pytest.mark.parametrize(("rows", "ranks"), [(96, 4), (100, 3)])
def test_processes_share_an_epoch_without_overlap_in_as_many_steps(rows: int, ranks: int) -> None:
    shares = []
    for rank in range(ranks):
        batches = Batches(rows, 8, 0)
        batches.rank, batches.world_size = rank, ranks
        shares.append(list(batches))
    assert len({len(share) for share in shares}) == 1
    seen = [row for share in shares for batch in share for row in batch]
    assert len(seen) == len(set(seen))
    assert len(seen) > rows - 8 * ranks


def test_with_more_processes_than_batches_each_still_has_work() -> None:
    batches = Batches(10, 8, 0)
    batches.rank, batches.world_size = 7, 8
    assert len(list(batches)) == 1


def test_batches_are_rows_of_the_prepared_arrays(prepared: Path) -> None:
    data = PreparedData(prepared, batch_size=16, augmentation=NOTHING, seed=0)
    for split, loader in (("train", data.train_dataloader()), ("val", data.val_dataloader())):
        rows = load_split(prepared, split)
        order = list(chain.from_iterable(cast(Batches, loader.sampler)))
        batches = list(loader)
        np.testing.assert_array_equal(torch.cat([one[0] for one in batches]), rows.inputs[order])
        np.testing.assert_array_equal(torch.cat([one[1] for one in batches]), rows.targets[order])
    assert order == sorted(order)  # validation keeps its order


def test_only_training_batches_are_augmented_and_labels_never(
    prepared: Path, images: Tensor
) -> None:
    data = PreparedData(
        prepared, batch_size=16, augmentation=replace(NOTHING, brightness=0.5), seed=0
    )
    labels = torch.arange(64)
    for training in (True, False):
        data.trainer = type("Mode", (), {"training": training})()
        pixels, same = data.on_after_batch_transfer((images, labels), 0)
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
