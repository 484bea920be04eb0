"""`train resume=auto`: which run goes on, with which choices, and what is said of it."""

import os
from pathlib import Path

import pytest
from calling import Invoke

from {{ cookiecutter.package_name }}.choices import use
from {{ cookiecutter.package_name }}.config import Config, Resume
from {{ cookiecutter.package_name }}.runtime import arguments, command, composition
from {{ cookiecutter.package_name }}.runtime.arguments import (
    interrupted_runs,
    read_arguments,
)
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.runtime.files import Workspace
from {{ cookiecutter.package_name }}.runtime.processes import only_command_in

RESUME = "resume=auto"


def begun(project: Path, name: str, seconds: int, *overrides: str) -> Path:
    """A run whose training began so many seconds ago, and has not ended."""
    notes = project / "runs" / name / arguments.NOTES
    notes.parent.mkdir(parents=True)
    notes.touch()
    then = notes.stat().st_mtime - seconds
    os.utime(notes, (then, then))
    composition.record_overrides(project / "runs" / name, [f"run={name}", *overrides])
    return notes


@pytest.fixture
def train() -> command.Main:
    def main(config: Config, workspace: Workspace) -> None:
        (workspace.output / "done").write_text(config.resume.value, "utf-8")

    main.__module__ = "{{ cookiecutter.package_name }}.train"
    return main


def test_the_latest_run_that_has_not_ended_goes_on_with_its_choices(project: Path) -> None:
    begun(project, "older", 200, "seed=1")
    begun(project, "latest", 100, "seed=2", "optimizer=sgd")
    begun(project, "ended", 0, "seed=3").unlink()
    assert interrupted_runs(project) == ["older", "latest"]
    _, overrides, notes = read_arguments("train", [RESUME])
    assert set(overrides) == {"run=latest", "seed=2", "optimizer=sgd", RESUME}
    assert notes[0] == "going on in runs/latest"


def test_what_is_being_trained_now_was_not_interrupted(project: Path) -> None:
    begun(project, "older", 200, "seed=1")
    with only_command_in(begun(project, "latest", 100, "seed=2").parents[2]):
        assert interrupted_runs(project) == ["older"]
    assert interrupted_runs(project) == ["older", "latest"]


def test_a_name_goes_before_the_latest(project: Path) -> None:
    begun(project, "older", 200, "seed=1")
    begun(project, "latest", 100, "seed=2")
    _, overrides, notes = read_arguments("train", ["run=older", RESUME])
    assert set(overrides) == {"run=older", "seed=1", RESUME}
    assert notes[0] == "going on in runs/older"


def test_where_nothing_was_interrupted_a_new_run_begins(project: Path) -> None:
    _, overrides, notes = read_arguments("train", [RESUME, "seed=4"])
    assert set(overrides) == {RESUME, "seed=4"}
    assert notes == ["nothing to go on with; begins anew"]
    assert interrupted_runs(project) == []


def test_a_run_that_has_nothing_to_go_on_with_is_not_said_to(project: Path) -> None:
    begun(project, "ended", 0, "seed=3").unlink()
    for name in ("ended", "new"):
        *_, notes = read_arguments("train", [f"run={name}", RESUME])
        assert not any("going on in" in note for note in notes)


def test_without_being_asked_nothing_goes_on(project: Path) -> None:
    begun(project, "latest", 100, "seed=2")
    assert read_arguments("train", ["seed=4"]) == ([], ["seed=4"], [])
    assert read_arguments("score", [RESUME])[1] == [RESUME]


def test_a_sweep_begins_runs_of_its_own(project: Path) -> None:
    begun(project, "latest", 100, "seed=2")
    options, overrides, _ = read_arguments("train", ["-m", RESUME, "seed=1,2"])
    assert (options, set(overrides)) == (["-m"], {RESUME, "seed=1,2"})
    with pytest.raises(UserError, match="run=latest: a sweep makes a run for each value"):
        read_arguments("train", ["-m", RESUME, "run=latest"])


def test_whether_it_goes_on_is_asked_anew_each_time(
    project: Path, invoke: Invoke, train: command.Main
) -> None:
    verb = command.command(train)
    invoke(verb, "run=mine", "seed=5", RESUME)
    done = project / "runs" / "mine" / "done"
    assert done.read_text("utf-8") == Resume.auto.value
    assert composition.recorded_overrides(project, "mine") == ["run=mine", "seed=5"]
    invoke(verb, "run=mine")
    assert done.read_text("utf-8") == Resume.never.value


def test_it_is_no_choice_of_the_project(project: Path, invoke: Invoke, train: command.Main) -> None:
    invoke(command.command(train), "run=mine", "seed=5", RESUME)
    invoke(use.main, "run=mine")
    assert composition.current_overrides() == ["seed=5"]
    (project / "runs" / "mine" / composition.RECORD).write_text(f"- {RESUME}\n- seed=6\n", "utf-8")
    invoke(use.main, "run=mine")
    invoke(use.main, RESUME, "optimizer=sgd")
    assert sorted(composition.current_overrides()) == ["optimizer=sgd", "seed=6"]
