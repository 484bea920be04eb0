"""Gradients of our own modules, compared in float64 with differences of what they return.

`augment` is left out: it makes float32 of bytes, and nothing is ever differentiated through it.
"""

import pytest
import torch
from torch import nn
from torch.autograd import gradcheck
from torch.func import functional_call

from {{ cookiecutter.package_name }}.model import (
    CNN,
    GlobalMaxPool,
    ImageClassifier,
    ResidualBlock,
    ResNet,
)

MODULES: dict[str, nn.Module] = {
    "pool": GlobalMaxPool(),
    "identity": ResidualBlock(2, 2, stride=1),
    "wider": ResidualBlock(2, 3, stride=1),
    "smaller": ResidualBlock(2, 3, stride=2),
    "cnn": CNN(2, 3, width=2, blocks=2, dropout=0.0),
    "resnet": ResNet(2, 3, width=2, stages=2, blocks=1, dropout=0.0),
}


@pytest.mark.slow
@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("name", MODULES)
@pytest.mark.ml_test_score("infra-2")
def test_gradients_of_images_and_weights_are_those_of_the_function(
    name: str, training: bool
) -> None:
    torch.manual_seed(0)
    module = MODULES[name].double().train(training)
    names = [weights_name for weights_name, _ in module.named_parameters()]
    weights = [torch.randn_like(one).requires_grad_() for one in module.parameters()]
    images = torch.randn(3, 2, 5, 4, dtype=torch.float64, requires_grad=True)

    def call(images: torch.Tensor, *weights: torch.Tensor) -> torch.Tensor:
        return functional_call(module, dict(zip(names, weights, strict=True)), images)

    assert gradcheck(call, (images, *weights), eps=1e-7, atol=1e-5)


@pytest.mark.ml_test_score("infra-2")
def test_of_equal_pixels_the_pool_sends_its_gradient_to_one() -> None:
    images = torch.ones(1, 2, 3, 3, requires_grad=True)
    GlobalMaxPool()(images).sum().backward()
    assert images.grad is not None
    assert images.grad.flatten(2).sort().values.tolist() == [[[0.0] * 8 + [1.0]] * 2]


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
def test_compiled_in_bfloat16_every_gradient_is_finite() -> None:
    network = CNN(1, 3, width=8, blocks=2, dropout=0.0).cuda()
    network.compile()
    with torch.autocast("cuda", torch.bfloat16):
        network(torch.randn(32, 1, 8, 8, device="cuda")).float().square().mean().backward()
    for weights in network.parameters():
        assert weights.grad is not None
        assert weights.grad.isfinite().all()


@pytest.mark.ml_test_score("infra-2")
def test_preprocessing_passes_gradients_on_in_the_unit_of_pixels() -> None:
    classifier = ImageClassifier(nn.Identity(), [100.0, 50.0], [20.0, 10.0])
    images = torch.full((1, 2, 2, 2), 60.0, requires_grad=True)
    classifier(images).sum().backward()
    assert images.grad is not None
    torch.testing.assert_close(images.grad[..., 0], torch.full((1, 2, 2), 1 / 20))
    torch.testing.assert_close(images.grad[..., 1], torch.full((1, 2, 2), 1 / 10))
