"""Which MLflow gets the runs, and whether it answers."""

from __future__ import annotations

import os
import re
import ssl
import threading
import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from ..config import Tracking

SQLITE = "sqlite:///"
BROKEN = 500  # from here on a proxy says that nobody is behind it; a refusal is an answer


def place_for(settings: Tracking) -> str:
    """Return where runs go, to be written down: the server, or "" for the project's own file."""
    return settings.uri or without_password(os.environ.get("MLFLOW_TRACKING_URI", ""))


def address_of(place: str, project: Path) -> str:
    """Return MLflow's address of a ``place``, with the password that the environment has for it."""
    given = os.environ.get("MLFLOW_TRACKING_URI", "")
    if place and place == without_password(given):
        return given
    return in_project(place or f"{SQLITE}mlflow.db", project)


def in_project(uri: str, project: Path) -> str:
    """Return the address of a file with its whole path: a relative one is meant in the project."""
    file = uri.removeprefix(SQLITE)
    relative = file not in (uri, "", ":memory:") and not Path(file).is_absolute()
    return f"{SQLITE}{(project / file).as_posix()}" if relative else uri


def without_password(uri: str) -> str:
    """Return an address that may be written down."""
    scheme, separator, rest = uri.partition("://")
    place, mark, query = rest.partition("?")
    if scheme in ("http", "https"):
        host, slash, path = place.partition("/")
        place = host.rpartition("@")[2] + slash + path
    else:  # a database's password may hold a slash
        place = place.rpartition("@")[2]
    if re.search("pass|pwd|secret|token", query, re.IGNORECASE):
        mark = query = ""
    return f"{scheme}{separator}{place}{mark}{query}" if separator else uri


def shown(uri: str) -> str:
    """Return how messages call an address."""
    return Path(uri).name if uri.startswith("sqlite:") else without_password(uri)


def problem_with(uri: str, timeout: float) -> str:
    """Return why a server does not answer within ``timeout`` seconds; empty if it does."""
    if urlsplit(uri).scheme not in ("http", "https"):
        return ""
    problems = [f"no answer within {timeout:g} s"]

    def ask() -> None:
        try:
            url = f"{without_password(uri).rstrip('/')}/health"
            with urllib.request.urlopen(url, timeout=timeout):  # noqa: S310 - http only
                problems.append("")
        except urllib.error.HTTPError as answer:
            problems.append(f"error {answer.code}" if answer.code >= BROKEN else "")
        except (OSError, ValueError, HTTPException) as problem:
            reason = getattr(problem, "reason", problem)
            # MLflow has settings of its own for certificates, and says whether they fit.
            problems.append("" if isinstance(reason, ssl.SSLError) else str(reason))

    # A thread, because the limit of urlopen leaves out the name look-up, which can take far longer.
    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(timeout)
    return problems[-1]
