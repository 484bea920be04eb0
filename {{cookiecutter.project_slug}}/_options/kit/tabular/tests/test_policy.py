"""What the contract forbids does not reach the model, on any way."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import small_data

from {{ cookiecutter.package_name }}.schema import Manifest
from {{ cookiecutter.package_name }}.splits import SPLITS

pytestmark = pytest.mark.ml_test_score("data-4")
AGREED = replace(small_data.contract(), forbidden=("fold",))


def prepared(folder: Path, values: Iterator[str]) -> Manifest:
    """Prepare the small table with other values in the column that is forbidden."""
    rows = [row | {"fold": next(values)} for row in small_data.table()]
    file = small_data.write_csv(folder / "table.csv", rows)
    return small_data.prepare_small(file, folder / "prepared", agreed=AGREED)


def test_what_is_forbidden_changes_nothing_that_the_model_is_given(tmp_path: Path) -> None:
    rows = range(small_data.ROWS)
    label = prepared(tmp_path / "telling", iter([str(row % 3) for row in rows]))
    empty = prepared(tmp_path / "empty", iter(["" for _ in rows]))
    assert "fold" not in {feature.name for feature in label.features}
    assert label.features == empty.features
    assert label.statistics == empty.statistics
    for split in SPLITS:
        telling, nothing = (
            np.load(tmp_path / name / "prepared" / split / "features.npy")
            for name in ("telling", "empty")
        )
        np.testing.assert_array_equal(telling, nothing)


def test_a_trained_model_knows_the_columns_that_the_contract_allows_and_no_other(
    pipeline: Path,
) -> None:
    facts = json.loads((pipeline / "models/network/model.json").read_text("utf-8"))
    known = [feature["name"] for feature in facts["features"]]
    assert sorted(known) == sorted(small_data.contract().features)
    assert not {small_data.KEY, small_data.TARGET} & set(known)
