"""Directions that people declare in conf/evaluation: on toy models, and through `score`."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from calling import Invoke
from kit_facts import small_manifest
from numpy.typing import NDArray
from small_data import CLASSES, COLOR, SIZE

from {{ cookiecutter.package_name }} import score
from {{ cookiecutter.package_name }}.config.kit import Behaviour as Settings
from {{ cookiecutter.package_name }}.config.kit import Direction
from {{ cookiecutter.package_name }}.probes.behaviours import behaviours_for
from {{ cookiecutter.package_name }}.probes.checking import Examples, Predict, Trial
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.schema import Manifest

Floats = NDArray[np.floating]
MANIFEST = small_manifest()  # a number `size` with a deviation of 0.3, a category `color`


def last_of(manifest: Manifest, *declared: Direction) -> Any:
    return behaviours_for(manifest, Settings(200, [*declared]))[-1]


def tried(predict: Predict, manifest: Manifest, raises: str | None) -> list[bool]:
    inputs = np.array([[0, 1], [0.5, 1], [np.nan, 2], [1, 2]], np.float32)
    targets = np.array([0, 1, 2, 2]) if manifest.classes else np.array([0.0, 10, 20, 30])
    rows = Examples(["a", "b", "c", "d"], inputs, targets)
    trial = Trial(predict, rows, rows, manifest, None)
    ids, held = last_of(manifest, Direction("size", raises)).check(trial)
    assert ids == ["a", "b", "d"]  # a row without the number cannot have more of it
    return held.tolist()


def test_a_growing_number_may_not_lower_the_probability_of_its_class() -> None:
    def predict(rows: Any) -> Floats:
        c = np.nan_to_num(rows[:, 0]).clip(0, 2) / 2
        return np.stack([(1 - c) / 2, (1 - c) / 2, c], axis=1)

    assert tried(predict, MANIFEST, "c") == [True, True, True]
    assert tried(predict, MANIFEST, "a") == [False, False, False]  # by 0.075 each


def test_a_growing_number_may_not_lower_the_value() -> None:
    manifest = replace(MANIFEST, classes=[])
    peak = 20 * 0.65

    def predict(rows: Any) -> Floats:  # rises up to 0.65, and falls again
        return peak - 20 * np.abs(np.nan_to_num(rows[:, 0]) - 0.65)

    assert tried(predict, manifest, None) == [True, True, False]


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        (Direction("siez", "a"), "feature=siez: no number of the table. Did you mean 'size'?"),
        (Direction("color", "a"), "feature=color: no number of the table. Valid: size"),
        (Direction("size", "d"), "directional, size: raises=d: Valid: a, b, c"),
        (Direction("size", None), "directional, size: raises=None: Valid: a, b, c"),
    ],
)
def test_what_the_table_does_not_have_is_refused(declared: Direction, told: str) -> None:
    with pytest.raises(UserError) as refused:
        last_of(MANIFEST, declared)
    assert str(refused.value).startswith("evaluation.behaviour.directional")
    assert told in str(refused.value)


def test_values_have_no_class_to_raise() -> None:
    with pytest.raises(UserError, match=r"raises=a: .*Valid: null"):
        last_of(replace(MANIFEST, classes=[]), Direction("size", "a"))


@pytest.fixture
def copied(pipeline: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    project = shutil.copytree(pipeline, tmp_path / "project")
    monkeypatch.chdir(project)
    return project


def declare(copied: Path, feature: str, raises: str) -> None:
    file = copied / "params.yaml"
    text = file.read_text("utf-8")
    assert "directional: []" in text
    entry = json.dumps([{"feature": feature, "raises": raises}])
    file.write_text(text.replace("directional: []", f"directional: {entry}"), "utf-8")


def test_a_declared_direction_is_scored_and_the_network_has_learnt_it(
    copied: Path, invoke: Invoke
) -> None:
    declare(copied, SIZE, CLASSES[2])  # the class grows with the number
    invoke(score.main, "--stage")
    table = pl.read_parquet(copied / "predictions/network/behaviour.parquet")
    rows = table.filter(check=f"more {SIZE} does not lower the probability of {CLASSES[2]}")
    assert rows["kind"].unique().to_list() == ["directional"]
    assert rows["held"].mean() == 1


def test_an_unknown_feature_stops_before_anything_is_predicted(
    copied: Path, invoke: Invoke
) -> None:
    declare(copied, COLOR, "it")
    shutil.rmtree(copied / "predictions/network")
    with pytest.raises(SystemExit, match=r"evaluation\.behaviour\.directional: feature="):
        invoke(score.main, "--stage")
    assert not (copied / "predictions/network").exists()
