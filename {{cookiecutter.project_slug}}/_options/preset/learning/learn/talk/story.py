"""What there is to tell: the numbers of reports/metrics.json, and what the report reads too."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.reporting.answers import read_answers

Facts = dict[str, Any]
SIMPLE = {  # what the baselines do, in plain words
    "boosted_trees": "many small yes-or-no questions",
    "dummy": "always the usual answer",
    "knn": "the most similar examples decide",
    "linear": "adding up the columns",
    "logistic": "adding up the columns",
    "random_forest": "many yes-or-no questions",
    "svm_rbf": "similar examples decide",
}


class StoryError(Exception):
    """Why there is nothing to tell yet, and what to do about it."""


@dataclass(frozen=True)
class Story:
    """Everything that the slides are made of."""

    name: str
    purpose: str  # what people wrote that it is for; empty: nothing yet
    metrics: Facts
    targets: NDArray[np.floating]  # the true numbers of the rows that were tested; none for classes
    errors: NDArray[np.floating]  # and what was said, minus that

    @classmethod
    def read(cls, project: Path, name: str) -> Story:
        """Read the results of the pipeline.

        Raises:
            StoryError: when there are none.
        """
        file = project / "reports/metrics.json"
        if not file.exists():
            raise StoryError(f"{file} is not there yet: `uv run dvc repro` makes it.")
        metrics = json.loads(file.read_text(encoding="utf-8"))
        targets, errors = np.empty(0), np.empty(0)
        if metrics["comparison"]["metric"] == "mae":
            table = Predictions.load(project / "predictions/network/test.parquet")
            targets, errors = table.targets, table.errors
        said = read_answers(project / "docs/model_card.yaml")
        return cls(name, said["intended_use"], metrics, targets, errors)

    @property
    def of_values(self) -> bool:
        """Whether it says numbers, and not kinds."""
        return self.metrics["comparison"]["metric"] == "mae"

    @property
    def rows(self) -> int:
        """How many examples were tested."""
        return self.metrics["test_set"]["rows"]

    @property
    def verdict(self) -> str:
        """What the numbers allow to say."""
        return self.metrics["verdict"]

    @property
    def overall(self) -> Facts:
        """How often it is right, or how far off it is, with the interval."""
        return self.metrics["models"]["network"][self.metrics["comparison"]["metric"]]

    @property
    def rival(self) -> str:
        """The simple way that the verdict turns on: the best, or one that it is not ahead of."""
        found = self.metrics["comparison"]["differences"]
        best = self.metrics["comparison"]["best_baseline"]
        if self.verdict == "worse":
            return min(found, key=lambda name: found[name]["high"])
        if self.verdict == "no_difference" and found[best]["low"] > 0:
            return min(found, key=lambda name: found[name]["low"])
        return best

    @property
    def difference(self) -> Facts:
        """How far it is ahead of that one."""
        return self.metrics["comparison"]["differences"][self.rival]

    @property
    def margin(self) -> float:
        """The smallest difference that matters, in the difference's unit."""
        share = self.metrics["margin"]
        if not self.of_values:
            return share
        return share * self.metrics["models"][self.rival]["mae"]["value"]

    def simple(self, name: str) -> str:
        """A baseline in plain words."""
        return SIMPLE.get(name, name.replace("_", " "))
