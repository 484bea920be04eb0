"""Tables that are made up, as networks see them, what a manifest says of them, and networks."""

from dataclasses import replace

import numpy as np
import torch
from kit_facts import small_manifest
from torch import Tensor

from {{ cookiecutter.package_name }}.config.kit import MLP, TabM
from {{ cookiecutter.package_name }}.schema import Feature, Manifest, Statistics

CHOICES = [
    TabM(".model.TabM", bins=4, embedding=3, width=16, blocks=2, dropout=0.2, members=4),
    MLP(".model.MLP", bins=4, embedding=3, width=16, blocks=2, dropout=0.2),
]
NUMBERS, CLASSES = 3, ["a", "b", "c"]
CATEGORIES: list[list[str]] = [["x", "y"], [], ["u", "v", "w", "z"]]


def some_rows(rows: int, numbers: int = NUMBERS, categories: int = len(CATEGORIES)) -> Tensor:
    """Numbers of very different scales, a tenth of them missing, then codes."""
    generator = np.random.default_rng(0)
    values = generator.normal(size=(rows, numbers)) * 10.0 ** np.arange(-2, numbers - 2)
    values[generator.random(values.shape) < 0.1] = np.nan
    codes = [generator.integers(0, len(names) + 1, rows) for names in CATEGORIES[:categories]]
    return torch.from_numpy(np.column_stack([values, *codes]).astype(np.float32))


def described(table: Tensor, numbers: int = NUMBERS, classes: list[str] = CLASSES) -> Manifest:
    """The manifest of data of which ``table`` is the training split."""
    columns = table[:, :numbers].double().numpy()
    levels = np.linspace(0, 1, 129)
    quantiles = [np.nanquantile(column, levels).tolist() for column in columns.T]
    mean, std = np.nanmean(columns, axis=0), np.nanstd(columns, axis=0)
    names = [None] * numbers + CATEGORIES[: table.shape[1] - numbers]
    named = [Feature(f"column {position}", one) for position, one in enumerate(names)]
    about = Statistics(quantiles, mean.tolist(), std.tolist(), 50.0, 4.0)
    return replace(small_manifest(), features=named, classes=classes, statistics=[about])
