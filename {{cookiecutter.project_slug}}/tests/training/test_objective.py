import numpy as np
import pytest
import torch
from torch.nn import functional

from {{ cookiecutter.package_name }}.config.training import ClassWeights
from {{ cookiecutter.package_name }}.training.objective import (
    Classification,
    Regression,
    objective_for,
)

pytestmark = pytest.mark.ml_test_score("infra-2")

ROWS, CLASSES, MEMBERS = 12, 3, 4


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(0)


def classification(
    weights: ClassWeights = ClassWeights.none, counts: tuple[int, ...] = (6, 3, 1)
) -> Classification:
    return Classification(list(counts), weights)


def test_the_loss_of_classes_is_cross_entropy() -> None:
    logits, targets = torch.randn(ROWS, CLASSES), torch.arange(ROWS) % CLASSES
    losses = classification().losses(logits, targets)
    expected = -logits.log_softmax(dim=1)[torch.arange(ROWS), targets]
    torch.testing.assert_close(losses, expected)


def test_each_member_of_an_ensemble_of_classifiers_has_its_own_loss() -> None:
    logits, targets = torch.randn(ROWS, MEMBERS, CLASSES), torch.arange(ROWS) % CLASSES
    members = [
        functional.cross_entropy(logits[:, member], targets, reduction="none")
        for member in range(MEMBERS)
    ]
    losses = classification().losses(logits, targets)
    torch.testing.assert_close(losses, torch.stack(members).mean(dim=0))
    of_the_mean = functional.cross_entropy(logits.mean(dim=1), targets, reduction="none")
    assert (losses > of_the_mean).all()  # were it of the mean, members would become alike


def test_the_loss_of_values_is_the_squared_error_in_standard_deviations() -> None:
    values, targets = torch.randn(ROWS), torch.randn(ROWS)
    losses = Regression(target_std=2.0).losses(values, targets)
    torch.testing.assert_close(
        losses, functional.mse_loss(values / 2, targets / 2, reduction="none")
    )


def test_each_member_of_an_ensemble_of_regressors_has_its_own_loss() -> None:
    values, targets = torch.randn(ROWS, MEMBERS), torch.randn(ROWS)
    members = [
        functional.mse_loss(values[:, member], targets, reduction="none")
        for member in range(MEMBERS)
    ]
    losses = Regression(target_std=1.0).losses(values, targets)
    torch.testing.assert_close(losses, torch.stack(members).mean(dim=0))


def test_balanced_weights_are_the_inverse_of_the_shares_and_others_are_one() -> None:
    targets = torch.tensor([0, 1, 2])
    balanced = classification(ClassWeights.balanced).weights(targets)
    torch.testing.assert_close(balanced, torch.tensor([10 / 18, 10 / 9, 10 / 3]))
    assert classification().weights(targets).tolist() == [1, 1, 1]
    assert Regression(3.0).weights(torch.randn(3)).tolist() == [1, 1, 1]


def test_a_class_without_training_rows_has_a_finite_weight() -> None:
    weights = classification(ClassWeights.balanced, (6, 0)).weights(torch.tensor([0, 1]))
    assert torch.isfinite(weights).all()


def test_the_metric_is_the_one_that_is_named() -> None:
    accuracy, mae = classification().metric(), Regression(5.0).metric()
    accuracy.update(torch.eye(3), torch.tensor([0, 1, 1]))
    mae.update(torch.tensor([1.0, 2.0]), torch.tensor([0.0, 5.0]))
    assert (classification().name, accuracy.compute().item()) == ("accuracy", pytest.approx(2 / 3))
    assert (Regression(5.0).name, mae.compute().item()) == ("mae", 2.0)  # in the target's unit


def test_targets_with_classes_are_classified_and_others_are_values() -> None:
    numbers = np.array([0, 0, 0, 2])
    made = objective_for(numbers, ["a", "b", "c"], ClassWeights.balanced)
    expected = Classification([3, 0, 1], ClassWeights.balanced)
    assert isinstance(made, Classification)
    rows = torch.arange(3)
    assert made.weights(rows).tolist() == expected.weights(rows).tolist()
    values = objective_for(np.array([1.0, 5.0], np.float32), [], ClassWeights.none)
    assert isinstance(values, Regression)
    assert values.target_std == 2.0


def test_the_last_class_may_lack_in_a_training_split() -> None:
    made = objective_for(np.array([0, 1, 1]), ["a", "b", "c"], ClassWeights.balanced)
    assert made.weights(torch.tensor([2])).isfinite().all()


def test_a_target_that_never_varies_has_a_unit_to_divide_by() -> None:
    made = objective_for(np.full(3, 7.0), [], ClassWeights.none)
    losses = made.losses(torch.tensor([7.0, 8.0]), torch.tensor([7.0, 7.0]))
    assert losses.tolist() == [0, 1]
