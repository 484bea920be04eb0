"""Uvicorn around the application."""

from __future__ import annotations

import errno
import signal
import socket

import uvicorn

from ..runtime.errors import UserError
from .application import Application
from .service import Service
from .settings import Settings

SECONDS_TO_END = 30  # that requests which are being answered have after a signal


def run(service: Service, settings: Settings) -> None:
    """Answer until a signal says stop.

    Raises:
        UserError: where nobody can listen.
    """
    try:
        listening = socket.create_server((settings.host, settings.port), backlog=2048)
    except OSError as error:
        taken = f"already in use on {settings.host}"
        why = taken if error.errno == errno.EADDRINUSE else f"{settings.host}: {error.strerror}"
        raise UserError(f"port={settings.port}: {why}.") from error
    config = uvicorn.Config(
        Application(service),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=SECONDS_TO_END,
        timeout_keep_alive=30,
    )
    host, port = listening.getsockname()[:2]
    print(f"serve: http://{host}:{port}", flush=True)
    for name in ("SIGTERM", "SIGINT"):  # uvicorn raises them once more at its end
        signal.signal(getattr(signal, name), lambda *_: None)
    uvicorn.Server(config).run(sockets=[listening])
