"""From what was served to the page and the exit code."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from browser import measure, problems
from calling import Invoke
from requested import KIND, request_of, rows_of_training
from served import Client, serving

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.monitoring import monitor
from {{ cookiecutter.package_name }}.serving.recorder import INPUT
from {{ cookiecutter.package_name }}.serving.refused import why_refused

Serve = Callable[[], Path]


@pytest.fixture
def ready(pipeline: Path, project: Path) -> Path:
    for part in ("models", "predictions", "data"):
        shutil.copytree(pipeline / part, project / part)
    return project


@pytest.fixture(scope="module")
def kept(pipeline: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the service keeps of the test rows, sent until there are 200."""
    folder = tmp_path_factory.mktemp("kept")
    ids = load_split(pipeline / "data/prepared", "test").ids
    body = request_of(rows_of_training(pipeline, ids))
    with serving(pipeline / "models/network", f"record_to={folder}", "record=inputs") as client:
        _send(client, body, 1 + 200 // len(ids))
    return folder


@pytest.fixture
def served(kept: Path, ready: Path) -> Path:
    return shutil.copytree(kept, ready / "runs/served")


def _send(client: Client, body: bytes, times: int) -> None:
    for _ in range(times):
        assert client.post(body, KIND).status == 200


def rewrite(folder: Path, *changes: pl.Expr) -> None:
    """Change what was recorded, as if other rows had come."""
    (file,) = folder.glob("*.jsonl")
    pl.read_ndjson(file, infer_schema_length=None).with_columns(changes).write_ndjson(file)


@pytest.mark.usefixtures("served")
def test_without_drift_it_ends_well(
    ready: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    invoke(monitor.main, "rows=100", "distance=0.4")
    assert "2 windows; wrote runs/monitor/monitor.html" in capsys.readouterr().out
    page = (ready / "runs/monitor/monitor.html").read_text("utf-8")
    assert "Nothing has changed by enough to matter" in page
    found = json.loads((ready / "runs/monitor/result.json").read_text("utf-8"))
    assert found["alarms"] == []
    assert {w["rows"] for w in found["windows"]} == {100}


@pytest.mark.ml_test_score("mon-2")
def test_what_has_changed_is_an_alarm_with_an_exit_code(
    served: Path, ready: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    (file,) = served.glob("*.jsonl")
    columns = [n for n in pl.read_ndjson(file).columns if n.startswith(INPUT)]
    numbers = [n for n in columns if pl.read_ndjson(file)[n].dtype.is_numeric()]
    rewrite(served, pl.lit(1e6).alias(numbers[0]))
    with pytest.raises(SystemExit) as caught:
        invoke(monitor.main, "rows=100")
    assert caught.value.code == monitor.ALARM
    name = numbers[0].removeprefix(INPUT)
    assert f"monitor: {name} has changed" in capsys.readouterr().out
    assert f"{name} has changed" in (ready / "runs/monitor/monitor.html").read_text("utf-8")


@pytest.mark.ml_test_score("mon-7")
def test_labels_that_came_later_are_compared_with_the_answers(
    served: Path, tmp_path: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    (file,) = served.glob("*.jsonl")
    rows = pl.read_ndjson(file).select("id", label=pl.lit("another class"))
    rows.write_csv(tmp_path / "labels.csv")
    with pytest.raises(SystemExit) as caught:
        invoke(monitor.main, "rows=100", "distance=0.4", f"labels={tmp_path / 'labels.csv'}")
    assert caught.value.code == monitor.ALARM
    assert "the answers are worse: error 1, on test" in capsys.readouterr().out


def test_a_candidate_whose_answers_are_worse_is_an_alarm_and_tried_no_more(
    served: Path, tmp_path: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    (file,) = served.glob("*.jsonl")
    table = pl.read_ndjson(file, infer_schema_length=None)
    copies = [table.with_columns(id=pl.col("id") + str(number)) for number in (1, 2)]
    rows = pl.concat(copies).with_columns(pl.col("prediction").cast(pl.String))
    wrong = pl.lit("another class").alias("prediction")
    tried = rows.with_columns(wrong, model_hash=pl.lit("tried"), candidate=pl.lit(value=True))
    pl.concat([rows, tried]).write_ndjson(file)
    rows.select("id", label="prediction").write_csv(tmp_path / "labels.csv")
    with pytest.raises(SystemExit) as caught:
        invoke(monitor.main, "rows=100", "distance=0.4", f"labels={tmp_path / 'labels.csv'}")
    assert caught.value.code == monitor.ALARM
    told = why_refused(served, "tried")
    assert told.startswith("candidate tried: worse, -1 [-1, -0.9")
    assert f"monitor: {told}" in capsys.readouterr().out
    page = (served.parent / "monitor/monitor.html").read_text("utf-8")
    assert "Candidates" in page


@pytest.mark.usefixtures("served")
@pytest.mark.ml_test_score("mon-4")
def test_a_model_that_is_too_old_is_an_alarm(
    ready: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    (file,) = (ready / "runs/served").glob("*.jsonl")
    since = datetime.now(UTC) - timedelta(days=100)
    decision = {"decided_at": since.isoformat()}
    decision |= {"challenger": {"model_hash": pl.read_ndjson(file)["model_hash"][0]}}
    (ready / "records/decisions").mkdir(parents=True)
    (ready / "records/decisions/2026-promote.json").write_text(json.dumps(decision), "utf-8")
    with pytest.raises(SystemExit):
        invoke(monitor.main, "rows=100", "distance=0.4")
    assert "in use for 100 days, more than 90" in capsys.readouterr().out
    invoke(monitor.main, "rows=100", "distance=0.4", "days=101")


def test_too_few_rows_are_no_alarm_and_said(
    served: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    assert served.is_dir()
    invoke(monitor.main, "rows=5000")
    assert "two windows of 5000 rows are needed to judge" in capsys.readouterr().out


def test_half_a_line_after_a_kill_costs_no_other(
    served: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    (file,) = served.glob("*.jsonl")
    rows = len(file.read_bytes().splitlines())
    with file.open("ab") as stream:
        stream.write(b'{"time": "2026-11')
    (served / "2026-11-28-other.jsonl").write_bytes(b'{"ti')
    invoke(monitor.main, "rows=100", "distance=0.4")
    assert f"{rows} rows of this model" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "words", "message"),
    [
        (None, [], r"runs/served: nothing recorded\. `uv run serve record=inputs`"),
        ('{"model_hash": "other", "time": "1"}', [], "no recorded row was answered"),
        ("{torn", [], "a file is damaged"),
        (None, ["rows=10"], "rows=10: expected 100 or more"),
        (None, ["lables=a"], "lables: unknown key. Did you mean 'labels'"),
        (None, ["level=2"], r"level=2\.0: expected a share between 0 and 1"),
        (None, ["now"], "now: expected KEY=VALUE"),
    ],
)
def test_mistakes_are_one_line(
    content: str | None, words: list[str], message: str, ready: Path, invoke: Invoke
) -> None:
    if content:
        (ready / "runs/served").mkdir(parents=True)
        (ready / "runs/served/2026-11-27-1.jsonl").write_text(content + "\n", "utf-8")
    with pytest.raises(SystemExit, match=message) as caught:
        invoke(monitor.main, *words)
    assert "\n" not in str(caught.value.code)


@pytest.mark.slow
@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_page_can_be_read(dark: bool, ready: Path, invoke: Invoke, tmp_path: Path) -> None:
    invoke(monitor.main, "rows=100", "distance=0.4")
    page = (ready / "runs/monitor/monitor.html").read_text("utf-8")
    for width, found in measure(page, tmp_path, dark=dark).items():
        assert problems(found, dark=dark) == [], width
        assert len(found["figures"]) == 1
