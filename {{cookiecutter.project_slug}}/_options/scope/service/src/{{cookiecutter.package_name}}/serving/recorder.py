"""What was served, kept for `monitor`: files of JSON lines, one for each day and process."""

from __future__ import annotations

import json
import logging
import os
import queue
import random
import socket
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from .answers import Said
from .observed import observed
from .settings import Recorded, Settings

LOGGER = logging.getLogger(__name__)
MOST_WAITING = 10_000  # requests that are not written yet; more are left out, and counted
MOST_BYTES = 2**26  # of their inputs
SECONDS = 0.5  # between two writes
ID = "id"  # of a row, the same for all models that predicted it
INPUT = "input "  # and then the name of the column


class Recorder:
    """Keeps what was served, beside the answers: nothing waits for it.

    Args:
        settings: what is kept, where, and of how many requests.
        project: that ``settings.record_to`` is in.
        lost: is told how many requests could not be kept.
    """

    def __init__(self, settings: Settings, project: Path, lost: Callable[[int], None]) -> None:
        self.settings, self.folder, self.lost = settings, project / settings.record_to, lost
        # Containers have numbered their processes alike, and may share a disk.
        self._process = f"{socket.gethostname()}-{os.getpid()}"
        self._held = 0  # bytes of inputs that wait
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._queue: queue.Queue[tuple[Any, ...] | None] = queue.Queue(MOST_WAITING)
        self._thread = threading.Thread(target=self._work, name="record", daemon=True)
        self._random = random.Random()  # noqa: S311 - which requests are kept is no secret

    def start(self) -> None:
        """Begin to write, where something is kept."""
        if self.settings.record is not Recorded.nothing:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._forget()
            self._thread.start()

    def stop(self) -> None:
        """Write what waits, and end."""
        if self._thread.is_alive():
            self._ending.set()  # so that the end does not wait for the next write
            self._queue.put(None)
            self._thread.join()

    def add(self, said: Said) -> None:
        """Keep a request; each of its answers gets an id by which its label can come later."""
        keeps = self.settings.record is not Recorded.nothing
        if not keeps or self._random.random() >= self.settings.record_share:
            return
        for answer in said.answers:
            answer[ID] = uuid.uuid4().hex
        self._put(said)

    def add_copy(self, first: Said, other: Said) -> None:
        """Keep what another model said of a request, if ``first`` was kept: under the same ids."""
        if ID not in first.answers[0]:
            return
        for one, answer in zip(first.answers, other.answers, strict=True):
            answer[ID] = one[ID]
        self._put(other)

    def _put(self, said: Said) -> None:
        try:
            self._hold(said.inputs.nbytes)
            self._queue.put_nowait((datetime.now(UTC), said))
        except queue.Full:
            self.lost(1)

    def _hold(self, size: int) -> None:
        with self._lock:
            if self._held + size > MOST_BYTES:
                raise queue.Full
            self._held += size

    def _work(self) -> None:
        ended, cleaned = False, 0.0
        while not ended:
            some = [self._queue.get()]
            self._ending.wait(SECONDS)
            while not self._queue.empty():
                some.append(self._queue.get_nowait())
            ended = None in some
            rows = [one for one in some if one is not None]
            with self._lock:
                self._held -= sum(said.inputs.nbytes for _, said in rows)
            try:
                self._write(rows)
                if time.monotonic() - cleaned > 3600:
                    cleaned = time.monotonic()
                    self._forget()
            except Exception as error:  # a full disk must not end the service
                LOGGER.warning("not recorded", extra={"why": str(error)})
                self.lost(len(rows))

    def _write(self, some: list[tuple[Any, ...]]) -> None:
        for when, said in some:
            rows = lines(when, said, self.settings)
            file = self.folder / f"{when:%Y-%m-%d}-{self._process}.jsonl"
            with file.open("a", encoding="utf-8", newline="\n") as stream:
                stream.write("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))

    def _forget(self) -> None:
        oldest = f"{datetime.now(UTC) - timedelta(days=self.settings.record_days):%Y-%m-%d}"
        for file in self.folder.glob("*.jsonl"):
            if file.name < oldest:
                file.unlink(missing_ok=True)


def lines(when: datetime, said: Said, settings: Settings) -> list[dict[str, Any]]:
    """Return what is kept of each row of a request."""
    columns: dict[str, list[Any]] = {}
    model = said.model
    if settings.record is Recorded.inputs:
        kept = observed(said.inputs, model.predictor.facts, sensitive=settings.record_sensitive)
        columns = {INPUT + name: values for name, values in kept.items()}
    told: dict[str, Any] = {
        "time": when.isoformat(),
        "version": model.version,
        "model_hash": model.model_hash,
    }
    told["candidate"] = said.candidate
    return [
        {**told, **answer, **{name: values[row] for name, values in columns.items()}}
        for row, answer in enumerate(said.answers)
    ]
