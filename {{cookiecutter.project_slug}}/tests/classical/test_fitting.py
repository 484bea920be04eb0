from pathlib import Path

import numpy as np
import polars as pl
import pytest

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.classical.fitting import Baseline, baselines_of
from {{ cookiecutter.package_name }}.classical.models import REFERENCE
from {{ cookiecutter.package_name }}.config import Baselines
from {{ cookiecutter.package_name }}.probes import scoring
from {{ cookiecutter.package_name }}.schema import Manifest

SETTINGS = Baselines(trials=1, threads=1, max_rows=40, max_features=1000)


@pytest.fixture(scope="module")
def found(prepared: Path, manifest: Manifest) -> list[Baseline]:
    return list(baselines_of(prepared, manifest, None, SETTINGS, 0, 8))


def test_each_baseline_predicts_every_row_of_val_and_test(
    found: list[Baseline], prepared: Path, manifest: Manifest
) -> None:
    for one in found:
        assert one.facts["train_rows"] == SETTINGS.max_rows
        assert set(one.tables) == {"val", "test"}
        for split, table in one.tables.items():
            rows = load_split(prepared, split)
            assert (table.ids, table.classes) == (rows.ids, manifest.classes), one.name
            np.testing.assert_array_equal(table.targets, rows.targets)
            np.testing.assert_allclose(table.outputs.sum(axis=1), 1, atol=1e-6)
        assert one.facts["metric"] == "accuracy"
        assert one.facts["validation"] == pytest.approx(one.tables["val"].correct.mean())


def test_only_the_reference_predicts_corrupted_rows(found: list[Baseline]) -> None:
    corrupted = {one.name: one.corrupted for one in found if one.corrupted is not None}
    assert set(corrupted) == {REFERENCE}
    cells = corrupted[REFERENCE].group_by("corruption", "severity").len()
    assert cells["len"].unique().to_list() == [8]


def test_without_corrupted_rows_there_are_none(prepared: Path, manifest: Manifest) -> None:
    again = baselines_of(prepared, manifest, None, SETTINGS, 0, 0)
    assert all(one.corrupted is None for one in again)


def test_the_reference_sees_corrupted_rows_as_it_sees_others(
    prepared: Path, manifest: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def as_they_are(inputs: object, *_: object) -> object:
        return inputs

    monkeypatch.setattr(scoring, "corrupt", as_they_are)
    several = baselines_of(prepared, manifest, None, SETTINGS, 0, 1000)
    reference = next(one for one in several if one.name == REFERENCE)
    assert reference.corrupted is not None
    table, said = reference.tables["test"], reference.corrupted
    names = [manifest.classes[number] for number in table.predicted]
    for _, cell in said.group_by("corruption", "severity"):
        assert cell.select("id", "prediction").equals(
            pl.DataFrame({"id": table.ids, "prediction": names})
        )
