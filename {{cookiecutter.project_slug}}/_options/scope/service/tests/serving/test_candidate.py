"""A candidate beside the model in use, on a socket: who answers whom, and what ends its trial."""

import json
import re
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from served import wait_until
from tried import CANARY, about, change, hash_of, send, trying

from {{ cookiecutter.package_name }}.serving.pairs import FIRST
from {{ cookiecutter.package_name }}.serving.refused import write_refusal

pytestmark = [pytest.mark.slow, pytest.mark.ml_test_score("infra-6")]

WAYS = pytest.mark.parametrize("words", [[], [CANARY]], ids=["shadow", "canary"])


@WAYS
def test_both_predict_and_one_of_them_answers(
    words: list[str], model: Path, other: Path, pair: bytes, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    with trying(model, other, kept, "record=predictions", *words) as client:
        answered = set(send(client, pair, 5))
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
    model: Path, other: Path, pair: bytes, tmp_path: Path
) -> None:
    with trying(model, other, tmp_path, CANARY, "candidate_share=0.3") as client:
        found = send(client, pair, 100)
    assert 10 < found.count(found[0]) < 90


def fails(*_: Any) -> Any:
    raise RuntimeError("out of order")


def no_numbers(usual: Any, inputs: Any) -> Any:
    return usual(inputs) * np.nan


@WAYS
@pytest.mark.parametrize(
    ("predict", "why"), [(fails, "it fails: RuntimeError"), (no_numbers, "no.* finite numbers")]
)
def test_one_that_fails_is_refused_at_once_and_every_caller_gets_an_answer(
    predict: Any, why: str, words: list[str], model: Path, other: Path, pair: bytes, tmp_path: Path
) -> None:
    with trying(model, other, tmp_path, *words) as client:
        send(client, pair, 1)
        change(client, predict)
        ours = hash_of(client.service.in_use.now)
        assert set(send(client, pair, 3)) == {ours}
        wait_until(lambda: about(client)["refused"] is not None)
        assert re.search(why, about(client)["refused"])
        wait_until(lambda: b"\ncandidate_refused 1.0" in client.get("/metrics").body)
    with trying(model, other, tmp_path, *words, "refresh=30") as client:  # another process
        assert set(send(client, pair, 3)) == {ours}
        assert about(client)["refused"]


@WAYS
def test_one_with_other_classes_answers_nobody(
    words: list[str], model: Path, other: Path, pair: bytes, tmp_path: Path
) -> None:
    with trying(model, other, tmp_path, *words) as client:
        assert client.service.candidate is not None
        assert client.service.candidate.follows.now is not None
        client.service.candidate.follows.now.predictor.classes.reverse()
        assert set(send(client, pair, 1)) == {hash_of(client.service.in_use.now)}
        wait_until(lambda: about(client)["refused"] is not None)
        assert "classes" in about(client)["refused"]


def test_one_that_hangs_holds_nobody_up(
    model: Path, other: Path, pair: bytes, tmp_path: Path
) -> None:
    ended = threading.Event()

    def hang(usual: Any, inputs: Any) -> Any:
        ended.wait(20)
        return usual(inputs)

    with trying(model, other, tmp_path, "waiting=8", "seconds=1") as client:
        change(client, hang)
        began = time.monotonic()
        assert set(send(client, pair, 5)) == {hash_of(client.service.in_use.now)}
        assert time.monotonic() - began < 15  # it would have been 100
        assert client.service.candidate is not None
        assert len(client.service.candidate.copies) <= 2
        wait_until(lambda: about(client)["refused"] is not None)
        assert "no prediction within 1 s" in about(client)["refused"]
        ended.set()


def turned(usual: Any, inputs: Any) -> Any:
    return usual(inputs)[..., ::-1] if usual(inputs).ndim == 2 else -usual(inputs)


def slow(usual: Any, inputs: Any) -> Any:
    time.sleep(0.02)
    return usual(inputs)


@pytest.mark.parametrize(
    ("predict", "why"), [(turned, "candidate_differs"), (slow, "candidate_slower")]
)
def test_one_that_differs_or_is_slow_is_refused_after_some_requests(
    predict: Any, why: str, model: Path, other: Path, pair: bytes, tmp_path: Path
) -> None:
    with trying(model, other, tmp_path, CANARY) as client:
        change(client, predict)
        answered = send(client, pair, FIRST)
        wait_until(lambda: about(client)["refused"] is not None)
        assert why in about(client)["refused"]
        assert len(set(answered)) == 1
        assert set(send(client, pair, 3)) == {hash_of(client.service.in_use.now)}


def test_the_same_model_is_no_candidate(model: Path, pair: bytes, tmp_path: Path) -> None:
    with trying(model, model, tmp_path) as client:
        send(client, pair, 3)
        assert about(client)["pairs"] == 0


def test_another_model_in_use_is_another_comparison(
    model: Path, other: Path, pair: bytes, tmp_path: Path
) -> None:
    with trying(model, other, tmp_path) as client:
        send(client, pair, 4)
        wait_until(lambda: about(client)["pairs"] == 4)
        now = client.service.in_use.now
        assert now is not None
        client.service.in_use.now = replace(now, model_hash="another")
        send(client, pair, 1)
        wait_until(lambda: about(client)["pairs"] == 1)


def test_bad_requests_are_no_fault_of_it(model: Path, other: Path, tmp_path: Path) -> None:
    with trying(model, other, tmp_path, CANARY) as client:
        for _ in range(5):
            assert client.post(b"{}", "application/json").status == 422
        assert about(client)["refused"] is None


def test_a_refusal_that_another_wrote_is_heeded(
    model: Path, other: Path, pair: bytes, tmp_path: Path
) -> None:
    with trying(model, other, tmp_path) as client:
        send(client, pair, 1)
        file = write_refusal(tmp_path, about(client)["model_hash"], "worse on 400 labels")
        wait_until(lambda: about(client)["refused"] == "worse on 400 labels")
    file.unlink()
    with trying(model, other, tmp_path) as client:
        send(client, pair, 1)
        assert about(client)["refused"] is None
