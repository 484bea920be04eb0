"""A PostgreSQL server of its own on this machine, as Debian's packages install it."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

PLACES = [*Path("/usr/lib/postgresql").glob("*/bin"), Path("/usr/bin"), Path("/usr/local/bin")]
USER = "postgres"  # who may run it where the tester is root, which the server refuses to be


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, if they are installed."""
    found = [place for place in PLACES if (place / "initdb").exists()]
    return found[0] if found else None


@contextmanager
def server() -> Iterator[str]:
    """Run a server; yield its address. Its files are where other users may go, unlike pytest's."""
    place = programs()
    assert place is not None
    with TemporaryDirectory(prefix="postgresql") as folder:
        data, port = Path(folder) / "data", _free_port()
        if os.geteuid() == 0:
            shutil.chown(folder, USER)
        _call(place / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
        _call(place / "pg_ctl", "-D", data, "-o", options, "-l", f"{folder}/log", "-w", "start")
        try:
            yield f"postgresql+psycopg://{USER}@127.0.0.1:{port}/postgres"
        finally:
            _call(place / "pg_ctl", "-D", data, "-m", "fast", "stop")


def _call(*words: object) -> None:
    as_user = ["runuser", "-u", USER, "--"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*as_user, *map(str, words)], cwd="/", capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
