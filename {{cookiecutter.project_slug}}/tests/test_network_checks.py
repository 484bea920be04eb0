"""What every network of conf/model must pass before a result of it is believed.

A network that you add to conf/model is checked here without a word from you.
"""

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from network_cases import CASES, Case, case_of
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.dropout import _DropoutNd

pytestmark = pytest.mark.ml_test_score("infra-2")


@pytest.fixture(params=CASES, ids="-".join)
def named(request: pytest.FixtureRequest) -> tuple[str, str]:
    return request.param


@pytest.fixture
def case(named: tuple[str, str], prepared: Path) -> Case:
    return case_of(*named, prepared, ["train"])


@pytest.fixture
def unseen(named: tuple[str, str], prepared: Path) -> Case:
    return case_of(*named, prepared, ["val", "test"])


def skill(network: nn.Module, case: Case) -> float:
    """Accuracy beyond the share of the largest class, or the share of the variance explained."""
    with torch.no_grad():
        outputs = network.eval()(case.inputs)
    if not case.manifest.classes:
        errors = (outputs - case.targets).square().mean()
        return float(1 - errors / case.targets.var(correction=0))
    largest = case.targets.bincount().max() / len(case.targets)
    return float((outputs.argmax(1) == case.targets).float().mean() - largest)


def by_luck(case: Case) -> float:
    """What guesses rarely exceed: three standard errors of a share, or of a correlation."""
    deviation = 0.5 if case.manifest.classes else 1.0
    luck = 3 * deviation / math.sqrt(len(case.targets))
    return luck if case.manifest.classes else luck**2


def test_an_untrained_network_knows_nothing(case: Case) -> None:
    chance = math.log(len(case.manifest.classes)) if case.manifest.classes else 1.0
    with torch.no_grad():
        losses = [case.loss(case.network(seed, dropout=False).train()).item() for seed in range(5)]
    # PyTorch draws a last layer so that its outputs vary by a third of what its inputs do; half of
    # their variance is lost: 0 to 8 % of the loss of guessing. A head too large loses multiples.
    assert np.mean(losses) == pytest.approx(chance, rel=0.15)


def test_one_batch_can_be_learnt_by_heart(case: Case) -> None:
    few = case.changed(inputs=case.inputs[:12], targets=case.targets[:12])
    assert few.fit(few.network(dropout=False), steps=150, until=0.05) < 0.05


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["as they are", "zeroed", "shuffled"])
def test_only_inputs_that_tell_something_are_worth_anything(
    kind: str, case: Case, unseen: Case
) -> None:
    if kind == "zeroed":
        case, unseen = (one.changed(inputs=torch.zeros_like(one.inputs)) for one in (case, unseen))
    if kind == "shuffled":
        generator = torch.Generator().manual_seed(0)
        order = torch.randperm(len(case.targets), generator=generator)
        case = case.changed(targets=case.targets[order])
    network = case.network()
    case.fit(network, steps=40)
    assert (skill(network, unseen) > by_luck(unseen)) == (kind == "as they are")


def test_gradients_reach_every_parameter(case: Case) -> None:
    network = case.network(dropout=False)
    case.fit(network, steps=3)  # what begins at 0 hides what lies before it
    network.zero_grad()
    case.loss(network).backward()
    for name, weights in network.named_parameters():
        assert weights.grad is not None, name
        assert weights.grad.abs().sum() > 0, name


def test_training_is_random_and_moves_statistics_just_where_layers_say_so(case: Case) -> None:
    network = case.network().train()
    modules = list(network.modules())
    before = {name: buffer.clone() for name, buffer in network.named_buffers()}
    torch.manual_seed(1)
    first, second = network(case.inputs), network(case.inputs)
    drops = any(isinstance(module, _DropoutNd) and module.p > 0 for module in modules)
    assert torch.equal(first, second) != drops
    moved = {name for name, buffer in network.named_buffers() if not buffer.equal(before[name])}
    assert bool(moved) == any(isinstance(module, _BatchNorm) for module in modules)


def test_evaluation_is_repeatable_and_changes_nothing(case: Case) -> None:
    network = case.network()
    case.fit(network, steps=2)
    before = {name: weights.clone() for name, weights in network.eval().state_dict().items()}
    with torch.no_grad():
        assert torch.equal(network(case.inputs), network(case.inputs))
    assert all(weights.equal(before[name]) for name, weights in network.state_dict().items())


def test_a_row_is_answered_without_a_look_at_the_others(case: Case) -> None:
    network = case.network()
    case.fit(network, steps=2)
    rows = case.rows(4).requires_grad_()
    outputs = network.eval()(rows)
    outputs[1].square().sum().backward()
    assert rows.grad is not None
    assert rows.grad[1].abs().sum() > 0
    assert rows.grad[[0, 2, 3]].abs().sum() == 0
    alone = torch.cat([network(row[None]) for row in rows])
    torch.testing.assert_close(outputs, alone, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("rows", [1, 2, 7])
def test_any_number_of_rows_gives_as_many_finite_answers(case: Case, rows: int) -> None:
    network, inputs = case.network(), case.inputs[:rows]

    def fits(outputs: Tensor) -> bool:
        return len(outputs) == rows and bool(outputs.isfinite().all())

    assert fits(network.train()(inputs))  # a last batch of one row stops no training
    answers = network.eval()(inputs)
    assert fits(answers)
    assert answers.dtype == torch.float32
    classes = len(case.manifest.classes)
    assert answers.shape == ((rows, classes) if classes else (rows,))
