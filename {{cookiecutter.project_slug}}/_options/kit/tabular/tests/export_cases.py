"""Networks, rows and requests for the tests of what is exported and served."""

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.schema import Feature, Manifest, Statistics

NUMBER, CATEGORY = Feature("size", None), Feature("color", ["blue", "red"])
NONE, LARGE = Statistics([], [], [], 0.0, 1.0), Statistics([[0.0] * 129], [0.0], [0.0], 2e5, 7e4)
NETWORKS: dict[str, tuple[str, dict[str, Any]]] = {  # a choice of the group model, and its data
    "default": ("default", {}),
    "mlp": ("mlp", {}),
    "numbers-only": ("tabm", {"features": [NUMBER]}),
    "categories-only": ("tabm", {"features": [CATEGORY] * 3, "statistics": [NONE]}),
    "regression-on-a-constant": ("tabm", {"classes": [], "statistics": [LARGE]}),
}


def odd_rows(manifest: Manifest, rows: int) -> NDArray[np.float32]:
    """Rows with missing and infinite numbers, and with codes that no category has."""
    random, numbers = np.random.default_rng(rows), manifest.numbers
    table = 3 * random.standard_normal((rows, len(manifest.features)))
    table[:, numbers:] = random.integers(-2, 6, table[:, numbers:].shape)
    odd = random.choice([np.nan, np.inf, -np.inf, 1e38, -1e38, 1e-40, 0.5, 2.7], table.shape)
    return np.where(random.random(table.shape) < 0.4, odd, table).astype(np.float32)


def as_request(table: Any) -> dict[str, Any]:
    """Return the JSON that asks a served model for what it says of ``raw_examples``."""
    return {"dataframe_split": json.loads(table.to_json(orient="split", index=False))}


def bad_requests(table: Any) -> list[tuple[dict[str, Any], str]]:
    """Requests that no model of such rows can take, and what the answer must say."""
    return [
        (as_request(table.drop(columns="fold")), "fold: no such column"),
        (as_request(table.assign(fold="much")), "fold: 3 values are no number"),
        ({"dataframe_split": {"columns": ["fold"], "data": [[1, 2]]}}, "columns"),
        ({"rows": 1}, "inputs"),
    ]
