"""Runs by hand stay out of what DVC owns, until `use` makes one the project's own."""

import shutil
from pathlib import Path

import pytest
from import_graph import PACKAGE, stages
from omegaconf import OmegaConf
from project_copy import ProjectCopy, digest

from {{ cookiecutter.package_name }}.runtime.composition import CONF, compose

pytestmark = pytest.mark.slow

# What git and DVC keep for themselves, and where MLflow keeps the runs of a project.
APART = {".git", "tmp", "__pycache__", "mlflow.db", "mlartifacts"}
full = pytest.mark.full
VERBS = sorted(set(stages()) - {"compose"})
WORDS = {"train": ["trainer.max_epochs=1"], "evaluate": ["tracking.enabled=true"]}
DEEP = f"src/{PACKAGE}/conf"  # commands work from any folder of the project


def tree(copy: ProjectCopy, *, without: str = "no run") -> dict[Path, str | None]:
    """A hash of every file, without those of one run."""
    files = [file.relative_to(copy.folder) for file in copy.folder.rglob("*") if file.is_file()]
    kept = [file for file in files if not APART & set(file.parts)]
    return {f: digest(copy.folder / f) for f in kept if f.parts[:2] != ("runs", without)}


def another_network() -> tuple[str, str]:
    """An experiment that changes the network and no data, and the class of its network."""
    usual = compose([])
    for file in sorted((CONF / "experiment").glob("*.yaml")):
        composed = compose([f"experiment={file.stem}"])
        if composed.data == usual.data and composed.model._target_ != usual.model._target_:
            return f"experiment={file.stem}", composed.model._target_
    raise AssertionError("no experiment has another network")


@pytest.mark.parametrize(
    "verb",
    [pytest.param(verb, marks=[] if verb in ("prepare", "train") else full) for verb in VERBS],
)
def test_a_verb_by_hand_writes_to_its_run_only(shared: ProjectCopy, verb: str) -> None:
    before, run = tree(shared), f"by-hand-{verb}"
    (shared.folder / "runs" / run).mkdir()  # a later verb goes on with a run, and never begins one
    printed = shared.verb(verb, f"run={run}", *WORDS.get(verb, []), where=DEEP)
    assert f"wrote to {Path('../../../runs') / run}" in printed
    assert tree(shared, without=run) == before
    for output in stages()[verb].outputs:
        assert digest(shared.folder / "runs" / run / output)


def test_dvc_does_not_look_into_runs(shared: ProjectCopy) -> None:
    (shared.folder / "runs" / "stray").mkdir(parents=True)
    shutil.copy(shared.folder / "dvc.yaml", shared.folder / "runs" / "stray")
    assert shared.status() == {}


def test_composing_by_hand_prints_and_writes_nothing(shared: ProjectCopy) -> None:
    before = tree(shared)
    printed = shared.verb("compose")
    assert printed == (shared.folder / "params.yaml").read_text("utf-8")
    assert tree(shared) == before


@full
def test_a_run_without_a_name_gets_one_and_reads_what_it_made_itself(shared: ProjectCopy) -> None:
    before = tree(shared)
    shared.verb("prepare", "run=own", "data.split.test=0.3")
    shared.verb("audit", "run=own")
    shared.verb("baselines", "run=own")
    shared.verb("prepare")
    new = {file.parts[1] for file in set(tree(shared)) - set(before)}
    assert len(new) == 2
    ours, pipeline = (shared.folder / "runs/own", shared.folder)
    made = "predictions/baselines/dummy/test.parquet"
    assert digest(ours / made) != digest(pipeline / made)


def test_use_makes_a_configuration_the_projects_own(finished: ProjectCopy) -> None:
    before = finished.folder / "params.yaml"
    old = OmegaConf.load(before)
    experiment, target = another_network()
    finished.verb("choices.use", experiment, "evaluation.resamples=150", where=DEEP)
    assert set(finished.status()) == {"compose", "report"}  # the report says what was chosen
    assert finished.repro("compose") == {"compose"}
    assert set(finished.status()) == {"train", "evaluate", "report"}
    new = OmegaConf.load(before)
    assert (new.model._target_, new.evaluation.resamples) == (target, 150)
    assert new.trainer == old.trainer  # what was chosen before still holds
    finished.verb("choices.use", "--reset")
    assert (finished.conf / "current.yaml").read_text("utf-8") == "[]\n"


@full
def test_use_run_adopts_a_run_by_hand(finished: ProjectCopy) -> None:
    finished.verb("baselines", "run=better", "baselines.trials=2")
    finished.verb("evaluate", "run=better")
    finished.verb("choices.use", "run=better")
    assert finished.repro() == {"compose", "baselines", "evaluate", "report"}
    for name in ("predictions/baselines", "reports/metrics.json", "reports/confusion.csv"):
        assert digest(finished.folder / name) == digest(finished.folder / "runs/better" / name)
    assert OmegaConf.load(finished.folder / "params.yaml").run is None
