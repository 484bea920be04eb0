from dataclasses import replace
from pathlib import Path

import numpy as np
import small_data

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.contract.contract import Column, Kind
from {{ cookiecutter.package_name }}.exploration.frame import exploration_data
from {{ cookiecutter.package_name }}.schema import Manifest


def test_the_table_has_its_own_names_values_and_parts(prepared: Path, manifest: Manifest) -> None:
    data = exploration_data(prepared)
    features = [feature.name for feature in manifest.features]
    assert list(data.frame.columns) == [small_data.TARGET, *features]
    assert data.split.value_counts().to_dict() == manifest.rows
    train = load_split(prepared, "train")
    shown = data.frame.loc[train.ids, small_data.SIZE].to_numpy(np.float64)
    np.testing.assert_allclose(shown, train.inputs[:, features.index(small_data.SIZE)], rtol=1e-6)
    words = data.frame.loc[train.ids, small_data.TARGET].tolist()
    assert words == [manifest.classes[number] for number in train.targets]
    assert set(data.frame[small_data.COLOR].dropna()) == set(small_data.COLORS)


def test_folds_groups_units_and_sensitive_columns_are_named(tmp_path: Path) -> None:
    people = [row | {"person": f"p{place % 40}"} for place, row in enumerate(small_data.table())]
    raw, contract = small_data.write_csv(tmp_path / "raw.csv", people), small_data.contract()
    size = replace(contract.columns[small_data.SIZE], unit="mm", sensitive=True)
    contract = replace(
        contract,
        columns=contract.columns | {small_data.SIZE: size, "person": Column(Kind.text)},
        group="person",
    )
    small_data.prepare_small(
        raw, tmp_path / "prepared", split=replace(small_data.SHARES, folds=3), agreed=contract
    )
    data = exploration_data(tmp_path / "prepared")
    assert set(data.split) == {"fold 0", "fold 1", "fold 2"}
    assert data.units == {small_data.SIZE: "mm"}
    assert data.sensitive == [small_data.SIZE]
    assert data.group is not None
    assert set(data.group) == {row["person"] for row in people}


def test_of_a_larger_table_every_nth_row_is_looked_at(prepared: Path, manifest: Manifest) -> None:
    data = exploration_data(prepared, most_rows=50)
    assert data.total_rows == sum(manifest.rows.values()) == small_data.ROWS
    assert len(data.frame) == small_data.ROWS // 3
