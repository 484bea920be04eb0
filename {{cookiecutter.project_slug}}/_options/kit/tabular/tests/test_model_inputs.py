import math
from dataclasses import replace
from typing import Any

import pytest
import torch
from some_tables import CATEGORIES, CHOICES, NUMBERS, described, some_rows

from {{ cookiecutter.package_name }}.model import build
from {{ cookiecutter.package_name }}.schema import Statistics

networks = pytest.mark.parametrize("choice", CHOICES, ids=["tabm", "mlp"])


@networks
def test_the_unit_of_a_number_does_not_matter(choice: Any) -> None:
    table = some_rows(40)
    other = table * torch.tensor([1000.0] * NUMBERS + [1.0] * len(CATEGORIES))
    networks = []
    for seen in (table, other):
        torch.manual_seed(0)
        networks.append(build(choice, described(seen)).eval())
    for network in networks:
        network.numbers.of_bins.data.fill_(0.3)
    torch.testing.assert_close(networks[0](table), networks[1](other), rtol=1e-3, atol=1e-3)


@networks
def test_a_fold_has_statistics_of_its_own(choice: Any) -> None:
    table = some_rows(40)
    about = described(table)
    first, other = about.statistics[0], replace(about.statistics[0], mean=[7.0, 8.0, 9.0])
    network = build(choice, replace(about, folds=2, statistics=[first, first, other]), 1)
    assert network.numbers.mean.tolist() == [7.0, 8.0, 9.0]


def test_a_number_is_seen_by_how_far_it_is_through_each_bin() -> None:
    line = Statistics([[float(step) for step in range(129)]], [64.0], [32.0], 0.0, 1.0)
    about = replace(described(some_rows(9, 1, 0), 1), statistics=[line])
    numbers = build(replace(CHOICES[1], embedding=4), about).numbers
    numbers.weight.data.zero_()
    numbers.bias.data.zero_()
    numbers.of_bins.data[0] = torch.eye(4)
    seen = numbers(torch.tensor([[-5.0], [0.0], [48.0], [128.0], [1e9]]))[:, 0]
    assert seen.tolist() == [[0] * 4, [0] * 4, [1, 0.5, 0, 0], [1] * 4, [1] * 4]


def test_a_missing_number_is_told_apart_once_that_pays() -> None:
    table = some_rows(40)
    network = build(CHOICES[1], described(table)).eval()
    mean = network.numbers.mean.clone()
    missing = torch.full((1, NUMBERS), math.nan)
    hidden, average = network.numbers(missing), network.numbers(mean[None])
    assert torch.equal(hidden, average)  # as long as the bins say nothing
    network.numbers.of_missing.data.fill_(1.0)
    torch.testing.assert_close(network.numbers(missing), hidden + 1)
    assert torch.equal(network.numbers(mean[None]), average)


@networks
def test_what_training_never_saw_is_answered_with_finite_outputs(choice: Any) -> None:
    table = some_rows(40)
    table[:, 0], table[:, 1] = math.nan, 5.0  # all missing, and always the same
    about = described(torch.where(table.isnan(), 0.0, table))
    network = build(choice, about).eval()
    for number in (math.nan, math.inf, -math.inf, 3e38, 0.0):
        assert network(torch.full((2, table.shape[1]), number)).isfinite().all(), number


@networks
def test_a_category_that_training_never_saw_is_as_missing(choice: Any) -> None:
    table = some_rows(4)
    network = build(choice, described(table)).eval()
    missing = table.clone()
    missing[:, NUMBERS:] = 0
    for code in (99.0, -1.0, math.nan):
        table[:, NUMBERS:] = code
        assert torch.equal(network(table), network(missing)), code
