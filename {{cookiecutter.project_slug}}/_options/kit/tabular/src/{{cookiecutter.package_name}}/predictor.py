"""From rows to predictions: the one path that scoring, batch prediction and serving share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray

from .runtime.errors import UserError
from .schema import Feature, Manifest, Table

if TYPE_CHECKING:
    import polars as pl

VALUES = 2**22  # of a batch


class Predictor:
    """A model folder, ready to predict. It needs no code of model.py."""

    def __init__(self, folder: Path | str) -> None:
        """Load ``folder``.

        Raises:
            UserError: when the folder lacks a file of a model or holds a damaged one.
        """
        folder = Path(folder)
        try:
            facts = json.loads((folder / "model.json").read_text("utf-8"))
            self.program = torch.export.load(folder / "program.pt2").module()
        except Exception as error:
            raise UserError(
                f"{folder}: not a whole model folder ({error}). `uv run dvc repro train` makes one."
            ) from error
        self.classes: list[str] = facts["classes"]
        self.target: str = facts["target"]
        self.features = [Feature(**entry) for entry in facts["features"]]
        self.columns: dict[str, Any] = facts["columns"]
        self.fold: int | None = facts["fold"]
        self.data_hashes: dict[str, str] = facts["data_hashes"]

    def require_own(self, manifest: Manifest) -> None:
        """Refuse prepared data that the model was not trained on: another split may mix up rows.

        Raises:
            UserError: when the hashes of the splits differ from those of training.
        """
        if manifest.hashes != self.data_hashes:
            raise UserError(
                "models/network was trained on other data than data/prepared now holds, so that "
                "rows to score may be rows it learned from. Train again, in the same run."
            )

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
        return np.concatenate(parts)

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

    def predict_files(self, files: list[Path]) -> NDArray[np.floating]:
        """Return predictions for the rows of table files, one after the other."""
        from .reading.opening import read_rows

        return np.concatenate([self.predict_table(read_rows(file).lazy()) for file in files])


def _load_pyfunc(path: str) -> Any:
    """MLflow's entry: load what ``tracking`` logged."""
    return _MLflowModel(Predictor(Path(path)))


class _MLflowModel:
    def __init__(self, predictor: Predictor) -> None:
        self.predictor = predictor

    def predict(self, rows: Any, params: dict[str, Any] | None = None) -> NDArray[np.floating]:
        import polars as pl

        del params  # MLflow passes them; this model has none
        return self.predictor.predict_table(pl.from_pandas(rows).lazy())
