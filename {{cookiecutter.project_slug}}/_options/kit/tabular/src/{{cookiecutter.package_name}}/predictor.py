"""From rows to predictions: the one path that scoring, batch prediction and serving share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray

from .model_folder import ModelFolder
from .runtime.errors import UserError
from .schema import Feature, Table

if TYPE_CHECKING:
    import polars as pl

VALUES = 2**22  # of a batch


class Predictor(ModelFolder):
    """A model folder, ready to predict."""

    def __init__(self, folder: Path | str) -> None:
        """Load ``folder``; see ``ModelFolder``."""
        super().__init__(folder)
        self.target: str = self.facts["target"]
        self.features = [Feature(**entry) for entry in self.facts["features"]]
        self.columns: dict[str, Any] = self.facts["columns"]

    def predict(self, features: Table) -> NDArray[np.floating]:
        """Return probabilities (rows, classes), or values (rows,), for float32 (rows, features)."""
        width = len(self.features)
        if features.ndim != 2 or features.shape[1] != width or features.dtype != np.float32:
            found = f"{features.dtype} {features.shape}"
            raise ValueError(f"features {found}: expected float32 (rows, {width})")
        parts = [np.zeros((0, len(self.classes)) if self.classes else 0, np.float32)]
        with torch.inference_mode():
            step = max(1, VALUES // max(1, width))
            for first in range(0, len(features), step):
                outputs = self.program(torch.from_numpy(np.array(features[first : first + step])))
                parts.append((outputs.softmax(dim=1) if self.classes else outputs).numpy())
        return parts[-1] if len(parts) == 2 else np.concatenate(parts)

    def predict_table(self, table: pl.LazyFrame) -> NDArray[np.floating]:
        """Return predictions for raw rows, read as those of training were.

        Columns that the model does not use may be there. A category that training never saw counts
        as missing.

        Raises:
            UserError: when a column is missing, or a value cannot be read as what it should be.
        """
        from .table.encoding import matrix_of
        from .table.serving import readable

        return self.predict(matrix_of(readable(table, self.columns), self.features))

    def predict_files(self, files: Sequence[Path | str]) -> NDArray[np.floating]:
        """Return predictions for the rows of table files, one after the other."""
        from .reading.opening import read_rows

        return np.concatenate([self.predict_table(read_rows(Path(file)).lazy()) for file in files])


def _load_pyfunc(path: str) -> Any:
    """MLflow's entry: load what ``tracking`` logged."""
    return _MLflowModel(Predictor(Path(path)))


class _MLflowModel:
    def __init__(self, predictor: Predictor) -> None:
        self.predictor = predictor

    def predict(self, rows: Any, params: dict[str, Any] | None = None) -> NDArray[np.floating]:
        import polars as pl
        from mlflow.exceptions import MlflowException

        del params  # MLflow passes them; this model has none
        try:
            return self.predictor.predict_table(pl.from_pandas(rows).lazy())
        except UserError as error:  # of any other error, MLflow's server tells the caller nothing
            raise MlflowException.invalid_parameter_value(str(error)) from error
