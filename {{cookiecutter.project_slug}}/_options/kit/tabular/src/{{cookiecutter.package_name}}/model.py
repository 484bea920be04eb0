"""The networks for tables, as plain modules, and the preprocessing that belongs to them."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from .choices.instantiation import instantiate
from .schema import Manifest, Statistics

FURTHEST = 100.0  # standard deviations from the mean: what is beyond may as well be infinite
LARGEST = 1e30  # so that infinite numbers are as large ones


class NumberEmbedding(nn.Module):
    """Each number becomes a vector: a linear part, and a piecewise-linear part between quantiles.

    The linear part sees the standardised number, bent into -3..3 (Holzmüller et al., 2024). The
    piecewise-linear part (Gorishniy et al., 2022) sees how far the number is through each bin, and
    begins at 0. A missing number has a vector of its own, which also begins at 0.

    Input (rows, numbers), NaN where missing; output (rows, numbers, size).
    """

    def __init__(self, statistics: Statistics, *, bins: int, size: int) -> None:
        super().__init__()
        numbers = len(statistics.mean)
        mean, std = torch.tensor([statistics.mean, statistics.std], dtype=torch.float32)
        every = [quantiles[:: (len(quantiles) - 1) // bins] for quantiles in statistics.quantiles]
        edges = torch.tensor(every, dtype=torch.float32).view(numbers, bins + 1)
        width = edges.diff()
        self.register_buffer("mean", mean.clone())  # torch.export saves whole storages
        self.register_buffer("std", torch.where(std > 0, std, 1.0))
        self.register_buffer("left", edges[:, :-1].clone())
        self.register_buffer("width", torch.where(width > 0, width, math.inf))
        self.weight = nn.Parameter(_uniform(numbers, size, fan=size))
        self.bias = nn.Parameter(_uniform(numbers, size, fan=size))
        self.of_bins = nn.Parameter(torch.zeros(numbers, bins, size))
        self.of_missing = nn.Parameter(torch.zeros(numbers, size))

    def forward(self, numbers: Tensor) -> Tensor:
        """Return the vectors."""
        missing = numbers.isnan().unsqueeze(-1)
        numbers = numbers.clamp(-LARGEST, LARGEST)
        scaled = ((numbers - self.mean) / self.std).clamp(-FURTHEST, FURTHEST).unsqueeze(-1)
        bent = scaled / (1 + (scaled / 3).square()).sqrt()
        linear = self.bias + self.weight * torch.where(missing, 0.0, bent)
        through = ((numbers.unsqueeze(-1) - self.left) / self.width).clamp(0, 1)
        pieces = torch.einsum("rnb,nbs->rns", torch.where(missing, 0.0, through), self.of_bins)
        return linear + pieces + torch.where(missing, self.of_missing, 0.0)


class CategoryEmbedding(nn.Module):
    """Each category becomes a vector; that of missing and unseen ones begins at 0.

    Input (rows, columns): codes, 0 where missing or unseen; output (rows, columns, size).
    """

    def __init__(self, counts: list[int], *, size: int) -> None:
        super().__init__()
        known = torch.tensor(counts, dtype=torch.int64)
        first = (known + 1).cumsum(0) - known - 1  # the row of each column's code 0
        self.register_buffer("known", known)
        self.register_buffer("first", first)
        vectors = _uniform(sum(counts) + len(counts), size, fan=size)
        vectors[first] = 0
        self.vectors = nn.Parameter(vectors)

    def forward(self, codes: Tensor) -> Tensor:
        """Return the vectors."""
        whole = codes.nan_to_num(0).long()
        valid = torch.where((whole >= 0) & (whole <= self.known), whole, 0)
        return functional.embedding(valid + self.first, self.vectors)


class TabM(nn.Module):
    """An ensemble of MLPs that share all weights but a scaling of the input, and the last layer.

    It is TabM-mini of Gorishniy et al. (2025). The scaling is drawn at random, one number for each
    member and column, so that each member sees the columns in its own way.

    Input (rows, columns, embedding), output (rows, members, outputs).
    """

    def __init__(
        self,
        columns: int,
        outputs: int,
        *,
        embedding: int,
        members: int,
        width: int,
        blocks: int,
        dropout: float,
    ) -> None:
        super().__init__()
        scaling = torch.randn(members, columns, 1).expand(-1, -1, embedding)
        self.scaling = nn.Parameter(scaling.flatten(1).clone())
        self.body = _blocks(columns * embedding, width, blocks, dropout)
        self.weight = nn.Parameter(_uniform(members, width, outputs, fan=width))
        self.bias = nn.Parameter(_uniform(members, outputs, fan=width))

    def forward(self, vectors: Tensor) -> Tensor:
        """Return the outputs of every member."""
        hidden = self.body(vectors.flatten(1).unsqueeze(1) * self.scaling)
        return torch.einsum("rmw,mwo->rmo", hidden, self.weight) + self.bias


class MLP(nn.Module):
    """One multilayer perceptron. Input (rows, columns, embedding), output (rows, 1, outputs)."""

    def __init__(
        self, columns: int, outputs: int, *, embedding: int, width: int, blocks: int, dropout: float
    ) -> None:
        super().__init__()
        self.body = _blocks(columns * embedding, width, blocks, dropout)
        self.head = nn.Linear(width, outputs)

    def forward(self, vectors: Tensor) -> Tensor:
        """Return the outputs of the only member."""
        return self.head(self.body(vectors.flatten(1))).unsqueeze(1)


class TabularNetwork(nn.Module):
    """A network with its preprocessing: from the prepared matrix to logits, or to values.

    Input float32 (rows, columns): numbers first, NaN where missing, then the codes of categories.
    Output logits (rows, classes), or values (rows,) in the unit of the target. In training the
    members' outputs are apart: (rows, members, classes) or (rows, members).
    """

    def __init__(
        self,
        numbers: NumberEmbedding,
        categories: CategoryEmbedding,
        network: nn.Module,
        target: Tensor | None,
    ) -> None:
        super().__init__()
        self.numbers, self.categories, self.network = numbers, categories, network
        self.register_buffer("target", target)  # mean and standard deviation; None: classes

    def forward(self, table: Tensor) -> Tensor:
        """Return logits, or values."""
        count = len(self.numbers.mean)
        vectors = self.numbers(table[:, :count]), self.categories(table[:, count:])
        outputs = self.network(torch.cat(vectors, dim=1))
        if self.target is not None:
            values = self.target[0] + self.target[1] * outputs.squeeze(-1)
            return values if self.training else values.mean(dim=1)
        if self.training:
            return outputs
        return outputs.log_softmax(-1).logsumexp(1) - math.log(outputs.shape[1])


def build(choice: Any, manifest: Manifest, fold: int | None = None) -> TabularNetwork:
    """Build the network that ``choice`` (a group ``model``) names for the prepared data."""
    statistics, outputs = manifest.statistics_of(fold), len(manifest.classes) or 1
    counts = [len(one.categories) for one in manifest.features if one.categories is not None]
    numbers = NumberEmbedding(statistics, bins=choice.bins, size=choice.embedding)
    categories = CategoryEmbedding(counts, size=choice.embedding)
    network = instantiate(choice, len(manifest.features), outputs, without=("bins",))
    mean_and_std = torch.tensor([statistics.target_mean, statistics.target_std or 1.0])
    target = None if manifest.classes else mean_and_std
    return TabularNetwork(numbers, categories, network, target)


def example_input(manifest: Manifest) -> Tensor:
    """Two rows of missing numbers and unseen categories, for export."""
    row = [math.nan if feature.categories is None else 0.0 for feature in manifest.features]
    return torch.tensor([row, row], dtype=torch.float32)


def _blocks(inputs: int, width: int, blocks: int, dropout: float) -> nn.Sequential:
    layers: list[nn.Module] = []
    for _ in range(blocks):
        layers += [nn.Linear(inputs, width), nn.ReLU(), nn.Dropout(dropout)]
        inputs = width
    return nn.Sequential(*layers)


def _uniform(*shape: int, fan: int) -> Tensor:
    return torch.empty(shape).uniform_(-(fan**-0.5), fan**-0.5)
