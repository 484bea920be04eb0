from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from {{ cookiecutter.package_name }}.config.kit import CNN, MODELS, ResNet
from {{ cookiecutter.package_name }}.model import build
from {{ cookiecutter.package_name }}.schema import Manifest, Statistics

pytestmark = pytest.mark.ml_test_score("infra-2")

CHOICES = [
    CNN(".model.CNN", width=4, blocks=2, dropout=0.2),
    ResNet(".model.ResNet", width=4, stages=3, blocks=1, dropout=0.2),
]
networks = pytest.mark.parametrize("choice", CHOICES, ids=["cnn", "resnet"])


def described(manifest: Manifest, size: int = 12, channels: int = 1) -> Manifest:
    statistics = [Statistics([100.0] * channels, [50.0] * channels)]
    return replace(manifest, image_size=size, channels=channels, statistics=statistics)


def some_images(manifest: Manifest, rows: int) -> Tensor:
    torch.manual_seed(0)
    shape = (rows, manifest.image_size, manifest.image_size, manifest.channels)
    return torch.randint(0, 256, shape, dtype=torch.uint8)


def test_every_network_of_the_configuration_is_tested_here() -> None:
    elsewhere = {".backbones.pretrained.Pretrained"}  # tests/backbones
    assert {choice._target_ for choice in CHOICES} == set(MODELS) - elsewhere


@networks
@pytest.mark.parametrize(("size", "channels"), [(4, 1), (8, 3), (13, 1), (32, 3)])
def test_images_of_any_size_and_colour_become_one_logit_a_class(
    choice: Any, size: int, channels: int, manifest: Manifest
) -> None:
    about = described(manifest, size, channels)
    for rows in (1, 5):
        logits = build(choice, about).eval()(some_images(about, rows))
        assert logits.shape == (rows, len(manifest.classes))


@networks
def test_pixels_may_be_bytes_or_floats(choice: Any, manifest: Manifest) -> None:
    about = described(manifest)
    classifier, images = build(choice, about).eval(), some_images(about, 4)
    assert torch.equal(classifier(images), classifier(images.float()))


@networks
def test_dropout_is_what_was_configured(choice: Any, manifest: Manifest) -> None:
    dropouts = [one for one in build(choice, manifest).modules() if isinstance(one, nn.Dropout)]
    assert [one.p for one in dropouts] == [choice.dropout]


@networks
def test_width_and_blocks_make_a_network_larger(choice: Any, manifest: Manifest) -> None:
    def size(**changes: int) -> int:
        built = build(replace(choice, **changes), manifest)
        return sum(weights.numel() for weights in built.parameters())

    assert size() < size(blocks=choice.blocks + 1)
    assert size() < size(width=2 * choice.width)


@networks
def test_pixels_are_standardised_by_the_statistics_of_the_fold_and_of_each_channel(
    choice: Any, manifest: Manifest
) -> None:
    own, others = Statistics([10.0, 20.0, 30.0], [1.0, 2.0, 4.0]), Statistics([0.0] * 3, [1.0] * 3)
    about = replace(described(manifest, 4, 3), statistics=[others, others, own], folds=2)
    classifier = build(choice, about, fold=1)
    classifier.network = nn.Identity()
    image = torch.tensor([12, 24, 38], dtype=torch.uint8).expand(1, 4, 4, 3)
    seen = classifier(image)
    assert seen.shape == (1, 3, 4, 4)
    assert seen[0, :, 0, 0].tolist() == [2.0, 2.0, 2.0]


def test_the_cnn_does_not_mind_where_something_is(manifest: Manifest) -> None:
    classifier = build(CNN(".model.CNN", 4, 1, 0.0), described(manifest, 16)).eval()
    image = torch.zeros(2, 16, 16, 1)
    image[0, 3:6, 3:6], image[1, 9:12, 8:11] = 200, 200
    logits = classifier(image)
    torch.testing.assert_close(logits[0], logits[1], rtol=0, atol=1e-5)
