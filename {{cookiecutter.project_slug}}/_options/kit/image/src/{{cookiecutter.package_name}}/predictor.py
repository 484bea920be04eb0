"""From images to probabilities: the one path that scoring, batch prediction and serving share."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from .model_folder import ModelFolder
from .schema import Images, read_image

PIXELS = 2**22  # values of a batch: large images go through in small batches


class Predictor(ModelFolder):
    """A model folder, ready to predict."""

    def __init__(self, folder: Path | str) -> None:
        """Load ``folder``; see ``ModelFolder``."""
        super().__init__(folder)
        self.image_size: int = self.facts["image_size"]
        self.channels: int = self.facts["channels"]

    def predict(self, images: Images) -> NDArray[np.float32]:
        """Return probabilities (rows, classes) for uint8 images (rows, height, width, channels)."""
        expected = (self.image_size, self.image_size, self.channels)
        if images.shape[1:] != expected or images.dtype != np.uint8:
            raise ValueError(
                f"images {images.dtype} {images.shape}: expected uint8 (rows, {expected})"
            )
        parts = [np.zeros((0, len(self.classes)), np.float32)]
        with torch.inference_mode():
            step = max(1, min(256, PIXELS // int(np.prod(expected))))
            for first in range(0, len(images), step):
                batch = torch.from_numpy(np.array(images[first : first + step]))
                parts.append(self.program(batch).softmax(dim=1).numpy())
        return parts[-1] if len(parts) == 2 else np.concatenate(parts)

    def predict_files(self, files: Iterable[Any]) -> NDArray[np.float32]:
        """Return probabilities for image files, decoded as in preparation."""
        images = [read_image(file, self.image_size, self.channels) for file in files]
        return self.predict(np.stack(images))


def _load_pyfunc(path: str) -> Any:
    """MLflow's entry: load what ``tracking`` logged."""
    return _MLflowModel(Predictor(Path(path)))


class _MLflowModel:
    def __init__(self, predictor: Predictor) -> None:
        self.predictor = predictor

    def predict(self, images: Any, params: dict[str, Any] | None = None) -> NDArray[np.float32]:
        del params  # MLflow passes them; this model has none
        array = images["images"] if isinstance(images, dict) else images
        return self.predictor.predict(np.asarray(array))
