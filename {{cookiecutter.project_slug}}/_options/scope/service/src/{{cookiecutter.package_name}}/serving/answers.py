"""What a model says, as it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .deployed import Deployed


@dataclass(frozen=True)
class Said:
    """What one model says of the rows of a request."""

    model: Deployed
    inputs: Any  # as its predictor takes them
    answers: list[dict[str, Any]]  # of each row
    candidate: bool = False  # the model is tried, not in use

    @classmethod
    def of(
        cls, model: Deployed, inputs: Any, outputs: NDArray[np.floating], *, candidate: bool = False
    ) -> Said:
        """Put outputs into words."""
        answers = answers_of(outputs, model.predictor.classes)
        return cls(model, inputs, answers, candidate)

    @property
    def predictions(self) -> list[Any]:
        """The class of each row, or its value."""
        return [answer["prediction"] for answer in self.answers]


def answers_of(outputs: NDArray[np.floating], classes: list[str]) -> list[dict[str, Any]]:
    """Return an answer for each row: its prediction, and of a classification all probabilities."""
    if not classes:
        return [{"prediction": value} for value in outputs.tolist()]
    best = outputs.argmax(axis=1).tolist()
    return [
        {"prediction": classes[place], "probabilities": dict(zip(classes, row, strict=True))}
        for place, row in zip(best, outputs.tolist(), strict=True)
    ]
