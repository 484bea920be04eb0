"""The command: what it refuses before the first trial, and what a whole search leaves."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import optuna
import pytest
from calling import Invoke
from optuna.trial import TrialState
from searches import SHORT

from {{ cookiecutter.package_name }}.search import driver, experiment, outcome, tune
from {{ cookiecutter.package_name }}.search.orphans import Orphans
from {{ cookiecutter.package_name }}.search.space import overrides_of
from {{ cookiecutter.package_name }}.search.storage import JOURNAL, open_storage
from {{ cookiecutter.package_name }}.search.study import READY, TERMS

SPACE = """# @package _global_
tune:
  trials: 4
  quasi_random: 3
  seeds: 2
  space:
    {}
"""
LR = "optimizer.lr: {low: 0.001, high: 0.05, log: true}"
Tune = Callable[..., None]


@pytest.fixture
def search(conf: Path, ready: Path, invoke: Invoke, current: Path) -> Tune:
    """Search over a space of one line: ``search("optimizer.lr: ...", "tune.trials=3")``."""
    current.write_text("".join(f"- {word}\n" for word in SHORT), "utf-8")
    assert ready

    def call(space: str, *words: str) -> None:
        (conf / "search/mine.yaml").write_text(SPACE.format(space), "utf-8")
        invoke(tune.main, "search=mine", *words)

    return call


@pytest.fixture
def untried(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a trial was begun")

    monkeypatch.setattr(driver, "start", never)


@pytest.mark.slow
@pytest.mark.usefixtures("untried")
@pytest.mark.parametrize(
    ("space", "words", "message"),
    [
        ("{}", [], r"tune\.space: empty"),
        ("optimizer.lrr: [1, 2]", [], r"optimizer\.lrr: unknown key\. Did you mean 'lr'\?"),
        ("optimizr.lr: [1, 2]", [], "optimizr: unknown key. Did you mean 'optimizer'"),
        ("optimizer.lr: {low: 0.1, high: a}", [], r"lr\.high=a: expected a number"),
        ("optimizer.lr: {low: -1, high: 1}", [], r"optimizer\.lr=-1\.0: expected a number above 0"),
        ("optimizer.lr: {low: 0.2, high: 0.1}", [], r"low=0\.2 is not below high=0\.1"),
        ("trainer.max_epochs: {low: 1.5, high: 3}", [], "trainer.max_epochs: Value '1.5'"),
        ("optimizer: [adamw, sgdd]", [], "optimizer=sgdd: unknown choice. Did you mean 'sgd'"),
        ("evaluation.level: [0.9, 0.95]", [], r"evaluation\.level: changes nothing in training"),
        (LR, ["tune.metric=val/los"], r"val/los: unknown\. Did you mean 'val/loss'\?"),
        (LR, ["tune.trials=0"], r"tune\.trials=0: expected a whole number above 0"),
        (LR, ["tune.pruner=medium"], r"tune\.pruner=medium: unknown\. Did you mean 'median'"),
        (LR, ["tune.storage=mysql://me:pw@host/x"], r"tune\.storage=\.\.\.@\.\.\.: expected no pa"),
        (LR, ["tune.storage=nonsense"], r"tune\.storage=nonsense: expected an address"),
        (LR, ["tune.study=a/b"], "a/b: expected a name of letters"),
        (LR, ["evaluation.level=0.9"], "changes nothing in training, only in evaluate"),
        (LR, ["run=one"], "run=one: not of a search"),
        (LR, ["-m"], "-m: expected KEY=VALUE"),
        (LR, ["seach=mine"], "seach: unknown key. Did you mean 'search'"),
        (LR, ["trainer=ddp", "data.batch_size=3"], r"data\.batch_size=3: expected 4 or more"),
    ],
)  # fmt: skip
def test_what_cannot_be_searched_is_one_error_before_the_first_trial(
    space: str, words: list[str], message: str, search: Tune
) -> None:
    with pytest.raises(SystemExit, match=message) as caught:
        search(space, *words)
    assert "\n" not in str(caught.value.code)


@pytest.mark.usefixtures("untried")
def test_an_experiment_that_it_would_overwrite_is_told_before_the_first_trial(
    search: Tune, conf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(experiment, "CONF", conf)
    (conf / "experiment/mine.yaml").write_text("# my own\n", "utf-8")
    with pytest.raises(SystemExit, match=r"experiment/mine\.yaml: not written by a search"):
        search(LR)


@pytest.mark.slow
@pytest.mark.usefixtures("untried")
def test_a_study_about_something_else_is_left_as_it_is(search: Tune, ready: Path) -> None:
    folder = ready / "runs/tune/mine"
    begun = optuna.create_study(storage=open_storage(None, folder), study_name="mine")
    begun.set_user_attr(TERMS, {"metric": "val/other"})
    begun.set_user_attr(READY, {"points": 3, "first": True})
    before = (folder / JOURNAL).read_text("utf-8")
    with pytest.raises(SystemExit, match=r"tune\.study=mine: .*begin another study: .*mine-2"):
        search(LR)
    assert (folder / JOURNAL).read_text("utf-8") == before
    assert not (folder / "config.yaml").exists()


def test_without_words_it_says_what_there_is(
    invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    invoke(tune.main)
    said = capsys.readouterr().out
    assert "tune search=NAME" in said
    assert re.search(r"^Searches: .*quick", said, re.MULTILINE)


@pytest.mark.slow
def test_a_whole_search_leaves_a_page_and_numbers_and_a_second_one_tries_nothing(
    ready: Path,
    invoke: Invoke,
    current: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    compared: list[list[str]] = []

    def compare(_: Path, chosen: list[str], __: object) -> dict[str, object]:
        compared.append(chosen)
        return {"verdict": "same", "sentence": "nothing to compare here"}

    def search() -> None:
        invoke(tune.main, "search=quick", "tune.trials=4", "tune.quasi_random=3", "tune.workers=2")

    current.write_text("".join(f"- {word}\n" for word in SHORT), "utf-8")
    monkeypatch.setattr(outcome, "compare_with_current", compare)
    search()
    folder = ready / "runs/tune/quick"
    assert "tune: quick, 0 of 4 trials have ended" in capfd.readouterr().out
    found = json.loads((folder / "result.json").read_text("utf-8"))
    assert len(found["trials"]) == 4
    complete = [one for one in found["trials"] if one["value"] is not None]
    best = min(complete, key=lambda one: one["value"])
    assert found["best"] == {"trial": best["number"], "value": best["value"]}
    assert compared == [["search=quick", *overrides_of(best["params"])]]
    assert "Nothing to compare here." in (ready / "reports/search.html").read_text("utf-8")
    before = (folder / JOURNAL).read_text("utf-8")
    search()
    assert (folder / JOURNAL).read_text("utf-8") == before


@pytest.mark.slow
def test_who_ends_while_others_are_at_work_leaves_the_judgement_to_them(
    ready: Path, invoke: Invoke, current: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    def search() -> None:
        invoke(tune.main, "search=quick", "tune.trials=1")

    current.write_text("".join(f"- {word}\n" for word in SHORT), "utf-8")
    search()
    folder, page = ready / "runs/tune/quick", ready / "reports/search.html"
    study = optuna.load_study(study_name="quick", storage=open_storage(None, folder))
    other = Orphans(study, folder)
    page.unlink()
    with other.at_work():
        trial = study.ask()
        other.claim(trial)
        other.folder_of(trial.number).mkdir()
        search()
    assert "others are still at work (trial 1); whoever ends last judges" in capfd.readouterr().out
    assert not page.exists()
    study.tell(trial, state=TrialState.FAIL)
    search()
    assert page.exists()


@pytest.mark.slow
def test_trials_that_cannot_work_end_the_search_with_their_reason(
    search: Tune, ready: Path
) -> None:
    with pytest.raises(SystemExit, match=r"first \d trials failed, the last one: search=mine: unk"):
        search(LR)  # which other processes do not find: the folder of this test is not theirs
    assert not (ready / "reports/search.html").exists()
