"""MLflow's server as a team has it: PostgreSQL, names and passwords."""

from __future__ import annotations

import base64
import configparser
import json
import re
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import postgres
from import_graph import PROJECT
from tracked import Server

SECRET, PASSWORD = "a key for the tests", "a long password"
ASKED = {"MLFLOW_FLASK_SERVER_SECRET_KEY": SECRET, "MLFLOW_AUTH_ADMIN_PASSWORD": PASSWORD}
NAMES = ("MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD")


@dataclass
class Team:
    """A server with everything, and its database."""

    server: Server
    database: str

    def tool(self, name: str, *words: str) -> None:
        """Call a program of PostgreSQL's about the database."""
        place = postgres.programs()
        assert place is not None
        host, port = re.findall(r"@([^:]+):(\d+)", self.database)[0]
        login = ["--host", host, "--port", port, "--username", postgres.USER]
        done = subprocess.run(
            [str(place / name), *login, *words], capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, done.stderr


def configured(folder: Path, database: str, **changes: str) -> Path:
    """The file of deploy/tracking, for a database of the test."""
    known = configparser.ConfigParser(interpolation=None)
    known.read(PROJECT / "deploy/tracking/basic_auth.ini", "utf-8")
    for key, value in {"database_uri": database, **changes}.items():
        known["mlflow"][key] = value
    with (folder / "basic_auth.ini").open("w", encoding="utf-8") as stream:
        known.write(stream)
    return folder / "basic_auth.ini"


@contextmanager
def running(folder: Path, **changes: str) -> Iterator[Team]:
    """A server with a member, ada."""
    with postgres.server() as database:
        words = ["--backend-store-uri", database, "--app-name", "basic-auth"]
        config = {"MLFLOW_AUTH_CONFIG_PATH": str(configured(folder, database, **changes))}
        server = Server(folder, words, {**ASKED, **config})
        server.start()
        found = Team(server, database)
        try:
            create(found, "ada")
            yield found
        finally:
            server.kill()


def ask(team: Team, method: str, path: str, who: str = "", body: Any = None) -> int:
    """Return the status of an answer."""
    request = urllib.request.Request(f"{team.server.address}{path}", method=method)
    request.add_header("Content-Type", "application/json")
    if who:
        login = base64.b64encode(f"{who}:{PASSWORD}".encode()).decode()
        request.add_header("Authorization", f"Basic {login}")
    data = None if method == "GET" else json.dumps(body or {}).encode()
    try:
        with urllib.request.urlopen(request, data, timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code


def create(team: Team, name: str) -> None:
    body = {"username": name, "password": PASSWORD}
    assert ask(team, "POST", "/api/2.0/mlflow/users/create", "admin", body) == 200
