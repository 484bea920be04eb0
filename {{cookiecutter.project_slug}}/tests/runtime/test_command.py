import re
from pathlib import Path

import pytest
from calling import Invoke
from omegaconf import OmegaConf

from {{ cookiecutter.package_name }}.config import Config
from {{ cookiecutter.package_name }}.runtime.command import command
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.runtime.files import Workspace

calls: list[tuple[Config, Workspace]] = []


@command
def record(config: Config, workspace: Workspace) -> None:
    """Write one file."""
    calls.append((config, workspace))
    with workspace.publishes("reports/note.txt") as file:
        file.write_text(f"seed {config.seed}", "utf-8")


@pytest.fixture(autouse=True)
def _no_calls() -> None:
    calls.clear()


def test_a_run_by_hand_writes_to_its_own_folder_only(project: Path, invoke: Invoke) -> None:
    (project / "reports").mkdir()
    (project / "reports" / "note.txt").write_text("of the pipeline", "utf-8")
    invoke(record, "run=mine", "seed=7")
    run = project / "runs" / "mine"
    assert (run / "reports" / "note.txt").read_text("utf-8") == "seed 7"
    assert OmegaConf.load(run / "config.yaml").seed == 7
    assert sorted(OmegaConf.load(run / "overrides.yaml")) == ["run=mine", "seed=7"]
    assert (project / "reports" / "note.txt").read_text("utf-8") == "of the pipeline"
    assert {path.name for path in project.iterdir()} == {"dvc.yaml", "reports", "runs"}


def test_runs_without_a_name_never_share_a_folder(project: Path, invoke: Invoke) -> None:
    for _ in range(3):
        invoke(record)
    assert len({workspace.output for _, workspace in calls}) == 3
    assert all(workspace.output.parent == project / "runs" for _, workspace in calls)


def test_a_sweep_is_one_run_for_each_value(project: Path, invoke: Invoke) -> None:
    invoke(record, "-m", "seed=1,2")
    assert [config.seed for config, _ in calls] == [1, 2]
    assert len(list((project / "runs").glob("*/config.yaml"))) == 2
    assert {path.name for path in project.iterdir()} == {"dvc.yaml", "runs"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("run=mine", "run=mine: a sweep makes a run for each value"),
        ("trainer=ddp", "trainer.devices=2: expected 1 in a sweep"),
        ("trainer.nodes=2", "trainer.nodes=2: expected 1 in a sweep"),
    ],
)
@pytest.mark.usefixtures("project")
def test_a_sweep_mixes_up_no_runs(argument: str, message: str, invoke: Invoke) -> None:
    with pytest.raises(SystemExit, match=message):
        invoke(record, "-m", "seed=1,2", argument)
    assert calls == []


@pytest.mark.usefixtures("project")
def test_an_empty_word_is_a_mistake_of_the_user(invoke: Invoke) -> None:
    with pytest.raises(SystemExit, match="test_command: "):
        invoke(record, "")


def test_the_command_line_goes_before_the_current_choices(
    project: Path, current: Path, invoke: Invoke
) -> None:
    current.write_text("- seed=3\n- optimizer=sgd\n", "utf-8")
    invoke(record, "run=mine", "seed=4")
    config, _ = calls[0]
    assert (config.seed, config.optimizer.momentum) == (4, 0.9)
    recorded = OmegaConf.load(project / "runs" / "mine" / "overrides.yaml")
    assert sorted(recorded) == ["optimizer=sgd", "run=mine", "seed=4"]


def test_a_stage_reads_params_and_writes_to_the_project_from_any_folder_of_it(
    project: Path, stage_params: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage_params.write_text(
        re.sub("^seed: .*$", "seed: 9", stage_params.read_text("utf-8"), flags=re.MULTILINE),
        "utf-8",
    )
    monkeypatch.chdir(project / "docs")
    invoke(record, "--stage")
    assert (project / "reports" / "note.txt").read_text("utf-8") == "seed 9"


@pytest.mark.usefixtures("project")
def test_only_mistakes_of_the_user_lose_their_traceback(
    invoke: Invoke,
) -> None:
    def fail(error: BaseException, debug: str = "0") -> None:
        @command
        def broken(config: Config, workspace: Workspace) -> None:  # noqa: ARG001
            raise error

        invoke(broken, debug=debug)

    with pytest.raises(ZeroDivisionError):
        fail(ZeroDivisionError())
    with pytest.raises(SystemExit) as caught:
        fail(UserError("no such thing"))
    assert caught.value.code == "test_command: no such thing"
    with pytest.raises(SystemExit) as caught:
        fail(KeyboardInterrupt())
    assert caught.value.code == 130
    with pytest.raises(UserError):
        fail(UserError("no such thing"), debug="1")
