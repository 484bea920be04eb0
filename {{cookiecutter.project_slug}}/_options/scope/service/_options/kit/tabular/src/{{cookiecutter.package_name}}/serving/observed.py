"""What is known of rows that were predicted, to be compared with those of training."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..schema import Table


def observed(inputs: Table, facts: dict[str, Any], *, sensitive: bool) -> dict[str, list[Any]]:
    """Return the columns of encoded rows (rows, features): None for missing or new values.

    Args:
        inputs: as the predictor takes them.
        facts: of model.json.
        sensitive: whether columns are there that the contract calls sensitive.
    """
    columns: dict[str, list[Any]] = {}
    for place, feature in enumerate(facts["features"]):
        name, categories = feature["name"], feature["categories"]
        if facts["columns"][name]["sensitive"] and not sensitive:
            continue
        values = inputs[:, place]
        if categories is None:
            columns[name] = [None if np.isnan(value) else value for value in values.tolist()]
        else:
            columns[name] = [categories[int(v) - 1] if v else None for v in values.tolist()]
    return columns
