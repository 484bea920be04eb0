"""The whole of what debug-one says of one example, where numbers break, and what it refuses."""

import difflib
import os
import re
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import torch
from calling import Invoke
from small_data import CLASSES

from {{ cookiecutter.package_name }}.debugging import debug_one

SNAPSHOT = Path(__file__).with_name("debug_one.txt")
# What differs between machines, versions of a library, or the example that is a test row there.
VARYING = [
    (r"\b[0-9a-f]{32}\b", "MD5"),
    (r"^  \|.*\|\n", ""),  # the picture
    (r"[-+]?\d+\.\d+(e-\d+)?|\b\d+%", "#"),
    (r"(row|category) \d+", r"\1 #"),
    (r"from (#|\d+) to (#|\d+)", "from # to #"),
    (r"[\d,]+ bytes", "# bytes"),
    (r"(# +)+", "# "),
    (r"(prediction|ahead of) .*(, target|; no threshold)", r"\1 CLASS\2"),
    (r"(: |\()(right|WRONG)\b", r"\1RIGHT OR WRONG"),
    (r"(test: ).*(  \()", r"\1CLASS\2"),
    (r"they begin with .*", "they begin with #"),
]


@pytest.fixture
def ready(pipeline: Path, project: Path) -> Path:
    """A project in which the small pipeline ran."""
    shutil.copytree(pipeline, project, dirs_exist_ok=True)
    return project


def example(project: Path, split: str = "test") -> str:
    """The first example of a split that is of the first class."""
    samples = pl.read_parquet(project / "data/prepared/samples.parquet").filter(split=split)
    label = "label" if "label" in samples.columns else "target"
    return str(samples.filter(pl.col(label) == CLASSES[0])["id"][0])


def normalised(told: str, name: str) -> str:
    """What is the same wherever the test runs."""
    text = told.replace(name, "EXAMPLE")
    for pattern, replacement in VARYING:
        text = re.sub(pattern, replacement, text, flags=re.MULTILINE)
    return text


@pytest.mark.ml_test_score("infra-5")
def test_every_stage_of_one_example_is_told(
    ready: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    """After a change that is meant so: UPDATE_SNAPSHOTS=1 uv run pytest tests/debugging."""
    name = example(ready)
    invoke(debug_one.main, name)
    told = normalised(capsys.readouterr().out, name)
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(told, "utf-8", newline="\n")
    known = SNAPSHOT.read_text("utf-8")
    assert list(difflib.unified_diff(known.splitlines(), told.splitlines(), lineterm="")) == []


def test_the_command_works_from_below_with_a_path_and_by_another_model(
    ready: Path,
    invoke: Invoke,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name = example(ready)
    shutil.copytree(ready / "models/network", ready / "another")
    monkeypatch.chdir(ready / "docs" if (ready / "docs").is_dir() else ready / "data")
    invoke(debug_one.main, f"data/raw/{name}", "model=another")
    told = capsys.readouterr().out
    assert told.startswith(f"{name}, through another\n")
    assert "from the pipeline's model, not from this one" in told


def test_a_training_row_is_called_one(
    ready: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    invoke(debug_one.main, example(ready, "train"))
    told = capsys.readouterr().out
    assert "a TRAINING row" in told
    assert "no stored prediction" in told


def state_of(project: Path) -> dict[str, Any]:
    return torch.load(project / "models/network/state.ckpt", weights_only=True)["state_dict"]


def plant(project: Path, name: str) -> None:
    """Make every weight of one name NaN."""
    state = state_of(project)
    state[name] = torch.full_like(state[name], float("nan"))
    torch.save({"state_dict": state}, project / "models/network/state.ckpt")


@pytest.mark.ml_test_score("infra-5")
def test_planted_weights_that_are_no_numbers_are_shown_where_they_begin(
    ready: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    inner = [name for name in state_of(ready) if re.fullmatch(r"network\.\w+\.\d+\.weight", name)]
    name = example(ready)
    assert len(inner) >= 2
    for weight in inner[:2]:
        state = (ready / "models/network/state.ckpt").read_bytes()
        plant(ready, weight)
        invoke(debug_one.main, name)
        lines = capsys.readouterr().out.splitlines()
        first = next(number for number, line in enumerate(lines) if "NOT FINITE" in line)
        assert lines[first].split()[0] == weight.removesuffix(".weight")
        assert f"{weight} holds some" in lines[first + 1]
        assert any("program.pt2, which predicts, says SOMETHING ELSE" in line for line in lines)
        (ready / "models/network/state.ckpt").write_bytes(state)


def test_a_stale_table_is_told(
    ready: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    file = ready / "predictions/network/test.parquet"
    columns = [f"probability {one}" for one in CLASSES]
    table = pl.read_parquet(file)
    even = [pl.Series(column, [1 / len(CLASSES)] * len(table), pl.Float32) for column in columns]
    table.with_columns(*even, prediction=pl.lit(CLASSES[0])).write_parquet(file)
    invoke(debug_one.main, example(ready))
    assert "says SOMETHING ELSE: it differs by" in capsys.readouterr().out


def test_a_run_has_its_own_network_and_says_what_it_lacks(ready: Path, invoke: Invoke) -> None:
    run = ready / "runs/mine"
    shutil.copytree(ready / "models", run / "models")
    shutil.copyfile(ready / "params.yaml", run / "config.yaml")
    with pytest.raises(SystemExit, match="`uv run score run=mine` makes it"):
        invoke(debug_one.main, example(ready), "run=mine")


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["x", "modle=y"], r"modle=y: unknown\. Did you mean 'model'\?"),
        (["x", "model="], "model=: expected model=VALUE"),
        (["x", "run=a", "model=b"], "either run= or model=, not both"),
        (["x", "run=none"], r"run=none: no such run\."),
        (["x", "model=some/where"], "some/where: no such folder"),
        (["x", "fold=one"], "fold=one: expected the number of a fold"),
        (["x", "split=val"], "split=val: expected --wrong to go with it"),
        (["--wrong", "model=x"], "model=x: expected one ID to go with it"),
        (["--wrong", "split=train"], r"split=train: unknown\. .*Valid: test, val"),
    ],
)
def test_a_mistake_is_one_clear_error(words: list[str], message: str, invoke: Invoke) -> None:
    with pytest.raises(SystemExit, match=message):
        invoke(debug_one.main, *words)


def test_an_unknown_id_leads_to_the_nearest_ones(ready: Path, invoke: Invoke) -> None:
    name = example(ready)
    with pytest.raises(SystemExit, match=f"{re.escape(name)}x: no such example") as refused:
        invoke(debug_one.main, f"{name}x")
    assert f"The nearest are: {name}, " in str(refused.value)


def test_a_fold_that_is_not_there_is_refused(ready: Path, invoke: Invoke) -> None:
    with pytest.raises(SystemExit, match=r"fold=3: expected null"):
        invoke(debug_one.main, example(ready), "fold=3")


@pytest.mark.usefixtures("project")
def test_before_the_pipeline_ran_it_says_what_to_run(invoke: Invoke) -> None:
    with pytest.raises(SystemExit, match=r"models/network: not there yet\. `uv run dvc repro"):
        invoke(debug_one.main, "x")
    with pytest.raises(SystemExit, match=r"predictions/network: not there yet\. `uv run dvc"):
        invoke(debug_one.main, "--wrong")


@pytest.mark.slow
def test_in_folds_an_example_goes_through_the_network_that_did_not_learn_from_it(
    folded: Path, project: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(folded, project, dirs_exist_ok=True)
    samples = pl.read_parquet(project / "data/prepared/samples.parquet")
    name, fold = samples.filter(split="train").select("id", "fold").row(0)
    invoke(debug_one.main, name)
    told = capsys.readouterr().out
    assert f"through models/network/fold-{fold}" in told
    assert "the same as its stored prediction" in told
    other = (fold + 1) % 3
    invoke(debug_one.main, name, f"fold={other}")
    told = capsys.readouterr().out
    assert f"through models/network/fold-{other}" in told
    assert "a TRAINING row" in told
