"""A run by hand that goes through several verbs: one configuration, and never another's files."""

import importlib
from pathlib import Path

import pytest
from calling import Invoke
from omegaconf import OmegaConf

from {{ cookiecutter.package_name }}.runtime import command, composition, files
from {{ cookiecutter.package_name }}.runtime.errors import UserError


@pytest.fixture
def run(project: Path) -> files.Workspace:
    return files.run_workspace(project, "mine")


def make(workspace: files.Workspace, name: str, content: str = "") -> None:
    with workspace.publishes(name) as path:
        path.mkdir()
        (path / "content").write_text(content, "utf-8")


def do_nothing(_: object, workspace: files.Workspace) -> None:
    """Leave a run with its record."""
    workspace.output.joinpath("done").touch()


def test_what_the_pipeline_made_of_other_files_is_not_read(run: files.Workspace) -> None:
    stage = files.stage_workspace(run.project, "score")
    make(stage, "predictions/network", "of the pipeline's model")
    make(run, "models/network")
    with pytest.raises(UserError, match=r"its own models/network.*`uv run score run=mine`"):
        run.reads("predictions/network")


def test_what_the_pipeline_made_of_the_same_files_is_read(run: files.Workspace) -> None:
    stage = files.stage_workspace(run.project, "baselines")
    make(stage, "predictions/baselines")
    make(run, "models/network")
    made = run.reads("predictions/baselines")
    assert made == run.project / "predictions/baselines"


def test_a_remade_input_takes_what_was_made_from_the_old_one_away(run: files.Workspace) -> None:
    for name in ("data/prepared", "models/network", "predictions/network", "reports/report.html"):
        make(run, name)
    make(run, "models/network", "new")
    assert not (run.output / "predictions/network").exists()
    assert not (run.output / "reports/report.html").exists()
    assert (run.output / "data/prepared").exists()


def test_a_stage_takes_nothing_of_a_later_stage_away(project: Path) -> None:
    stage = files.stage_workspace(project, "train")
    make(stage, "predictions/network")
    make(stage, "models/network")
    assert (project / "predictions/network").exists()


def test_a_later_verb_of_a_run_goes_on_with_its_configuration(
    project: Path, invoke: Invoke
) -> None:
    seen = []

    def main(_: object, workspace: files.Workspace) -> None:
        seen.append(OmegaConf.load(workspace.config_file))

    verb = command.command(main)
    invoke(verb, "run=mine", "optimizer=sgd", "seed=3")
    invoke(verb, "run=mine", "trainer.patience=2")
    assert seen[1].seed == 3
    assert seen[1].trainer.patience == 2
    assert seen[1].optimizer._target_ == "torch.optim.SGD"
    assert "seed=3" in composition.recorded_overrides(project, "mine")


def test_a_run_does_not_follow_choices_that_were_made_after_it(
    project: Path, current: Path, invoke: Invoke
) -> None:
    verb = command.command(do_nothing)
    current.write_text("- seed=3\n", "utf-8")
    invoke(verb, "run=mine")
    current.write_text("- seed=4\n- optimizer=sgd\n", "utf-8")
    invoke(verb, "run=mine")
    assert composition.recorded_overrides(project, "mine") == ["seed=3", "run=mine"]


def test_a_value_that_a_verb_does_not_read_is_not_recorded(
    project: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    OmegaConf.save({"stages": {"train": {"params": ["model"]}}}, project / "dvc.yaml")
    verb = command.command(do_nothing)
    invoke(verb, "run=mine", "model.dropout=0.5", "seed=1")
    assert "model.dropout=0.5 changes nothing here; it is for train" in capsys.readouterr().out
    assert composition.recorded_overrides(project, "mine") == ["run=mine", "seed=1"]


def test_a_value_that_a_verb_does_not_read_must_be_right_all_the_same(
    project: Path, invoke: Invoke
) -> None:
    OmegaConf.save({"stages": {"train": {"params": ["model"]}}}, project / "dvc.yaml")
    with pytest.raises(SystemExit, match=r"model\.dropout=2"):
        invoke(command.command(do_nothing), "model.dropout=2")
    assert not list((project / "runs").glob("*"))


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["score", "evaluate", "report"])
def test_what_goes_on_from_a_network_needs_a_run_that_is_there(
    project: Path, invoke: Invoke, verb: str
) -> None:
    invoke(command.command(do_nothing), "run=resnet")
    made = importlib.import_module(f"{{ cookiecutter.package_name }}.{verb}").main
    with pytest.raises(SystemExit, match=r"run=resnt: no such run. Did you mean 'resnet'\?"):
        invoke(made, "run=resnt")
    assert [run.name for run in (project / "runs").iterdir()] == ["resnet"]


def test_what_a_run_began_itself_is_not_taken_from_the_pipeline(run: files.Workspace) -> None:
    for name, verb in (("data/raw", "ingest"), ("data/prepared", "prepare")):
        make(files.stage_workspace(run.project, verb), name)
    run.output.mkdir(parents=True)
    assert run.reads("data/prepared") == run.project / "data/prepared"
    run.begins("ingest")
    with pytest.raises(UserError, match="`uv run ingest run=mine` makes it"):
        run.reads("data/raw")
    with pytest.raises(UserError, match="`uv run prepare run=mine` makes it"):
        run.reads("data/prepared")


def test_what_fails_keeps_the_record_of_what_is_there(project: Path, invoke: Invoke) -> None:
    def fail(_: object, workspace: files.Workspace) -> None:
        raise UserError(f"no luck in {workspace.output.name}")

    invoke(command.command(do_nothing), "run=mine", "seed=3")
    make(files.run_workspace(project, "mine"), "models/network")
    for name in ("mine", "other"):
        with pytest.raises(SystemExit, match=f"no luck in {name}"):
            invoke(command.command(fail), f"run={name}", "seed=4")
    assert composition.recorded_overrides(project, "mine") == ["run=mine", "seed=3"]
    assert [path.name for path in (project / "runs").iterdir()] == ["mine"]


def test_a_value_for_another_verb_is_pointed_out(project: Path) -> None:
    stages = {
        "prepare": {"params": ["data.split"]},
        "train": {"params": ["optimizer", "seed"]},
    }
    OmegaConf.save({"stages": stages}, project / "dvc.yaml")
    given = ["data.split.val=0.2", "optimizer.lr=0.1", "seed=1", "run=mine"]
    assert composition.unread_overrides(project, "train", given) == {
        "data.split.val=0.2": ["prepare"]
    }
