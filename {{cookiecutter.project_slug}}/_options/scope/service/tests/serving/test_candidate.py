"""A candidate beside the model in use, on a socket: who answers whom, and what ends its trial."""

import asyncio
import json
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from requested import KIND, request_of, rows_of_training
from served import PATIENCE, Client, listening, loaded, settings, wait_until

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.serving.answers import Said
from {{ cookiecutter.package_name }}.serving.deployed import Deployed
from {{ cookiecutter.package_name }}.serving.pairs import FIRST
from {{ cookiecutter.package_name }}.serving.service import Service

CANARY = "candidate_answers=true"


@pytest.fixture
def other(model: Path, tmp_path: Path) -> Path:
    """The same model under another hash."""
    folder = shutil.copytree(model, tmp_path / "other")
    with (folder / "state.ckpt").open("ab") as stream:
        stream.write(b"anew")
    return folder


@pytest.fixture
def body(pipeline: Path) -> bytes:
    ids = load_split(pipeline / "data/prepared", "test").ids[:2]
    return request_of(rows_of_training(pipeline, ids))


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


@pytest.mark.parametrize("words", [[], [CANARY]], ids=["shadow", "canary"])
def test_both_predict_and_one_of_them_answers(
    words: list[str], model: Path, other: Path, body: bytes, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    with trying(model, other, kept, "record=predictions", *words) as client:
        answered = set(send(client, body, 5))
        wait_until(lambda: about(client)["pairs"] == 5)
        assert client.service.candidate is not None
        theirs = hash_of(client.service.candidate.follows.now)
        ours = hash_of(client.service.in_use.now)
        assert b"\npairs_total 5.0" in client.get("/metrics").body
    assert answered == {theirs if words else ours}
    rows = [
        json.loads(line) for file in kept.glob("*.jsonl") for line in file.read_bytes().splitlines()
    ]
    by_model = {key: {r["id"] for r in rows if r["model_hash"] == key} for key in (ours, theirs)}
    assert by_model[ours] == by_model[theirs]
    assert len(by_model[ours]) == 10
    assert {r["model_hash"] for r in rows if r["candidate"]} == {theirs}


def test_it_gets_its_share_of_the_requests(
    model: Path, other: Path, body: bytes, tmp_path: Path
) -> None:
    with trying(model, other, tmp_path, CANARY, "candidate_share=0.3") as client:
        found = send(client, body, 100)
    assert 10 < found.count(found[0]) < 90


def fails(*_: Any) -> Any:
    raise RuntimeError("out of order")


def no_numbers(usual: Any, inputs: Any) -> Any:
    return usual(inputs) * np.nan


@pytest.mark.parametrize("words", [[], [CANARY]], ids=["shadow", "canary"])
@pytest.mark.parametrize(
    ("predict", "why"), [(fails, "it fails: out of order"), (no_numbers, "no.* finite numbers")]
)
def test_one_that_fails_is_refused_at_once_and_every_caller_gets_an_answer(
    predict: Any, why: str, words: list[str], model: Path, other: Path, body: bytes, tmp_path: Path
) -> None:
    with trying(model, other, tmp_path, *words) as client:
        send(client, body, 1)
        change(client, predict)
        ours = hash_of(client.service.in_use.now)
        assert set(send(client, body, 3)) == {ours}
        wait_until(lambda: about(client)["refused"] is not None)
        assert re.search(why, about(client)["refused"])
        wait_until(lambda: b"\ncandidate_refused 1.0" in client.get("/metrics").body)
    with trying(model, other, tmp_path, *words) as client:  # another process
        wait_until(lambda: about(client)["refused"] is not None)
        assert set(send(client, body, 3)) == {ours}


@pytest.mark.parametrize("words", [[], [CANARY]], ids=["shadow", "canary"])
def test_one_with_other_classes_answers_nobody(
    words: list[str], model: Path, other: Path, body: bytes, tmp_path: Path
) -> None:
    with trying(model, other, tmp_path, *words) as client:
        assert client.service.candidate is not None
        assert client.service.candidate.follows.now is not None
        client.service.candidate.follows.now.predictor.classes.reverse()
        assert set(send(client, body, 1)) == {hash_of(client.service.in_use.now)}
        wait_until(lambda: about(client)["refused"] is not None)
        assert "classes" in about(client)["refused"]


def test_copies_leave_room_for_requests(
    model: Path, other: Path, body: bytes, tmp_path: Path
) -> None:
    with trying(model, other, tmp_path, "waiting=8") as client:
        candidate = client.service.candidate
        assert candidate is not None
        usual = candidate.say

        async def hanging(by: Deployed, inputs: Any) -> Said:
            if by is candidate.follows.now:
                await asyncio.sleep(PATIENCE)
            return await usual(by, inputs)

        candidate.say = hanging
        send(client, body, 5)
        assert len(candidate._copies) == 2


def turned(usual: Any, inputs: Any) -> Any:
    return usual(inputs)[..., ::-1] if usual(inputs).ndim == 2 else -usual(inputs)


def slow(usual: Any, inputs: Any) -> Any:
    time.sleep(0.02)
    return usual(inputs)


@pytest.mark.parametrize(
    ("predict", "why"), [(turned, "candidate_differs"), (slow, "candidate_slower")]
)
def test_one_that_differs_or_is_slow_is_refused_after_some_requests(
    predict: Any, why: str, model: Path, other: Path, body: bytes, tmp_path: Path
) -> None:
    with trying(model, other, tmp_path, CANARY) as client:
        change(client, predict)
        answered = send(client, body, FIRST)
        wait_until(lambda: about(client)["refused"] is not None)
        assert why in about(client)["refused"]
        assert len(set(answered)) == 1
        assert set(send(client, body, 3)) == {hash_of(client.service.in_use.now)}


def test_the_same_model_is_no_candidate(model: Path, body: bytes, tmp_path: Path) -> None:
    with trying(model, model, tmp_path) as client:
        send(client, body, 3)
        assert about(client)["pairs"] == 0


def test_bad_requests_are_no_fault_of_it(model: Path, other: Path, tmp_path: Path) -> None:
    with trying(model, other, tmp_path, CANARY) as client:
        for _ in range(5):
            assert client.post(b"{}", "application/json").status == 422
        assert about(client)["refused"] is None


def test_a_refusal_that_another_wrote_is_heeded(
    model: Path, other: Path, body: bytes, tmp_path: Path
) -> None:
    from {{ cookiecutter.package_name }}.serving.refused import write_refusal

    with trying(model, other, tmp_path) as client:
        send(client, body, 1)
        file = write_refusal(tmp_path, about(client)["model_hash"], "worse on 400 labels")
        wait_until(lambda: about(client)["refused"] == "worse on 400 labels")
    file.unlink()
    with trying(model, other, tmp_path) as client:
        send(client, body, 1)
        assert about(client)["refused"] is None
