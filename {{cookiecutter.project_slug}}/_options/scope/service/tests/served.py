"""A service that really listens, on a port of this machine, and who asks it."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from fastapi.responses import HTMLResponse

from {{ cookiecutter.package_name }}.serving.application import Application
from {{ cookiecutter.package_name }}.serving.deployed import InUse
from {{ cookiecutter.package_name }}.serving.service import Service
from {{ cookiecutter.package_name }}.serving.settings import Settings, read

PATIENCE = 60.0


@dataclass
class Answer:
    """What came back."""

    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Client:
    """Asks one service; each request has a connection of its own."""

    service: Service
    port: int

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, None, headers)

    def post(self, body: bytes, kind: str = "application/json", **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", "/predict", body, {"Content-Type": kind, **named})

    def ask(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers)
            found = connection.getresponse()
            lower = {name.lower(): value for name, value in found.getheaders()}
            return Answer(found.status, found.read(), lower)
        finally:
            connection.close()


def settings(*overrides: str) -> Settings:
    """The settings of conf/serving.yaml, and others."""
    return read(["port=0", *overrides])


def loaded(folder: Path) -> InUse:
    """A model folder that answers."""
    found = InUse(str(folder), folder, None)
    found.look()
    return found


def wait_until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    """Return as soon as the condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


@contextmanager
def listening(service: Service, pages: dict[str, str] | None = None) -> Iterator[Client]:
    """Run ``service`` in a thread, with further ``pages`` by their paths."""
    app = Application(service)
    for path, text in (pages or {}).items():
        app.mount(path, HTMLResponse(text))
    config = uvicorn.Config(app, port=0, log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_until(lambda: server.started or not thread.is_alive(), PATIENCE)
        yield Client(service, server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(PATIENCE)


@contextmanager
def serving(folder: Path, *overrides: str, key: str = "") -> Iterator[Client]:
    """Serve a model folder."""
    with listening(Service.of(settings(*overrides), loaded(folder), key)) as client:
        yield client
