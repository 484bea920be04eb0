import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tracked import journalled

from {{ cookiecutter.package_name }}.tracking.journal import (
    Journal,
    Writer,
    journals,
    open_journal_of,
)

Begin = Callable[..., Writer]


def steps(journal: Journal) -> list[int]:
    return [event["step"] for _, event in journal.events() if event["kind"] == "metrics"]


class FullDisk:
    """Takes so many bytes, and then none until there is room."""

    def __init__(self, stream: Any, room: int) -> None:
        self.stream, self.room = stream, room

    def write(self, data: bytes) -> int:
        if not self.room:
            raise OSError(28, "No space left on device")
        written = int(self.stream.write(data[: self.room]))
        self.room -= written
        return written

    def close(self) -> None:
        self.stream.close()


def test_a_line_is_with_the_system_before_the_call_returns(begin: Begin) -> None:
    writer = begin()
    for step in range(3):
        writer.log({"val/loss": 0.5}, step)
        (*_, last) = writer.file.read_text("utf-8").splitlines(keepends=True)
        assert (json.loads(last)["step"], last[-1]) == (step, "\n")


def test_half_a_line_is_ignored_and_cut_by_the_next_writer(begin: Begin) -> None:
    writer = begin()
    writer.log({"val/loss": 0.5}, 0)
    writer.close()
    with writer.file.open("ab") as stream:
        stream.write(b'{"kind": "metrics", "at": 1, "step": 1, "val')
    assert steps(Journal(writer.folder)) == [0]
    again = Writer.open(writer.folder)
    assert again is not None
    again.log({"val/loss": 0.25}, 2)
    assert steps(again) == [0, 2]


def test_a_damaged_line_costs_no_other(begin: Begin) -> None:
    writer = begin()
    with writer.file.open("ab") as stream:
        stream.write(b"\0\0\0\n")
    writer.log({"val/loss": 0.5}, 1)
    assert steps(writer) == [1]
    assert writer.run["name"] == "mine"


def test_what_a_training_repeats_after_a_resume_is_there_once(begin: Begin) -> None:
    first = begin()
    for step in range(3):
        first.log({"val/loss": 1 / (step + 1), "other": math.nan}, step)
    first.close()
    resumed = Writer.open(first.folder)
    assert resumed is not None
    resumed.log({"val/loss": 1 / 3, "other": math.nan}, 2)
    resumed.log({"val/loss": 0.9, "other": math.nan}, 1)
    resumed.log({"val/loss": 1 / 3}, 3)
    values = {name: [entry[0] for entry in kept] for name, kept in journalled(resumed).items()}
    assert values == {"val/loss": [0, 1, 1, 2, 3], "other": [0, 1, 2]}


def test_what_a_full_disk_did_not_take_is_written_when_there_is_room(begin: Begin) -> None:
    writer = begin()
    disk = FullDisk(writer._stream, 20)
    writer._stream = disk  # type: ignore[assignment]
    for step in range(3):
        with pytest.raises(OSError, match="No space left"):
            writer.log({"val/loss": 0.5}, step)
    disk.room = 10_000
    writer.log({"val/loss": 0.5}, 3)
    assert steps(Journal(writer.folder)) == [0, 1, 2, 3]


def test_what_no_disk_has_taken_yet_is_not_settled(begin: Begin, project: Path) -> None:
    writer = begin()
    writer._rest = b"a line"
    writer.settle(project)
    assert [journal.key for journal in journals(project)] == [writer.key]


def test_one_process_writes_at_a_time(begin: Begin) -> None:
    writer = begin()
    assert Writer.open(writer.folder) is None
    writer.close()
    again = Writer.open(writer.folder)
    assert again is not None
    again.close()


@pytest.mark.parametrize("held", [False, True])
def test_what_has_arrived_is_deleted_but_for_the_lines_of_a_training_that_may_go_on(
    begin: Begin, project: Path, held: bool
) -> None:
    writer = begin()
    (writer.new_folder() / "large").touch()
    holder = project / "runs" / "mine" / "scratch" / "tracked.json"
    holder.parent.mkdir()
    holder.write_text(json.dumps({"key": "one" if held else "another"}), "utf-8")
    writer.settle(project)
    assert [journal.run["name"] for journal in journals(project)] == ["mine"] * held
    assert list(project.rglob("large")) == []
    assert writer.folder.exists() == held


def test_a_model_is_found_in_the_newest_journal_of_its_experiment(
    begin: Begin, project: Path
) -> None:
    for key, at, experiment in (("a", 1, "default"), ("b", 2, "default"), ("c", 3, "another")):
        writer = begin(key, at=at, experiment=experiment)
        writer.append("tags", tags={"model_hash": "abc"})
        writer.close()
    begin("d", at=4).close()
    found = open_journal_of("abc", "default", "mine", project, 0)
    assert found is not None
    assert found.key == "b"
    assert open_journal_of("abcd", "default", "mine", project, 0) is None


def test_of_equal_models_that_of_the_run_itself_goes_before_a_newer_one(
    begin: Begin, project: Path
) -> None:
    for key, at in (("a", 1), ("b", 2)):
        writer = begin(key, at=at, name=f"run {key}")
        writer.append("tags", tags={"model_hash": "abc"})
        writer.close()
    for name, key in (("run a", "a"), ("run b", "b"), ("pipeline", "b")):
        found = open_journal_of("abc", "default", name, project, 0)
        assert found is not None
        assert found.key == key
        found.close()


def test_a_process_that_was_killed_ended_with_its_last_line(begin: Begin) -> None:
    writer = begin()
    writer.append("metrics", at=2**50, step=0, values={"val/loss": 0.5})
    writer.end_if_killed()
    writer.end_if_killed()
    *_, (_, event) = writer.events()
    assert (event["status"], event["at"]) == ("KILLED", 2**50)
    assert len(list(writer.events())) == 3
