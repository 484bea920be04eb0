import json
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from import_graph import stages

from {{ cookiecutter.package_name }}.experiments import training
from {{ cookiecutter.package_name }}.experiments.training import (
    Training,
    train_missing,
    trainings,
)
from {{ cookiecutter.package_name }}.runtime.errors import PreemptedError, UserError

pytestmark = pytest.mark.slow
NAMES = {"a": "compare-wide-a", "b": "compare-wide-b"}
SIDES = {"a": list[str](), "b": ["optimizer.lr=0.1"]}
HASHES = {"train": "1"}
PROJECT = Path(__file__).parents[2]


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[Training]:
    """What would have been trained, in order; it leaves a model."""
    made: list[Training] = []

    def train(project: Path, one: Training) -> int:
        made.append(one)
        (project / "runs" / one.run / "models/network").mkdir(parents=True)
        return 0

    monkeypatch.setattr(training, "_train", train)
    return made


def planned(project: Path, seeds: int = 2, **changes: Any) -> list[Training]:
    usual: dict[str, Any] = {"sides": SIDES, "names": NAMES, "folds": [None], "hashes": HASHES}
    return trainings(project, seeds=range(seeds), **usual | changes)


def test_both_sides_have_each_seed_and_fold(project: Path) -> None:
    runs = planned(project, folds=[0, 1])
    assert [one.run for one in runs[:4]] == [
        "compare-wide-a-seed0-fold0",
        "compare-wide-b-seed0-fold0",
        "compare-wide-a-seed0-fold1",
        "compare-wide-b-seed0-fold1",
    ]
    assert runs[-1].overrides == ["optimizer.lr=0.1", "seed=1", "data.fold=1"]
    assert [one.overrides for one in planned(project)[::2]] == [["seed=0"], ["seed=1"]]


def test_what_is_trained_is_reused_and_the_rest_made(
    project: Path, trained: list[Training]
) -> None:
    runs = planned(project)
    assert train_missing(project, runs[:1]) == []
    assert train_missing(project, runs) == []
    assert [one.run for one in trained] == [one.run for one in runs]


def test_a_training_that_was_interrupted_is_gone_on_with(
    project: Path, trained: list[Training]
) -> None:
    (run, *_) = planned(project)
    train_missing(project, [run])
    begun = project / "runs" / run.run / "scratch/training"
    begun.mkdir(parents=True)
    (begun / "identity.json").write_text("{}", "utf-8")
    shutil.rmtree(project / "runs" / run.run / "models")
    train_missing(project, [run])
    assert len(trained) == 2
    assert begun.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"sides": SIDES | {"a": ["optimizer.lr=0.2"]}},
        {"hashes": {"train": "2"}},
    ],
    ids=["overrides", "data"],
)
def test_what_was_made_from_something_else_is_made_anew(
    changes: dict[str, Any],
    project: Path,
    trained: list[Training],
    capsys: pytest.CaptureFixture[str],
) -> None:
    train_missing(project, planned(project, seeds=1))
    stray = project / "runs/compare-wide-a-seed0/stray"
    stray.touch()
    train_missing(project, planned(project, seeds=1, **changes))
    assert trained[2].run == "compare-wide-a-seed0"
    assert not stray.exists()
    assert "compare-wide-a-seed0 was made with another" in capsys.readouterr().out


def test_a_run_that_is_no_comparisons_is_left_alone(project: Path, trained: list[Training]) -> None:
    (project / "runs/compare-wide-a-seed0/models/network").mkdir(parents=True)
    with pytest.raises(UserError, match="runs/compare-wide-a-seed0: there is a run of this name"):
        train_missing(project, planned(project))
    assert trained == []


def test_a_training_that_fails_is_told_and_the_others_go_on(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = planned(project)

    def train(_: Path, one: Training) -> int:
        return int(one.run == runs[1].run)

    monkeypatch.setattr(training, "_train", train)
    assert train_missing(project, runs) == [runs[1]]


@pytest.mark.parametrize("ends", [True, False])
def test_a_training_whose_comparison_was_killed_is_waited_for(
    ends: bool, project: Path, trained: list[Training], monkeypatch: pytest.MonkeyPatch
) -> None:
    (first, *_) = planned(project)
    folder = project / "runs" / first.run
    folder.mkdir(parents=True)
    looks: list[Path] = []

    def is_in_use(place: Path) -> bool:
        looks.append(place)
        if len(looks) == 3 and ends:
            (folder / training.NOTE).write_text(json.dumps(first.made_from), "utf-8")
            (folder / "models/network").mkdir(parents=True)
        return len(looks) < 4

    (folder / training.NOTE).write_text(json.dumps(first.made_from), "utf-8")
    monkeypatch.setattr(training, "is_in_use", is_in_use)
    assert train_missing(project, [first]) == []
    assert len(looks) == 4
    assert trained == ([] if ends else [first])


@pytest.mark.parametrize("code", [75, 130, -signal.SIGTERM])
def test_a_training_that_was_told_to_end_ends_the_comparison(
    code: int, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def train(*_: object) -> int:
        return code

    monkeypatch.setattr(training, "_train", train)
    with pytest.raises(PreemptedError, match="the same command goes on from here"):
        train_missing(project, planned(project))


def test_each_is_a_fresh_process_of_the_projects_own_command(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Any] = []

    class Process:
        def __init__(self, command: list[str], *, cwd: Path) -> None:
            started.append((command, cwd))

        def wait(self) -> int:
            return 0

    monkeypatch.setattr(training.subprocess, "Popen", Process)
    (first, *_) = planned(project)
    train_missing(project, [first])
    words = [f"run={first.run}", "resume=auto", "seed=0"]
    package = training.__name__.partition(".")[0]
    assert started == [([sys.executable, "-m", f"{package}.train", *words], project)]
    note = json.loads((project / "runs" / first.run / training.NOTE).read_text("utf-8"))
    assert note == first.made_from


@pytest.mark.parametrize(
    ("sides", "message"),
    [
        ({"a": [], "b": ["seed=3"]}, "b: seed=3: the comparison sets seed itself."),
        ({"a": ["data.fold=1"], "b": []}, "a: data.fold=1: the comparison sets data.fold itself."),
        ({"a": [], "b": []}, "b=: trains the same network as a does."),
        ({"a": [], "b": ["data.split.test=0.3"]}, "b: data.split.test=0.3: changes nothing in"),
        ({"a": [], "b": ["evaluation.level=0.9"]}, "b: evaluation.level=0.9: changes nothing in"),
    ],
)
def test_sides_that_cannot_be_compared_are_refused(
    sides: dict[str, list[str]], message: str, project: Path
) -> None:
    shutil.copy(PROJECT / "dvc.yaml", project / "dvc.yaml")
    with pytest.raises(UserError) as caught:
        planned(project, sides=sides)
    assert str(caught.value).startswith(message)


def test_the_recipe_is_all_that_training_reads() -> None:
    read = {key.partition(".")[0] for key in stages()["train"].params}
    assert set(training.RECIPE) == read - {"resume", "tracking"}
