import logging
import sqlite3
import subprocess
import sys
from pathlib import Path

import optuna
import pytest
from filelock import FileLock
from optuna.storages import RDBStorage

from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.search import storage
from {{ cookiecutter.package_name }}.search.storage import (
    JOURNAL,
    address_of,
    explained,
    open_storage,
)

HOLD = "import os, sys; from filelock import FileLock; FileLock(sys.argv[1]).acquire(); os._exit(9)"


def study_in(folder: Path) -> optuna.Study:
    return optuna.create_study(
        storage=open_storage(None, folder), study_name="toy", load_if_exists=True
    )


def test_half_a_line_of_a_killed_process_spoils_none_of_the_next(tmp_path: Path) -> None:
    study_in(tmp_path).ask()
    with (tmp_path / JOURNAL).open("ab") as stream:
        stream.write(b'{"op_code":4,"worker')
    study_in(tmp_path).ask()
    assert [one.number for one in study_in(tmp_path).trials] == [0, 1]


def test_the_lock_of_a_killed_process_holds_nobody_up(tmp_path: Path) -> None:
    study_in(tmp_path)
    command = [sys.executable, "-c", HOLD, str(tmp_path / f"{JOURNAL}.lock")]
    assert subprocess.run(command, check=False).returncode == 9
    assert study_in(tmp_path).ask().number == 0


def test_a_storage_that_stays_locked_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = study_in(tmp_path)
    monkeypatch.setattr(storage, "SECONDS_TO_WAIT", 0.1)
    message = r"study\.journal: locked by another process for 0\.1 s\. Is one"
    with FileLock(tmp_path / f"{JOURNAL}.lock"), pytest.raises(UserError, match=message):
        study.ask()


@pytest.mark.parametrize("damage", ["not JSON\n", '{"op_code":99}\n{"op_code":1}\n', "[]\n"])
def test_a_damaged_journal_is_told_with_what_can_be_done(damage: str, tmp_path: Path) -> None:
    study_in(tmp_path).ask()
    file = tmp_path / JOURNAL
    file.write_text(damage + file.read_text("utf-8"), "utf-8")
    with pytest.raises(UserError, match=r"study\.journal: damaged .*tune\.study=NAME"):
        open_storage(None, tmp_path)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("nonsense", r"tune\.storage=nonsense: expected an address as postgresql\+psycopg://"),
        ("oracel://host/base", r"oracel://host/base: expected an address"),
        ("mysql+nodriver://me:secret@host/base", r"mysql\+nodriver://host/base: expected"),
        ("sqlite:////no/such/folder/base.db", "cannot be used .*unable to open database file"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_without_its_password(
    address: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match=message) as caught:
        open_storage(address, tmp_path)
    assert "secret" not in str(caught.value)


def test_a_database_that_goes_away_is_told_with_what_is_kept(tmp_path: Path) -> None:
    address = f"sqlite:///{(tmp_path / 'base.db').as_posix()}"
    opened = open_storage(address, tmp_path)
    study = optuna.create_study(storage=opened)
    with sqlite3.connect(tmp_path / "base.db") as base:
        base.execute("DROP TABLE trials")
    base.close()
    message = r"tune\.storage=sqlite:///.*: failed \(no such table: trials\)\. Trials and their"
    with pytest.raises(UserError, match=message), explained(address):
        study.ask()
    opened.remove_session()
    assert isinstance(opened, RDBStorage)
    opened.engine.dispose()


def test_the_environment_may_name_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPTUNA_STORAGE", raising=False)
    assert address_of(None) is None
    monkeypatch.setenv("OPTUNA_STORAGE", "postgresql+psycopg://me:secret@host/base")
    assert address_of(None) == "postgresql+psycopg://me:secret@host/base"
    assert address_of("sqlite:///base.db") == "sqlite:///base.db"


def test_optuna_does_not_talk_over_the_command(tmp_path: Path) -> None:
    open_storage(None, tmp_path)
    assert optuna.logging.get_verbosity() == logging.ERROR
