import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from {{ cookiecutter.package_name }}.gate import contender
from {{ cookiecutter.package_name }}.gate.registry import CHAMPION, Registry, Version
from {{ cookiecutter.package_name }}.gate.verdict import Verdict
from {{ cookiecutter.package_name }}.measures.tables import load_evidence
from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.runtime.files import Workspace

Gate = Callable[..., bool]


@pytest.fixture
def champion(gate: Gate, registry: Registry) -> Version:
    gate(Verdict.PROMOTE)
    found = registry.in_use(CHAMPION)
    assert found is not None
    return found


def load_test(workspace: Workspace) -> Predictions:
    return Predictions.load(workspace.reads("predictions/network") / "test.parquet")


@pytest.mark.slow
def test_on_the_same_rows_its_own_predictions_are_taken(
    registry: Registry, champion: Version, workspace: Workspace, tmp_path: Path
) -> None:
    table, prepared = load_test(workspace), workspace.reads("data/prepared")
    found = contender.registered(registry, champion, table, prepared, {}, tmp_path / "x")
    np.testing.assert_array_equal(found.table.outputs, table.outputs)
    assert found.evidence is not None
    assert found.evidence.corrupted


@pytest.mark.slow
def test_other_rows_are_predicted_anew_where_the_split_is_the_same(
    registry: Registry, champion: Version, workspace: Workspace, tmp_path: Path
) -> None:
    table, prepared = load_test(workspace), workspace.reads("data/prepared")
    parameters = registry.parameters(champion)
    monkey = replace(table, ids=[f"other-{name}" for name in table.ids])
    with pytest.raises(UserError, match="knows other classes or rows"):
        contender.registered(registry, champion, monkey, prepared, parameters, tmp_path / "x")
    evidence = registry.evidence(champion, tmp_path / "y")
    assert evidence is not None
    kept = Predictions.load(evidence / "test.parquet")
    fewer = kept.select(np.arange(3))
    fewer.save(Path(evidence) / "test.parquet")
    registry.keep_evidence(champion, evidence)  # as if it had been judged on other rows
    found = contender.registered(registry, champion, table, prepared, parameters, tmp_path / "z")
    np.testing.assert_allclose(found.table.outputs, table.outputs, atol=1e-6)
    assert found.evidence is None
    changed = parameters | {"data.split.salt": "5"}
    with pytest.raises(UserError, match=r"trained with another data\.split\.salt: rows of this"):
        contender.registered(registry, champion, table, prepared, changed, tmp_path / "w")


def test_a_split_is_another_one_by_its_parameters() -> None:
    before = {"data.split.test": "0.2", "data.group": "None", "seed": "0"}
    assert contender.other_split(before, before | {"seed": "1"}) == []
    assert contender.other_split(before, before | {"data.split.test": "0.3"}) == ["data.split.test"]
    assert contender.other_split(before, {"data.split.test": "0.2"}) == ["data.group"]


def test_parameters_are_written_as_mlflow_has_them() -> None:
    params = {"data": {"split": {"val": 0.15, "folds": None}, "group": None}, "seed": 0}
    assert contender.split_parameters(params) == {
        "data.split.val": "0.15",
        "data.split.folds": "None",
        "data.group": "None",
        "seed": "0",
    }


@pytest.mark.slow
def test_the_first_model_is_held_against_the_best_baseline(workspace: Workspace) -> None:
    evidence = load_evidence(
        workspace.reads("predictions/network"), workspace.reads("predictions/baselines")
    )
    metrics = json.loads(workspace.reads("reports/metrics.json").read_text("utf-8"))
    found = contender.best_baseline(evidence, metrics)
    assert found.name == metrics["comparison"]["best_baseline"]
    assert found.table is evidence.test[found.name]
    assert found.folder is None
