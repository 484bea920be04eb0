"""Looks at the tracking server: does it answer, and where do runs go if not."""

from __future__ import annotations

import base64
import os
import re
import threading
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from project_tools.check import NOTE, OK, Check

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

PATIENCE = 2.0  # seconds; MLflow itself would wait for minutes
ASKS_WHO = (401, 403)  # the server is there and wants a name and a password
REFUSALS = [f"error {code}" for code in ASKS_WHO]
SMALLEST = "api/2.0/mlflow/experiments/search?max_results=1"  # that needs a name, where any does
NAME, PASSWORD = "MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD"


def server(project: Path, patience: float = PATIENCE) -> Check:
    """Nobody needs a server: without one runs go to a file here; while it is down they are kept."""
    address = configured(project) or os.environ.get("MLFLOW_TRACKING_URI", "")
    if not address:
        place = project / "mlflow.db"
        return Check(OK, "tracking", f"runs go to {place} (MLFLOW_TRACKING_URI is not set)")
    parts = urlsplit(address)
    # Without name and password: urlopen takes them for a part of the host, and nobody needs to see.
    shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    if parts.scheme not in ("http", "https"):
        return Check(OK, "tracking", f"runs go to {shown}")
    place = shown.rstrip("/")
    answer = probe(f"{place}/health", patience)
    if answer == "":
        asked = probe(f"{place}/{SMALLEST}", patience, login(address), accepted=())
        if asked in REFUSALS:
            detail = f"{shown} refuses this name or password ({asked}); runs are kept"
            return Check(NOTE, "tracking", detail, (f"export {NAME}=... {PASSWORD}=...",))
        return Check(OK, "tracking", f"{shown} answers")
    detail = f"{shown}: {answer}; until then runs are kept, and `uv run sync` brings them"
    if parts.hostname in ("localhost", "127.0.0.1"):
        command = f"uv run mlflow server --port {parts.port or 5000}"
        command = f"{command} --backend-store-uri sqlite:///mlflow.db"
        return Check(NOTE, "tracking", detail, (command,))
    return Check(NOTE, "tracking", detail, ("unset MLFLOW_TRACKING_URI",))


def configured(project: Path) -> str:
    """The server that the pipeline's configuration names; it goes before the environment's."""
    params = project / "params.yaml"
    text = params.read_text(encoding="utf-8") if params.is_file() else ""
    found = re.search(r"^tracking:\n(?:  .*\n)*?  uri: (.+)$", text, re.MULTILINE)
    return "" if found is None or found[1] == "null" else found[1].strip("'\"")


def login(address: str) -> dict[str, str]:
    """The header by which a server knows who asks; MLflow takes both words from these places."""
    parts = urlsplit(address)
    name = parts.username or os.environ.get(NAME)
    password = parts.password or os.environ.get(PASSWORD, "")
    if not name:
        return {}
    both = f"{unquote(name)}:{unquote(password)}" if parts.username else f"{name}:{password}"
    return {"Authorization": f"Basic {base64.b64encode(both.encode()).decode()}"}


def probe(
    url: str,
    patience: float,
    headers: Mapping[str, str] | None = None,
    accepted: Sequence[int] = ASKS_WHO,
) -> str:
    """What is wrong with `url`; empty if it answers, be it with an `accepted` error."""
    problems = [f"no answer within {patience:g} s"]
    request = urllib.request.Request(url)  # noqa: S310 - http only
    for name, value in (headers or {}).items():
        request.add_unredirected_header(name, value)  # nobody else gets a password

    def look() -> None:
        try:
            with urllib.request.urlopen(request, timeout=2 * patience):  # noqa: S310 - http only
                problems.append("")
        except urllib.error.HTTPError as answer:
            problems.append("" if answer.code in accepted else f"error {answer.code}")
        except (OSError, HTTPException) as problem:
            problems.append(str(getattr(problem, "reason", problem)))

    # A thread, because the limit of urlopen leaves out the name look-up, which can take far longer.
    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    thread.join(patience)
    return problems[-1]


CHECKS = (server,)
