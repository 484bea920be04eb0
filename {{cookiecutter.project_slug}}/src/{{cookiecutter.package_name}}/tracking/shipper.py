"""Brings a journal to MLflow while training goes on, in a process that nothing waits for.

Not in a thread: MLflow would take turns with the training, and two threads that import the same
packages can see halves of them (a training failed that way).
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

from ..runtime.garbage import search_seldom
from ..runtime.processes import SIGNALS, ignore_signals
from .destination import address_of, problem_with, shown
from .journal import UNENDED, Journal, Writer
from .nested import Nested
from .shipment import Shipment

SECONDS_BETWEEN_BATCHES = 5.0
SECONDS_BETWEEN_TRIES = 15.0  # while MLflow does not work
SECONDS_TO_DIE = 2.0  # a killed process may close what we read from before it lets its journal go
LAST_TRIES = 3  # at the end, where MLflow answers and something else is wrong
KEPT = 3  # exit status: not everything has arrived, and that has been said
_LEFT_BEHIND: list[subprocess.Popen[bytes]] = []  # they end by themselves: not to be warned of
LATER = "; the run is kept in runs/tracking, and `uv run sync` brings it there"


def start(journal: Journal) -> subprocess.Popen[bytes]:
    """Start sending ``journal``; that ends after standard input, which ends with this process."""
    command = [sys.executable, "-P", "-m", __name__, str(journal.folder)]
    return subprocess.Popen(command, stdin=subprocess.PIPE)


def finish(process: subprocess.Popen[bytes], patience: float) -> bool:
    """Have the rest sent within ``patience`` seconds; tell whether everything has arrived."""
    if process.stdin:
        process.stdin.close()
    try:
        status = process.wait(patience)
    except subprocess.TimeoutExpired:
        status = None
        _LEFT_BEHIND.append(process)
    if status not in (0, KEPT):
        say(f"not everything has arrived{LATER}")
    return status == 0


def main() -> None:
    """Send the journal named on the command line until standard input ends, and the rest then."""
    search_seldom()
    ignore_signals(*SIGNALS)  # the end of standard input says when to end
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    journal, ending = Journal(Path(sys.argv[1])), threading.Event()

    def wait_for_the_end() -> None:
        sys.stdin.buffer.read()  # until the training closes it, or is dead
        ending.set()

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    with journal.sending():
        complete = Shipper(journal).ship(ending)
    writer = Writer.open(journal.folder) if complete else None
    if writer:  # the training was killed, or has not waited
        writer.settle(journal.folder.parents[2])
    sys.exit(0 if complete else KEPT)


class Shipper:
    """Sends what is in a journal now and then. Trouble is said once, and tried again."""

    def __init__(self, journal: Journal) -> None:
        self.journal, self.timeout = journal, float(journal.run["timeout"])
        self.uri = address_of(journal.run["place"], journal.folder.parents[2])
        self.nested = Nested(journal, self.uri, say)
        self.answers, self.troubled = False, False

    def ship(self, ending: threading.Event) -> bool:
        """Send until ``ending``, and the rest then; tell whether everything has arrived."""
        quieten()
        shipment, tries = None, LAST_TRIES
        while tries:
            last = ending.is_set()  # first: what was written before that must be sent
            shipment = self._send(shipment, last)
            if not last:
                ending.wait(SECONDS_BETWEEN_BATCHES if shipment else SECONDS_BETWEEN_TRIES)
            elif shipment and shipment.complete and self.nested.complete:
                if self.troubled:
                    say(f"{shown(self.uri)} works again, and has the whole run")
                return True
            else:
                tries = tries - 1 if self.answers else 0
                time.sleep(1.0 if tries else 0.0)
        return False

    def _send(self, shipment: Shipment | None, last: bool) -> Shipment | None:
        problem = "" if shipment else problem_with(self.uri, self.timeout)
        self.answers = not problem
        if problem:
            self._trouble(f"does not answer ({problem})")
            return None
        try:
            patience = SECONDS_TO_DIE if self.journal.status in UNENDED else 0.0
            writer = Writer.open(self.journal.folder, patience) if last else None
            if writer:  # whose process is dead
                writer.end_if_killed()
                writer.close()
            shipment = shipment or Shipment(self.journal, self.uri, say)
            shipment.send()
            self.nested.send(SECONDS_TO_DIE if last else None)
        except Exception as error:  # of MLflow, a database, the network or the disk
            self._trouble(f"failed ({first_line(error)})")
            return None
        return shipment

    def _trouble(self, what: str) -> None:
        if not self.troubled:
            self.troubled = True
            say(f"{shown(self.uri)} {what}{LATER}")


def say(line: str) -> None:
    """Print a line, if anybody still listens."""
    with contextlib.suppress(OSError, ValueError):
        if sys.stdout.isatty():  # over the progress bar of the training, which is drawn again
            print("\r" + " " * (shutil.get_terminal_size().columns - 1), end="\r")
        print(f"tracking: {line}", flush=True)


def first_line(error: Exception) -> str:
    """Return the first line of what an error says, without the password of an address in it."""
    line = (str(error).strip() or type(error).__name__).splitlines()[0]
    return re.sub(r"(://)\S*@", r"\1", line)


def quieten() -> None:
    """Keep MLflow's own talk off the console, and its calls short."""
    import logging
    import warnings

    for name in ("mlflow", "alembic"):
        logging.getLogger(name).setLevel(logging.ERROR)
    warnings.filterwarnings("ignore")
    # By default a server that dies holds each call for minutes.
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "10")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")
    os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "ERROR")  # it sets it anew as it is imported


if __name__ == "__main__":
    main()
