"""What a run has to tell MLflow, in a file of its own first: one JSON object a line, only appended.

A line is handed to the system at once, so that a killed process loses none; only a machine that
loses power may. Kinds: run, params, tags, metrics, artifacts, model, status (see `shipment`).
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from ..runtime.files import TRACKING, remove

FILE = "journal.jsonl"
UNENDED = ("", "RUNNING")  # the status of a run whose process is at work, or was killed
LARGEST_REST = 1_000_000  # bytes that wait in memory for room on a full disk

Event = dict[str, Any]


class Journal:
    """The folder of one run, to read: its lines, and copies of its files."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.file, self.key = folder, folder / FILE, folder.name

    def events(self, start: int = 0) -> Iterator[tuple[int, Event]]:
        """Yield each event after byte ``start``, and the byte at which it ends."""
        if not self.file.exists():
            return
        with self.file.open("rb") as stream:
            stream.seek(start)
            for line in stream:
                if not line.endswith(b"\n"):  # half a line: it is still written, or never will be
                    return
                start += len(line)
                try:
                    event = dict(json.loads(line))
                except ValueError:  # damaged; the others still count
                    continue
                yield start, event

    @property
    def run(self) -> Event:
        """What was said of the run when it began, and where it is to go now; empty if nothing."""
        run: Event = {}
        for _, event in self.events():
            if event["kind"] == "run":
                run = {**event, **run, "place": event["place"]}
        return run

    @property
    def status(self) -> str:
        """The last one; empty in the first training, while it runs or after it was killed."""
        found = [event["status"] for _, event in self.events() if event["kind"] == "status"]
        return found[-1] if found else ""

    def sending(self) -> FileLock:
        """The lock of who sends it: beside a training, after it, or `sync`."""
        return FileLock(self.folder / "sending.lock")


class Writer(Journal):
    """A journal that this process alone may write to."""

    def __init__(self, folder: Path, lock: FileLock) -> None:
        super().__init__(folder)
        self._lock, self._rest = lock, b""
        if self.file.exists():  # a kill may have left half a line
            with self.file.open("rb+") as stream:
                stream.truncate(stream.read().rfind(b"\n") + 1)
        self._before = {known for _, event in self.events() for known in _values(event)}
        self._stream = self.file.open("ab", buffering=0)

    @classmethod
    def open(cls, folder: Path, patience: float = 0) -> Writer | None:
        """Lock and open a journal, new or not; None if another has it for ``patience`` seconds.

        Raises:
            OSError: when the disk does not let it.
        """
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "writing.lock")
        try:
            lock.acquire(timeout=patience)
        except Timeout:
            return None
        return cls(folder, lock)

    def append(self, kind: str, **content: Any) -> None:
        """Add a line. What a full disk did not take is kept, and goes before the next line.

        Raises:
            OSError: when not everything could be written.
        """
        event = {"kind": kind, "at": time.time_ns() // 1_000_000, **content}
        if len(self._rest) < LARGEST_REST:
            self._rest += json.dumps(event).encode() + b"\n"
        while self._rest:
            self._rest = self._rest[self._stream.write(self._rest) :]

    def log(self, metrics: dict[str, float], step: int) -> None:
        """Add the metrics of one step, without those that the journal had when it was opened."""
        given = {"step": step, "values": {name: float(value) for name, value in metrics.items()}}
        known = {value[0] for value in _values(given) if value in self._before}
        new = {name: value for name, value in given["values"].items() if name not in known}
        if new:
            self.append("metrics", step=step, values=new)

    def end_if_killed(self) -> None:
        """Note that the process that wrote this was killed, as of its last line."""
        if self.run and self.status in UNENDED:
            last = max(event["at"] for _, event in self.events())
            self.append("status", status="KILLED", at=last, origin=True)

    def new_folder(self) -> Path:
        """Make a folder for files that the next line names."""
        place = self.folder / f"files-{len(list(self.folder.glob('files-*')))}"
        place.mkdir()
        return place

    def settle(self, project: Path) -> None:
        """Everything has arrived: keep the lines if the training may go on, and nothing else."""
        holder = project / self.run.get("held_by", "")
        held = holder.is_file() and self.key in holder.read_text("utf-8")
        if self._rest:  # a full disk has not taken it
            self.close()
            return
        self._stream.close()
        for place in self.folder.glob("files-*" if held else "*"):
            if place.suffix != ".lock":
                remove(place)
        self.close()
        if not held:
            with contextlib.suppress(OSError):  # another process looks whether there is anything
                remove(self.folder)

    def close(self) -> None:
        """Let others open it."""
        self._stream.close()
        self._lock.release()


def journals(project: Path) -> list[Journal]:
    """Every journal of a project, oldest first."""
    found = [Journal(file.parent) for file in (project / TRACKING).glob(f"*/{FILE}")]
    return sorted(found, key=lambda journal: int(journal.run.get("at", 0)))


def open_journal_of(
    model_hash: str, experiment: str, name: str, project: Path, patience: float
) -> Writer | None:
    """Open the newest journal of ``experiment`` that logged this model; None if there is none.

    Equal trainings make equal models: the journal of the run of this ``name`` goes first.
    """
    newest = reversed(journals(project))
    for journal in sorted(newest, key=lambda one: one.run.get("name") != name):
        if journal.run.get("experiment") != experiment:
            continue
        tags = [event["tags"] for _, event in journal.events() if event["kind"] == "tags"]
        if any(some.get("model_hash") == model_hash for some in tags):
            writer = Writer.open(journal.folder, patience)
            if writer and writer.run:
                return writer
            if writer:  # it has just arrived, and its lines are gone
                writer.close()
    return None


def _values(event: Event) -> list[tuple[str, int, str]]:
    return [(n, event["step"], repr(v)) for n, v in event.get("values", {}).items()]
