from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.arrays import Rows, load_split
from {{ cookiecutter.package_name }}.probes import scoring
from {{ cookiecutter.package_name }}.probes.corruptions import applicable, corrupt
from {{ cookiecutter.package_name }}.schema import Manifest

ANY = 10**6


@pytest.fixture
def rows(prepared: Path) -> Rows:
    return load_split(prepared, "test")


def by_content(classes: int) -> Callable[[Any], NDArray[np.floating]]:
    """A model whose answer depends on every value of a row, and on nothing else."""

    def predict(inputs: NDArray[Any]) -> NDArray[np.floating]:
        sums = np.nan_to_num(inputs.reshape(len(inputs), -1).astype(np.float64)).sum(axis=1)
        return np.eye(classes)[np.rint(sums).astype(np.int64) % classes]

    return predict


def test_every_cell_holds_every_row_and_what_is_said_of_it_corrupted(
    rows: Rows, manifest: Manifest
) -> None:
    predict = by_content(len(manifest.classes))
    table = scoring.score_corrupted(predict, rows, manifest, None, ANY)
    cells = [(name, severity) for name in applicable(manifest) for severity in range(1, 6)]
    assert table.columns == ["id", "target", "prediction", "corruption", "severity"]
    assert table.select("corruption", "severity").unique(maintain_order=True).rows() == cells
    for name, severity in cells:
        cell = table.filter(corruption=name, severity=severity)
        assert cell["id"].to_list() == rows.ids
        assert cell["target"].to_list() == [manifest.classes[n] for n in rows.targets]
        inputs = corrupt(np.array(rows.inputs), name, severity, 0, manifest, None)
        said = [manifest.classes[number] for number in predict(inputs).argmax(axis=1)]
        assert cell["prediction"].to_list() == said


def seen(rows: Rows, manifest: Manifest, most: int) -> list[bytes]:
    """What a model is given, call by call."""
    given: list[bytes] = []

    def predict(inputs: NDArray[Any]) -> NDArray[np.floating]:
        given.append(inputs.tobytes())
        return np.full((len(inputs), len(manifest.classes)), np.random.default_rng().random())

    scoring.score_corrupted(predict, rows, manifest, None, most)
    return given


def test_every_model_gets_the_same_corrupted_rows(rows: Rows, manifest: Manifest) -> None:
    given = seen(rows, manifest, 7)
    assert given == seen(rows, manifest, 7)
    assert len(set(given)) == len(given)


def test_rows_are_corrupted_a_few_at_a_time_and_each_few_in_their_own_way(
    rows: Rows, manifest: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    (known, *_) = np.flatnonzero(~np.isnan(rows.inputs.reshape(len(rows.inputs), -1)).any(axis=1))
    same = replace(rows, inputs=np.repeat(rows.inputs[known : known + 1], len(rows.inputs), 0))
    whole = seen(same, manifest, 6)
    monkeypatch.setattr(scoring, "VALUES", 3 * int(np.prod(rows.inputs.shape[1:])))
    parts = seen(same, manifest, 6)
    assert [len(part) for part in parts] == [len(cell) // 2 for cell in whole for _ in range(2)]
    first = 2 * 5 * applicable(manifest).index("noise")
    assert parts[first] != parts[first + 1]


def test_more_rows_than_asked_for_are_sampled(rows: Rows, manifest: Manifest) -> None:
    predict = by_content(len(manifest.classes))
    few = scoring.score_corrupted(predict, rows, manifest, None, 5)
    cells = few.group_by("corruption", "severity", maintain_order=True).agg("id")["id"].to_list()
    assert {len(ids) for ids in cells} == {5}
    assert len({tuple(ids) for ids in cells}) == 1


def test_values_are_predicted_as_they_are(rows: Rows, manifest: Manifest) -> None:
    def predict(inputs: NDArray[Any]) -> NDArray[np.floating]:
        return np.arange(len(inputs)) / 2

    targets: Any = rows.targets + 0.25
    own, about = replace(rows, targets=targets), replace(manifest, classes=[])
    table = scoring.score_corrupted(predict, own, about, None, ANY)
    first = table.filter(severity=1, corruption=applicable(manifest)[0])
    assert first["target"].to_list() == own.targets.tolist()
    assert first["prediction"].to_list() == [number / 2 for number in range(len(rows.targets))]
    assert "fold" not in table.columns


@pytest.mark.slow
def test_with_folds_each_row_is_corrupted_once_and_predicted_by_the_network_of_its_fold(
    folded: Path,
) -> None:
    tables = {
        split: pl.read_parquet(folded / "predictions/network" / f"{split}.parquet")
        for split in ("test", "corrupted")
    }
    folds = dict(tables["test"].select("id", "fold").iter_rows())
    for _, cell in tables["corrupted"].group_by("corruption", "severity"):
        assert dict(cell.select("id", "fold").iter_rows()) == folds
        assert len(cell) == len(folds)
