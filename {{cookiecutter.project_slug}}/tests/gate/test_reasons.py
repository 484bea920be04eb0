import json
from pathlib import Path
from typing import Any

import pytest
from calling import Invoke

from {{ cookiecutter.package_name }}.gate import gate as command
from {{ cookiecutter.package_name }}.gate.reasons import REASONS, check_reason
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.stats.intervals import Interval


@pytest.fixture
def models(tmp_path: Path) -> tuple[Path, Path]:
    """A challenger with 70 parameters, and a champion with 100."""
    facts: list[dict[str, Any]] = [
        {"parameters": 70, "data_hashes": {"train": "new"}},
        {"parameters": 100, "data_hashes": {"train": "old"}},
    ]
    folders = tmp_path / "new", tmp_path / "old"
    for folder, content in zip(folders, facts, strict=True):
        folder.mkdir()
        (folder / "model.json").write_text(json.dumps(content), "utf-8")
    return folders


def timed(ratio: float) -> dict[str, Interval]:
    return {"p50": Interval(ratio, ratio - 0.1, ratio + 0.1, "", 9)}


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_that_holds_is_told_in_words(reason: str, models: tuple[Path, Path]) -> None:
    assert REASONS[reason] in check_reason(reason, *models, timed(0.7))


@pytest.mark.parametrize("reason", ["cheaper", "simpler", "faster", "fresher"])
def test_a_reason_that_the_numbers_speak_against_is_refused(
    reason: str, models: tuple[Path, Path]
) -> None:
    _, old = models
    with pytest.raises(UserError, match=rf"reason={reason}: expected that .* 1\.10 of the time"):
        check_reason(reason, old, old, timed(1.1))


def test_without_a_time_nothing_is_faster(models: tuple[Path, Path]) -> None:
    with pytest.raises(UserError, match="reason=faster: expected that"):
        check_reason("faster", *models, {})


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("rolback", "gate: rolback: unknown. Did you mean 'rollback'?"),
        ("reason=fster", "gate: reason=fster: unknown. Did you mean 'faster'?"),
        ("show=1", "gate: show=1: unknown."),
    ],
)
@pytest.mark.usefixtures("project")
def test_a_typo_gets_one_line(argument: str, message: str, invoke: Invoke) -> None:
    with pytest.raises(SystemExit) as refused:
        invoke(command.main, argument)
    assert str(refused.value).startswith(message)


@pytest.mark.usefixtures("project")
def test_before_the_pipeline_has_run_the_gate_says_what_to_do(invoke: Invoke) -> None:
    with pytest.raises(SystemExit, match=r"params\.yaml: not there yet"):
        invoke(command.main)
