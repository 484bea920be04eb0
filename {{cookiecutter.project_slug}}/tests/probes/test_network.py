"""How a small trained network behaves, check by check, as `score` tries it."""

import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from configured import configured
from kit_facts import small_manifest

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.config.evaluation import Robustness
from {{ cookiecutter.package_name }}.predictor import Predictor
from {{ cookiecutter.package_name }}.probes.behaviours import behaviours_for
from {{ cookiecutter.package_name }}.probes.checking import (
    Behaviour,
    Examples,
    Predict,
    Trial,
    trained_examples,
)
from {{ cookiecutter.package_name }}.probes.network import Probes
from {{ cookiecutter.package_name }}.schema import Manifest

SETTINGS = configured().evaluation
BEHAVIOURS = behaviours_for(small_manifest(), SETTINGS.behaviour)
HARD = [one for one in BEHAVIOURS if one.hard]
# What a model cannot fail that always says the same; one that guesses can.
LAZY = {one.name for one in BEHAVIOURS if one.kind == "invariance"}
LAZY |= {"nearer to its class is not less likely"}
SKILLS = [one for one in BEHAVIOURS if not one.hard and one.name not in LAZY]
STEADY = [one for one in BEHAVIOURS if not one.hard and one.name in LAZY]


def named(one: Behaviour) -> str:
    return one.name


@pytest.fixture(scope="module")
def trial(pipeline: Path) -> Trial:
    prepared = pipeline / "data/prepared"
    network = Predictor(pipeline / "models/network")
    train = trained_examples(load_split(prepared, "train"))
    test = Examples.of(load_split(prepared, "test"), 200)
    return Trial(network.predict, test, train, Manifest.load(prepared), None)


def constant(inputs: Any) -> Any:
    return np.tile([0.2, 0.5, 0.3], (len(inputs), 1))


def guessing(inputs: Any) -> Any:
    """Another class for every other content of a row."""
    return np.eye(3)[[zlib.crc32(row.tobytes()) % 3 for row in inputs]]


def held(one: Behaviour, trial: Trial, predict: Predict | None = None) -> float:
    ids, held = one.check(replace(trial, predict=predict or trial.predict))
    assert len(ids) == len(held) > 0
    return float(held.mean())


def test_there_are_checks_of_every_kind() -> None:
    kinds = {one.kind for one in BEHAVIOURS}
    assert kinds == {"minimum functionality", "invariance", "directional"}
    assert len({one.name for one in BEHAVIOURS}) == len(BEHAVIOURS)
    assert all(one.why for one in BEHAVIOURS)
    assert HARD
    assert SKILLS
    assert STEADY


@pytest.mark.parametrize("one", HARD, ids=named)
def test_what_is_hard_holds_for_every_row(one: Behaviour, trial: Trial) -> None:
    assert held(one, trial) == 1


@pytest.mark.parametrize("one", SKILLS, ids=named)
def test_a_trained_network_does_better_than_one_that_always_says_the_same(
    one: Behaviour, trial: Trial
) -> None:
    assert held(one, trial) > held(one, trial, constant)


@pytest.mark.parametrize("one", STEADY, ids=named)
def test_a_trained_network_is_steadier_than_one_that_guesses(one: Behaviour, trial: Trial) -> None:
    assert held(one, trial, constant) == 1
    assert held(one, trial) > held(one, trial, guessing)


def test_the_stage_writes_what_held_of_each_row(pipeline: Path, trial: Trial) -> None:
    table = pl.read_parquet(pipeline / "predictions/network/behaviour.parquet")
    assert table.columns == ["check", "kind", "hard", "id", "held"]
    own = behaviours_for(trial.manifest, SETTINGS.behaviour)
    assert table["check"].unique(maintain_order=True).to_list() == [one.name for one in own]
    for one in own:
        rows = table.filter(check=one.name)
        ids, right = one.check(trial)
        assert (rows["id"].to_list(), rows["held"].to_list()) == (ids, right.tolist())


@pytest.mark.slow
def test_with_folds_each_row_is_tried_on_the_network_of_its_fold(folded: Path) -> None:
    table = pl.read_parquet(folded / "predictions/network/behaviour.parquet")
    tested = pl.read_parquet(folded / "predictions/network/test.parquet")
    alone = next(one.name for one in HARD if "alone" in one.name)
    assert sorted(table.filter(check=alone)["id"]) == sorted(tested["id"])
    assert table.filter("hard")["held"].all()


def test_without_rows_nothing_is_tried(pipeline: Path) -> None:
    none = replace(SETTINGS.behaviour, rows=0)
    probes = Probes(pipeline / "data/prepared", Robustness(0), none)
    assert probes.of({None: constant}) == {}
