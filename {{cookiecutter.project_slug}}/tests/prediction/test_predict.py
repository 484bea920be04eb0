"""The command: what it refuses, and where it writes."""

import re
import shutil
from pathlib import Path

import polars as pl
import pytest
from calling import Invoke
from kit_facts import spoil

from {{ cookiecutter.package_name }}.prediction import predict
from {{ cookiecutter.package_name }}.prediction.predict import read


@pytest.fixture
def ready(pipeline: Path, project: Path) -> Path:
    shutil.copytree(pipeline / "models", project / "models")
    shutil.copytree(pipeline / "source", project / "new rows")
    return project


def test_predictions_are_where_it_says_they_are(
    ready: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    name = spoil(ready / "new rows")
    invoke(predict.main, "new rows")
    said = capsys.readouterr().out.splitlines()
    table = pl.read_parquet(ready / "runs/predict/new rows.parquet")
    assert said[-2] == f"predict: {table.height:,} rows, in runs/predict/new rows.parquet"
    assert said[-1].startswith(f"predict: 1 of {table.height + 1:,} rows cannot be read; ")
    bad = pl.read_csv(ready / "runs/predict/new rows.bad.csv", infer_schema=False)
    assert bad.to_series(0).to_list() == [name]


def test_the_model_and_the_place_can_be_chosen(ready: Path, invoke: Invoke) -> None:
    shutil.move(ready / "models/network", ready / "another")
    invoke(predict.main, "new rows", "to=made/all.parquet", "model=another")
    assert (ready / "made/all.parquet").is_file()
    shutil.copytree(ready / "another", ready / "runs/mine/models/network")
    invoke(predict.main, "new rows", "to=by run.parquet", "run=mine")
    assert (ready / "by run.parquet").read_bytes() == (ready / "made/all.parquet").read_bytes()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["new rows", "mdel=x"], r"mdel=x: unknown\. Did you mean 'model'\?"),
        (["new rows", "model="], "model=: expected model=VALUE"),
        (["new rows", "run=x", "model=y"], "either run= or model=, not both"),
        (["new rows", "run=none"], r"run=none: no such run\."),
        (["new rows", "run=.."], r"run=\.\.: expected the name of one folder"),
        (["new rows", "model=some/where"], "some/where: no such folder"),
        (["new rows", "model=new rows"], r"new rows: no model folder: it has no model\.json"),
        (["new rows", "to=rows.csv"], r"to=rows\.csv: expected the name of a \.parquet file"),
        (["new row"], "new row: no such file or folder"),
        (["new rows", "keep=nothing"], "nothing"),
    ],
)
@pytest.mark.usefixtures("ready")
def test_mistakes_are_one_line(words: list[str], message: str, invoke: Invoke) -> None:
    with pytest.raises(SystemExit, match=message) as caught:
        invoke(predict.main, *words)
    assert "\n" not in str(caught.value.code)


def test_without_words_it_says_what_there_is(
    invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    invoke(predict.main)
    said = capsys.readouterr().out
    assert all(re.search(rf"\b{key}=", said) for key in predict.KEYS)


def test_a_value_may_hold_any_character() -> None:
    assert read(["a=b/c", "to=d=e.parquet"]) == (Path("a=b/c"), {"to": "d=e.parquet"})
