import io
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from network_cases import needs_its_extra
from torch import Tensor, nn

from {{ cookiecutter.package_name }}.backbones.pretrained import Pretrained
from {{ cookiecutter.package_name }}.backbones.zoo import EXTRA, headless
from {{ cookiecutter.package_name }}.config import kit
from {{ cookiecutter.package_name }}.model import ImageClassifier, build, example_input
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.schema import Manifest, Statistics
from {{ cookiecutter.package_name }}.training.unfreezing import Backbone

SMALL = kit.Pretrained(
    ".backbones.pretrained.Pretrained",
    backbone="test_resnet",
    weights=None,
    input_size=64,
    frozen_epochs=0,
    backbone_lr=0.1,
    dropout=0.0,
)


@pytest.fixture
def timm() -> Any:
    needs_its_extra("pretrained")
    return pytest.importorskip("timm")


def described(manifest: Manifest, size: int, channels: int) -> Manifest:
    statistics = [Statistics([100.0] * channels, [50.0] * channels)]
    return replace(manifest, image_size=size, channels=channels, statistics=statistics)


def backbone_of(network: nn.Module) -> Backbone:
    (backbone,) = (module for module in network.modules() if isinstance(module, Backbone))
    return backbone


def some_images(about: Manifest, rows: int = 3) -> Tensor:
    torch.manual_seed(0)
    shape = (rows, about.image_size, about.image_size, about.channels)
    return torch.randint(0, 256, shape, dtype=torch.uint8)


def test_without_the_extra_it_says_how_to_get_it(
    manifest: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "timm", None)  # as if it were not installed
    with pytest.raises(UserError, match=f"^model=pretrained: needs {EXTRA}.$"):
        build(SMALL, manifest)


@pytest.mark.usefixtures("timm")
@pytest.mark.parametrize(("size", "channels"), [(4, 1), (12, 1), (80, 3)])
def test_images_of_any_size_and_colour_become_one_logit_a_class(
    size: int, channels: int, manifest: Manifest
) -> None:
    about = described(manifest, size, channels)
    network = build(SMALL, about)
    for rows in (1, 5):
        images = some_images(about, rows)
        assert network.train()(images).shape == (rows, len(manifest.classes))
        assert network.eval()(images).shape == (rows, len(manifest.classes))


def test_the_backbone_sees_images_as_in_its_own_training(manifest: Manifest, timm: Any) -> None:
    about = described(manifest, 64, 1)
    network = build(SMALL, about).eval()
    seen: list[Tensor] = []

    def note(_: nn.Module, given: tuple[Tensor, ...]) -> None:
        seen.append(given[0])

    backbone_of(network).register_forward_pre_hook(note)
    image = some_images(about, 1)
    network(image)
    facts = timm.get_pretrained_cfg(SMALL.backbone)
    mean, std = torch.tensor([facts.mean, facts.std]).view(2, 1, 3, 1, 1)
    color = image.float().permute(0, 3, 1, 2).expand(-1, 3, -1, -1)  # grey photographs are R=G=B
    torch.testing.assert_close(seen[0], (color / 255 - mean) / std)


def test_features_are_those_of_the_weights_in_the_file(
    manifest: Manifest, timm: Any, tmp_path: Path
) -> None:
    safetensors: Any = pytest.importorskip("safetensors.torch")
    torch.manual_seed(5)
    trained = timm.create_model(SMALL.backbone, num_classes=10)  # with its own head, left out
    for weights in trained.parameters():
        weights.data.mul_(1.01)  # marked: no random start is so
    file = tmp_path / "own.safetensors"
    safetensors.save_file(trained.state_dict(), file)
    images = torch.randn(2, 3, 64, 64)
    expected = trained.eval().forward_head(trained.forward_features(images), pre_logits=True)
    features = backbone_of(build(replace(SMALL, weights=str(file)), manifest)).eval()(images)
    torch.testing.assert_close(features, expected)
    other = backbone_of(build(SMALL, manifest)).eval()(images)
    assert (features - other).abs().max() > 0.01


@pytest.mark.usefixtures("timm")
def test_what_was_configured_is_in_the_network() -> None:
    network = Pretrained(
        1,
        3,
        backbone=SMALL.backbone,
        weights=None,
        input_size=64,
        frozen_epochs=2,
        backbone_lr=0.3,
        dropout=0.4,
    )
    backbone = backbone_of(network)
    assert (backbone.frozen_epochs, backbone.lr_share, backbone.frozen) == (2, 0.3, False)
    assert [one.p for one in network.modules() if isinstance(one, nn.Dropout)] == [0.4]


@pytest.mark.usefixtures("timm")
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"backbone": "resnet81"}, r"model\.backbone=resnet81: timm has no .*resnet18"),
        ({"backbone": "hf-hub:me/mine"}, r"model\.backbone=hf-hub:me/mine: timm has no"),
        ({"input_size": 63}, r"model\.input_size=63: expected 64 or more: test_resnet lowers"),
        (
            {"backbone": "vit_tiny_patch16_224"},
            r"model\.input_size=64: vit.*trained at 224, .*\(Input",
        ),
    ],
)
def test_what_does_not_fit_is_refused(
    changes: dict[str, Any], reason: str, manifest: Manifest
) -> None:
    with pytest.raises(UserError, match=f"^{reason}"):
        build(replace(SMALL, **changes), manifest)


def test_weights_that_cannot_be_downloaded_are_one_line(
    timm: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def offline(*_: object, **__: object) -> None:
        raise FileNotFoundError("Cannot reach the Hub.\nAnd much more.")

    monkeypatch.setattr(timm, "create_model", offline)
    expected = r"^model\.backbone=test_resnet, with its weights: Cannot reach the Hub\.$"
    with pytest.raises(UserError, match=expected):
        headless("test_resnet", download=True)


@pytest.fixture(scope="module")
def classifier(manifest: Manifest) -> ImageClassifier:
    needs_its_extra("pretrained")
    return build(SMALL, described(manifest, 12, 1)).eval()


def test_the_exported_program_takes_any_number_of_images(
    classifier: ImageClassifier, manifest: Manifest
) -> None:
    about = described(manifest, 12, 1)
    shapes = ({0: torch.export.Dim("batch", min=1)},)
    program = torch.export.export(classifier, (example_input(about),), dynamic_shapes=shapes)
    for rows in (1, 2, 5):
        images = some_images(about, rows)
        torch.testing.assert_close(program.module()(images), classifier(images))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_onnx_program_says_the_same(classifier: ImageClassifier, manifest: Manifest) -> None:
    pytest.importorskip("onnxscript", reason="needs onnxscript")
    runtime: Any = pytest.importorskip("onnxruntime", reason="needs onnxruntime")
    about, stream = described(manifest, 12, 1), io.BytesIO()
    shapes = ({0: torch.export.Dim("batch", min=1)},)
    program: Any = torch.onnx.export(
        classifier, (example_input(about),), dynamo=True, dynamic_shapes=shapes, verbose=False
    )
    program.save(stream)
    session = runtime.InferenceSession(stream.getvalue())
    for rows in (1, 5):
        images = some_images(about, rows)
        (answers,) = session.run(None, {session.get_inputs()[0].name: images.numpy()})
        expected = classifier(images).detach()
        torch.testing.assert_close(torch.from_numpy(answers), expected, rtol=1e-3, atol=1e-4)
