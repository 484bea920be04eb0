import torch

from {{ cookiecutter.package_name }}.augmentation import augment
from {{ cookiecutter.package_name }}.config.kit import Augmentation


def test_nothing_is_hidden_unless_asked_for() -> None:
    features = torch.randn(20, 3)
    assert augment(features, Augmentation(hide=0.0)) is features


def test_about_the_share_that_was_asked_for_is_taken_for_missing() -> None:
    torch.manual_seed(0)
    features = torch.randn(1000, 10)
    changed = augment(features, Augmentation(hide=0.3))
    hidden = changed.isnan()
    assert 0.27 < hidden.float().mean() < 0.33
    assert torch.equal(changed[~hidden], features[~hidden])
    assert not features.isnan().any()
