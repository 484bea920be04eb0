import json
import shutil
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from calling import Invoke

from {{ cookiecutter.package_name }} import audit, baselines, train
from {{ cookiecutter.package_name }}.choices import use
from {{ cookiecutter.package_name }}.leaks import evidence
from {{ cookiecutter.package_name }}.leaks.finding import Finding, Kind
from {{ cookiecutter.package_name }}.runtime.composition import (
    current_overrides,
    recorded_overrides,
)
from {{ cookiecutter.package_name }}.runtime.files import run_workspace, stage_workspace

COPIES = Finding(Kind.duplicates, "3 rows of test are copies of rows of train", 3, ["a", "b"])
TELLING = Finding(Kind.telling, "the column `code` tells the target", 60, ["code"])


@pytest.fixture
def leaking(project: Path, prepared: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose prepared data leak in two ways."""
    seen: list[Path] = []

    def find_leaks(folder: Path) -> list[Finding]:
        seen.append(folder)
        return [COPIES, TELLING]

    shutil.copytree(prepared, project / "data" / "prepared")
    monkeypatch.setattr(evidence, "find_leaks", find_leaks)
    return project


def written(project: Path) -> list[dict[str, Any]]:
    return json.loads((project / "runs/one/reports/audit.json").read_text("utf-8"))


def test_data_without_a_leak_pass_and_the_file_says_so(pipeline: Path) -> None:
    assert (pipeline / "reports/audit.json").read_text("utf-8") == "[]\n"


@pytest.mark.parametrize("accept", ["[]", "[duplicates]", "[groups]"])
def test_a_leak_is_refused_in_its_own_words_and_nothing_is_written(
    accept: str, leaking: Path, invoke: Invoke
) -> None:
    with pytest.raises(SystemExit) as caught:
        invoke(audit.main, "run=one", f"audit.accept={accept}")
    message = str(caught.value.code)
    assert message.startswith("audit: these data would make a model look better than it is:\n")
    assert f"- {TELLING.message}" in message
    assert (f"- {COPIES.message}" in message) == (accept != "[duplicates]")
    assert not (leaking / "runs").exists() or not list((leaking / "runs").iterdir())


def test_a_refusal_leaves_an_older_audit_and_what_it_accepted(
    leaking: Path, invoke: Invoke
) -> None:
    invoke(audit.main, "run=one", "audit.accept=[duplicates,telling]")
    before = written(leaking)
    with pytest.raises(SystemExit, match="look better than it is"):
        invoke(audit.main, "run=one", "audit.accept=[]")
    assert written(leaking) == before
    assert "audit.accept=[duplicates,telling]" in recorded_overrides(leaking, "one")


@pytest.mark.slow
@pytest.mark.parametrize("verb", [train, baselines], ids=["train", "baselines"])
def test_nothing_is_trained_on_data_that_were_not_audited(
    verb: ModuleType, leaking: Path, invoke: Invoke
) -> None:
    with pytest.raises(SystemExit, match=r"reports/audit.json: not there yet. `uv run dvc repro a"):
        invoke(verb.main, "run=one")
    invoke(audit.main, "run=two", "audit.accept=[duplicates,telling]")
    with stage_workspace(leaking, "audit").publishes("reports/audit.json") as file:
        file.write_text("[]\n", "utf-8")
    with run_workspace(leaking, "two").publishes("data/prepared") as folder:
        folder.mkdir()
    with pytest.raises(SystemExit, match=r"reports/audit.json: .*`uv run audit run=two` makes it"):
        invoke(verb.main, "run=two")


def test_accepted_kinds_pass_and_are_recorded(
    leaking: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    invoke(audit.main, "run=one", "audit.accept=[telling,duplicates]")
    assert written(leaking) == [
        {"kind": "duplicates", "rows": 3, "message": COPIES.message},
        {"kind": "telling", "rows": 60, "message": TELLING.message},
    ]
    printed = capsys.readouterr().out
    assert f"accepted by audit.accept: {COPIES.message}" in printed
    assert "only accepted leaks found" in printed


def test_the_command_that_a_refusal_names_accepts_what_was_found(
    leaking: Path, invoke: Invoke
) -> None:
    with pytest.raises(SystemExit) as caught:
        invoke(audit.main, "run=one", "audit.accept=[groups]")
    command = str(caught.value.code).partition("`uv run use '")[2].partition("'`")[0]
    assert command == "audit.accept=[duplicates,groups,telling]"
    invoke(use.main, command)
    assert current_overrides() == [command]
    invoke(audit.main, "run=one")
    assert len(written(leaking)) == 2


@pytest.mark.usefixtures("leaking")
def test_an_unknown_kind_is_refused_with_the_nearest(invoke: Invoke) -> None:
    with pytest.raises(SystemExit, match=r"audit.accept=duplicate: unknown. Did you mean 'duplica"):
        invoke(audit.main, "audit.accept=[duplicate]")
