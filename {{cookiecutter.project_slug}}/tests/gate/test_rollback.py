import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.gate import rollback
from {{ cookiecutter.package_name }}.gate.registry import CHAMPION, Registry
from {{ cookiecutter.package_name }}.gate.verdict import Verdict
from {{ cookiecutter.package_name }}.predictor import Predictor
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.runtime.files import Workspace

pytestmark = [pytest.mark.slow, pytest.mark.ml_test_score("infra-7")]
Gate = Callable[..., bool]


def said(registry: Registry, project: Path, place: Path) -> np.ndarray[Any, Any]:
    """What the model in use says of the test rows."""
    champion = registry.in_use(CHAMPION)
    assert champion is not None
    rows = load_split(project / "data/prepared", "test").inputs
    return Predictor(registry.folder(champion, place)).predict(rows)


@pytest.fixture
def twice(gate: Gate, retrain: Callable[[], None]) -> None:
    """Two promotions, one after the other."""
    assert gate(Verdict.PROMOTE)
    retrain()
    assert gate(Verdict.PROMOTE)


def test_the_champion_before_comes_back_and_says_what_it_said(
    gate: Gate,
    retrain: Callable[[], None],
    registry: Registry,
    workspace: Workspace,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    gate(Verdict.PROMOTE)
    first = said(registry, workspace.project, tmp_path / "a")
    retrain()
    gate(Verdict.PROMOTE)
    second = said(registry, workspace.project, tmp_path / "b")
    assert np.abs(first - second).max() > 0.01
    rollback.roll_back(registry, workspace)
    np.testing.assert_array_equal(said(registry, workspace.project, tmp_path / "c"), first)
    anchor = registry.anchor()
    assert anchor is not None
    assert anchor.number == "1"
    assert "its predictions of" in capsys.readouterr().out
    (file,) = (workspace.project / "records/decisions").glob("*rollback*.json")
    kept = json.loads(file.read_text("utf-8"))
    assert (kept["champion_before"], kept["champion"]) == ("2", "1")


@pytest.mark.usefixtures("twice")
def test_a_version_whose_files_are_others_is_not_put_back(
    registry: Registry, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def another(_: Path) -> str:
        return "another"

    monkeypatch.setattr(rollback, "file_hash", another)
    with pytest.raises(UserError, match="version 1: its files are not those that were judged"):
        rollback.roll_back(registry, workspace)
    champion = registry.in_use(CHAMPION)
    assert champion is not None
    assert champion.number == "2"


@pytest.mark.usefixtures("twice")
def test_a_version_that_predicts_otherwise_is_not_put_back(
    registry: Registry, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    predict = Predictor.predict

    def noisy(self: Predictor, rows: Any) -> Any:
        return predict(self, rows) + 0.001

    monkeypatch.setattr(Predictor, "predict", noisy)
    with pytest.raises(UserError, match=r"version 1: its predictions differ by up to 0\.001"):
        rollback.roll_back(registry, workspace)


def test_without_a_champion_before_there_is_nothing_to_go_back_to(
    gate: Gate, registry: Registry, workspace: Workspace
) -> None:
    with pytest.raises(UserError, match="there is no champion yet"):
        rollback.roll_back(registry, workspace)
    gate(Verdict.PROMOTE)
    with pytest.raises(UserError, match="version 1 is the first champion"):
        rollback.roll_back(registry, workspace)
