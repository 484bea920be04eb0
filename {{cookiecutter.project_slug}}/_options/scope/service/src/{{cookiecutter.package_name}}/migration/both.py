"""Two MLflows, and what each calls the same thing."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import mlflow
from mlflow import MlflowClient

ORIGIN = "migrated_from"  # tag of all that was copied: what it is called at the source


@dataclass
class Both:
    """Where it comes from, where it goes, and ids there by those here."""

    source: str
    target: str
    ours: MlflowClient
    theirs: MlflowClient
    runs: dict[str, str] = field(default_factory=dict)
    models: dict[str, str] = field(default_factory=dict)

    @contextlib.contextmanager
    def asking(self, uri: str) -> Iterator[None]:
        """Look models up in one of both: MLflow takes that from a setting of the process."""
        before = mlflow.get_tracking_uri()
        mlflow.set_tracking_uri(uri)
        try:
            yield
        finally:
            mlflow.set_tracking_uri(before)


def all_of(search: Callable[..., Any], *words: Any, **named: Any) -> list[Any]:
    """Return what MLflow finds, page after page."""
    found: list[Any] = []
    token: str | None = None
    while True:
        page = search(*words, page_token=token, **named)
        found += page
        token = page.token
        if not token:
            return found
