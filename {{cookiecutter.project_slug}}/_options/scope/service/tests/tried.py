"""A service that tries a candidate on every request, and who changes what it says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from requested import KIND
from served import Client, listening, loaded, settings

from {{ cookiecutter.package_name }}.serving.deployed import Deployed
from {{ cookiecutter.package_name }}.serving.service import Service

CANARY = "candidate_answers=true"


@contextmanager
def trying(model: Path, other: Path, kept: Path, *words: str) -> Iterator[Client]:
    """A service that tries ``other`` on every request."""
    known = settings(f"record_to={kept}", "candidate_share=1", "refresh=0.02", *words)
    with listening(Service.of(known, loaded(model), tried=loaded(other))) as client:
        yield client


def about(client: Client) -> dict[str, Any]:
    return client.get("/info").json["candidate"]


def change(client: Client, predict: Any) -> None:
    """Let the candidate predict in another way."""
    candidate = client.service.candidate
    assert candidate is not None
    assert candidate.follows.now is not None
    predictor = candidate.follows.now.predictor
    vars(predictor)["predict"] = partial(predict, predictor.predict)


def send(client: Client, body: bytes, times: int) -> list[str]:
    """Ask, and return the hashes of the models that answered."""
    found: list[str] = []
    for _ in range(times):
        answer = client.post(body, KIND)
        assert answer.status == 200, answer.body
        found.append(answer.json["model_hash"])
    return found


def hash_of(found: Deployed | None) -> str:
    assert found is not None
    return found.model_hash
