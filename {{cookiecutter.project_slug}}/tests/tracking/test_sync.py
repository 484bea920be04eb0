"""`uv run sync`, in this process and into a database."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from calling import Invoke
from filelock import FileLock
from tracked import NOBODY, client, history, journalled, runs

from {{ cookiecutter.package_name }}.shipping.sync import main
from {{ cookiecutter.package_name }}.tracking.journal import Writer, journals

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def leave(begin: Callable[..., Writer]) -> Callable[..., Writer]:
    """Leave the journal of a training that had no server, killed or ended with ``status``."""

    def left(key: str, status: str = "", place: str = NOBODY, **facts: object) -> Writer:
        writer = begin(key, place=place, name=key, **facts)
        for step in range(3):
            writer.log({"val/loss": 1 / (step + 1)}, step)
        if status:
            writer.append("status", status=status)
        writer.close()
        return writer

    return left


def database(project: Path) -> str:
    return f"sqlite:///{(project / 'mlflow.db').as_posix()}"


def facts(project: Path, name: str) -> tuple[Any, ...]:
    (run,) = runs(client(project), name)
    return run.info.run_id, run.info.status, run.info.end_time, history(client(project), run)


def test_while_the_server_does_not_answer_everything_is_kept_and_one_line_says_so(
    leave: Callable[..., Writer], invoke: Invoke, project: Path
) -> None:
    for key, status in {"one": "FINISHED", "two": ""}.items():
        leave(key, status)
    with pytest.raises(SystemExit) as stopped:
        invoke(main)
    said = str(stopped.value)
    assert said.startswith(f"sync: {NOBODY} does not answer (")
    assert said.endswith(". 2 runs are kept in runs/tracking.")
    assert "\n" not in said
    assert [journalled(one)["val/loss"][-1][0] for one in journals(project)] == [2, 2]


def test_runs_arrive_with_all_they_had_and_leave_nothing_here(
    leave: Callable[..., Writer],
    invoke: Invoke,
    project: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    wanted = {key: journalled(leave(key, end)) for key, end in {"a": "FINISHED", "b": ""}.items()}
    invoke(main, database(project))
    lines = capsys.readouterr().out.splitlines()
    brought = [f"sync: {key} (train) is at mlflow.db, with 3 values now" for key in wanted]
    assert sorted(lines[:2]) == brought  # begun in one millisecond, they have no order
    assert lines[2:] == ["sync: 2 brought, none left"]
    assert {key: facts(project, key)[3] for key in wanted} == wanted
    assert [facts(project, key)[1] for key in wanted] == ["FINISHED", "KILLED"]
    assert list((project / "runs" / "tracking").iterdir()) == []


def test_a_second_time_changes_nothing(
    leave: Callable[..., Writer],
    invoke: Invoke,
    project: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    scratch = project / "runs" / "mine" / "scratch"
    scratch.mkdir()
    (scratch / "tracked.json").write_text(json.dumps({"key": "one"}), "utf-8")  # it may be resumed
    for key in ("one", "two"):
        leave(key, place="")
    invoke(main)
    before = facts(project, "one"), facts(project, "two")
    assert [journal.key for journal in journals(project)] == ["one"]
    for name in ("once more", "and again"):
        capsys.readouterr()
        invoke(main)
        assert capsys.readouterr().out == "sync: nothing to bring\n", name
        assert (facts(project, "one"), facts(project, "two")) == before
    (scratch / "tracked.json").unlink()
    invoke(main)
    assert journals(project) == []


@pytest.mark.parametrize("held", ["writing", "sending"])
def test_a_run_that_another_process_works_with_is_left_to_it(
    leave: Callable[..., Writer],
    invoke: Invoke,
    project: Path,
    capsys: pytest.CaptureFixture[str],
    held: str,
) -> None:
    writer = leave("one", place="")
    lock = writer.sending() if held == "sending" else FileLock(writer.folder / "writing.lock")
    with lock:
        invoke(main)
    assert "sync: one (train) " in capsys.readouterr().out
    assert runs(client(project), "one") == []
    invoke(main)
    assert facts(project, "one")[1] == "KILLED"


def test_one_run_that_mlflow_does_not_take_costs_no_other(
    leave: Callable[..., Writer], invoke: Invoke, project: Path
) -> None:
    (project / "other.db").write_bytes(b"no database at all, but long enough" * 99)
    for key, place in {"one": "sqlite:///other.db", "two": ""}.items():
        leave(key, place=place)
    with pytest.raises(SystemExit) as stopped:
        invoke(main)
    assert "other.db failed (" in str(stopped.value)
    assert str(stopped.value).endswith(". 1 run is kept in runs/tracking.")
    assert facts(project, "two")[1] == "KILLED"


@pytest.mark.parametrize("words", [["now"], ["http://a", "http://b"], ["tracking.uri=x"]])
def test_what_is_no_address_is_refused(invoke: Invoke, words: list[str]) -> None:
    with pytest.raises(SystemExit, match="expected nothing, or one URI as http://HOST:PORT"):
        invoke(main, *words)


def test_help_says_what_it_does(invoke: Invoke, capsys: pytest.CaptureFixture[str]) -> None:
    invoke(main, "--help")
    assert "runs/tracking" in capsys.readouterr().out
