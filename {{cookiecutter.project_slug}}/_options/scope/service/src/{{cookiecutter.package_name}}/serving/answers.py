"""What the model says, as it is sent."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def answers_of(outputs: NDArray[np.floating], classes: list[str]) -> list[dict[str, Any]]:
    """Return an answer for each row: its prediction, and of a classification all probabilities."""
    if not classes:
        return [{"prediction": value} for value in outputs.tolist()]
    best = outputs.argmax(axis=1).tolist()
    return [
        {"prediction": classes[place], "probabilities": dict(zip(classes, row, strict=True))}
        for place, row in zip(best, outputs.tolist(), strict=True)
    ]
