"""Where a study is kept: a journal in the project, or a database that several machines reach."""

from __future__ import annotations

import logging
import os
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from optuna.exceptions import StorageInternalError
from optuna.storages import BaseStorage, JournalStorage, RDBStorage
from optuna.storages.journal import JournalFileBackend

from ..runtime.errors import UserError
from ..tracking.destination import without_password

VARIABLE = "OPTUNA_STORAGE"  # which Optuna's own commands read as well
JOURNAL = "study.journal"
DAMAGE = (AssertionError, AttributeError, LookupError, TypeError, ValueError)  # of Optuna, reading
SECONDS_TO_WAIT = 60.0  # a line is written in milliseconds


class JournalLock:
    """A lock that the system lets go of when its process is killed.

    Optuna's own ones stay behind, and are broken after 30 seconds. A killed process may also have
    left half a line at the end, which would spoil the next one: it is cut off.
    """

    def __init__(self, journal: Path) -> None:
        self.journal = journal
        self._lock = FileLock(f"{journal}.lock")

    def acquire(self) -> bool:
        """Wait for the others.

        Raises:
            UserError: when one of them does not end.
        """
        try:
            self._lock.acquire(timeout=SECONDS_TO_WAIT)
        except Timeout:
            raise UserError(
                f"{self.journal}: locked by another process for {SECONDS_TO_WAIT:g} s. Is one of "
                "them stopped? On a file system without locks use tune.storage=URL of a database."
            ) from None
        with self.journal.open("rb+") as stream:
            end = stream.seek(0, os.SEEK_END)
            if end and not _ends_well(stream, end):
                stream.seek(0)
                stream.truncate(stream.read().rfind(b"\n") + 1)
        return True

    def release(self) -> None:
        """Let others write."""
        self._lock.release()


def _ends_well(stream: Any, end: int) -> bool:
    stream.seek(end - 1)
    return stream.read(1) == b"\n"


def address_of(configured: str | None) -> str | None:
    """Return the database's address; None is the journal of the study itself."""
    return configured or os.environ.get(VARIABLE) or None


def open_storage(address: str | None, folder: Path) -> BaseStorage:
    """Open the database at ``address``, or the journal in ``folder``.

    Raises:
        UserError: when it cannot be reached or read.
    """
    quieten()
    if address is None:
        return _open_journal(folder / JOURNAL)
    from sqlalchemy.exc import ArgumentError, SQLAlchemyError

    shown = f"tune.storage={without_password(address)}"
    try:
        return _open_database(address)
    except ModuleNotFoundError as error:
        driver = "psycopg[binary]" if error.name == "psycopg" else error.name
        raise UserError(f"{shown}: needs a driver. uv add '{driver}'") from error
    except (ArgumentError, ImportError, ValueError) as error:
        expected = "an address as postgresql+psycopg://HOST/DATABASE"
        raise UserError(f"{shown}: expected {expected} ({_first_line(error)}).") from error
    except SQLAlchemyError as error:
        raise UserError(f"{shown}: cannot be used ({_first_line(error)}).") from error


def _open_database(address: str) -> BaseStorage:
    """Open it, and make its tables where there are none; another machine may do so right now."""
    from sqlalchemy.exc import IntegrityError, ProgrammingError

    for seconds in (0.5, 1.0, 2.0, 4.0):
        try:
            return RDBStorage(address, engine_kwargs={"pool_pre_ping": True})
        except (IntegrityError, ProgrammingError):
            time.sleep(seconds)
    return RDBStorage(address, engine_kwargs={"pool_pre_ping": True})


def _open_journal(file: Path) -> BaseStorage:
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        lock: Any = JournalLock(file)  # the class that it would inherit from is private
        return JournalStorage(JournalFileBackend(str(file), lock))
    except DAMAGE as error:
        raise UserError(
            f"{file}: damaged ({_first_line(error)}). Put back a copy, or begin another study: "
            "tune.study=NAME."
        ) from error
    except OSError as error:
        raise UserError(f"{file}: cannot be used ({error.strerror}).") from error


@contextmanager
def explained(address: str | None) -> Iterator[None]:
    """Tell what a database says that goes away in the middle of a search, or stays locked."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except (SQLAlchemyError, StorageInternalError) as error:
        cause = error.__cause__ if isinstance(error.__cause__, SQLAlchemyError) else error
        shown = without_password(address or "")
        raise UserError(
            f"tune.storage={shown}: failed ({_first_line(cause)}). Trials and their checkpoints "
            "are kept; once it works again, the same command goes on."
        ) from error


def _first_line(error: Exception) -> str:
    import re

    line = (str(getattr(error, "orig", error)).strip() or type(error).__name__).splitlines()[0]
    return re.sub(r"(://)\S*@", r"\1", line)


def quieten() -> None:
    """Keep Optuna's own talk off the console: what matters is told by ourselves."""
    import optuna

    optuna.logging.set_verbosity(logging.ERROR)
    warnings.filterwarnings("ignore", category=optuna.exceptions.ExperimentalWarning)
