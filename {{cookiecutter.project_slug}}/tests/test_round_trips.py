"""What is written for another stage, or for people, reads back as it was: whatever it holds."""

import json
import tempfile
from copy import deepcopy
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from kit_facts import small_manifest
from omegaconf import OmegaConf
from polars.testing import assert_frame_equal

from {{ cookiecutter.package_name }}.config import typed
from {{ cookiecutter.package_name }}.experiments.plan import Plan, read_plan
from {{ cookiecutter.package_name }}.experiments.planning import new_plan
from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.records.looks import LEDGER, note_look, read_looks
from {{ cookiecutter.package_name }}.runtime.composition import (
    compose,
    record_overrides,
    recorded_overrides,
)
from {{ cookiecutter.package_name }}.schema import Manifest

TIMES: dict[str, Any] = {"deadline": None, "derandomize": True}
TEXT = some.text(some.characters(exclude_categories=["Cs"]), max_size=12)
NAMES = some.text(some.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8)
SHARES = some.floats(0, 1, exclude_min=True, exclude_max=True, allow_subnormal=False)
VALUES = {
    "seed": some.integers(0, 2**32 - 1),
    "tracking.experiment": TEXT,
    "tracking.enabled": some.booleans(),
    "tracking.timeout": SHARES,
    "optimizer.lr": SHARES,
    "evaluation.margin": SHARES,
    "baselines.trials": some.integers(1, 10**6),
    "baselines.threads": some.none() | some.integers(1, 64),
    "run": some.none() | TEXT,
}
COMPOSED: Any = compose([])
OmegaConf.set_struct(COMPOSED, False)


@pytest.mark.slow
@settings(max_examples=15, **TIMES)
@given(some.fixed_dictionaries({}, optional=VALUES))
def test_a_configuration_is_the_same_after_params_yaml(values: dict[str, Any]) -> None:
    composed = deepcopy(COMPOSED)
    for key, value in values.items():
        OmegaConf.update(composed, key, value)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "params.yaml")
        file.write_text(OmegaConf.to_yaml(composed, resolve=True, sort_keys=False), "utf-8")
        found = typed(OmegaConf.load(file))
    assert found == typed(composed)
    assert all(OmegaConf.select(OmegaConf.structured(found), k) == v for k, v in values.items())


@settings(max_examples=60, **TIMES)
@given(
    some.lists(TEXT, min_size=1, max_size=5, unique=True),
    some.integers(0, 20),
    TEXT,
    some.lists(some.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=4),
)
def test_a_manifest_reads_back_the_same(
    classes: list[str], folds: int, about: str, means: list[float]
) -> None:
    manifest = small_manifest()
    statistics = [replace(manifest.statistics[0], mean=means)] * (folds + 1)
    manifest = replace(manifest, classes=classes, folds=folds, about=about, statistics=statistics)
    with tempfile.TemporaryDirectory() as folder:
        manifest.save(Path(folder))
        assert Manifest.load(Path(folder)) == manifest


@some.composite
def tables(draw: some.DrawFn) -> Predictions:
    ids = draw(some.lists(TEXT, min_size=1, max_size=8, unique=True))
    classes = draw(some.lists(TEXT, max_size=4, unique=True))
    random, rows = np.random.default_rng(draw(some.integers(0, 2**32))), len(ids)
    outputs: Any = random.dirichlet(np.ones(max(len(classes), 1)), rows)
    targets: Any = random.integers(0, len(classes) or 1, rows)
    if not classes:
        outputs, targets = random.normal(0, 1e6, rows), random.normal(0, 1e6, rows)
    fold = draw(some.none() | some.just(random.integers(0, 5, rows)))
    named = draw(some.lists(NAMES.filter(lambda name: name != "group"), max_size=3, unique=True))
    facts = pl.DataFrame({name: random.normal(size=rows) for name in ["group", *named]})
    return Predictions(ids, classes, targets, outputs, fold, facts if named else None)


@settings(max_examples=80, **TIMES)
@given(tables())
def test_a_table_of_predictions_reads_back_the_same(table: Predictions) -> None:
    with tempfile.TemporaryDirectory() as folder:
        table.save(Path(folder, "test.parquet"))
        found = Predictions.load(Path(folder, "test.parquet"))
    assert (found.ids, found.classes) == (table.ids, table.classes)
    np.testing.assert_array_equal(found.targets, table.targets)
    np.testing.assert_array_equal(found.outputs, table.outputs)
    np.testing.assert_array_equal(found.predicted, table.predicted)
    assert (found.fold is None) == (table.fold is None)
    if table.fold is not None:
        np.testing.assert_array_equal(found.fold, table.fold)
    assert (found.facts is None) == (table.facts is None)
    if table.facts is not None and found.facts is not None:
        assert_frame_equal(found.facts, table.facts)


@settings(max_examples=50, **TIMES)
@given(
    some.builds(
        Plan,
        hypothesis=TEXT.filter(str.strip),
        a=some.lists(some.tuples(TEXT, TEXT).map("=".join), max_size=3),
        b=some.lists(some.tuples(TEXT, TEXT).map("=".join), max_size=3),
        metric=some.sampled_from(["accuracy", "mae"]),
        margin=some.integers(1, 999_999).map(lambda millionths: millionths / 1_000_000),
        rows=some.integers(1, 10**9),
        seeds=some.integers(2, 100),
        folds=some.booleans(),
        split=some.sampled_from(["val", "test"]),
        stopping=some.just("fixed"),
        first_seed=some.just(0),
    )
)
def test_a_new_plan_reads_as_what_was_asked_for(plan: Plan) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "wide.yaml")
        file.write_text(new_plan("wide", plan), "utf-8")
        assert read_plan(file) == plan


@settings(max_examples=40, **TIMES)
@given(some.lists(TEXT.filter(lambda word: not word.startswith("resume=")), max_size=4))
def test_the_overrides_of_a_run_are_remembered_word_by_word(overrides: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "runs/one").mkdir(parents=True)
        record_overrides(Path(folder) / "runs/one", overrides)
        assert recorded_overrides(Path(folder), "one") == overrides


@settings(max_examples=40, **TIMES)
@given(some.lists(some.tuples(NAMES, NAMES, TEXT), min_size=1, max_size=4))
def test_looks_are_kept_whatever_a_run_is_called(looks: list[tuple[str, str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for one in looks:
            note_look(Path(folder), *one)
        found = read_looks(Path(folder))
        lines = Path(folder, LEDGER).read_text("utf-8").splitlines()
    first = {one[:2]: one[2] for one in reversed(looks)}
    assert {(look.test_set, look.predictions): look.of for look in found} == first
    assert [json.loads(line) for line in lines] == [asdict(look) for look in found]
