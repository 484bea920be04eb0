"""Uvicorn around the application."""

from __future__ import annotations

import errno
import signal
import socket

import uvicorn

from .application import Application
from .service import Service
from .settings import Settings

SECONDS_TO_END = 30  # that requests which are being answered have after a signal


def run(service: Service, settings: Settings) -> bool:
    """Answer until a signal says stop; return False where the port is taken."""
    try:
        listening = socket.create_server((settings.host, settings.port), backlog=2048)
    except OSError as error:
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            return False
        raise
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
    return True
