import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from requested import KIND, request_of, rows_of_training, too_many
from served import Client, serving

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.predictor import Predictor


def said(client: Client, body: bytes, kind: str = KIND) -> np.ndarray:
    """What the service says of each row."""
    answer = client.post(body, kind)
    assert answer.status == 200, answer.body
    rows = [one.get("probabilities") or one["prediction"] for one in answer.json["predictions"]]
    return np.array([list(row.values()) if isinstance(row, dict) else [row] for row in rows])


@pytest.mark.ml_test_score("infra-3", "mon-3")
def test_raw_rows_of_training_get_what_the_prepared_ones_got(
    client: Client, model: Path, pipeline: Path
) -> None:
    known = load_split(pipeline / "data/prepared", "train")
    body = request_of(rows_of_training(pipeline, known.ids))
    expected = Predictor(model).predict(known.inputs)
    np.testing.assert_allclose(said(client, body), expected.reshape(len(expected), -1), atol=1e-6)


def test_the_prediction_is_the_most_probable_class(client: Client, pipeline: Path) -> None:
    ids = load_split(pipeline / "data/prepared", "test").ids[:5]
    answer = client.post(request_of(rows_of_training(pipeline, ids)), KIND).json
    for one in answer["predictions"]:
        shares = one["probabilities"]
        assert one["prediction"] == max(shares, key=shares.get)
        assert sum(shares.values()) == pytest.approx(1, abs=1e-5)
    assert answer["version"] is None
    assert answer["model_hash"] == client.service.model().model_hash


def test_it_says_that_it_is_alive_and_ready_and_what_answers(client: Client, model: Path) -> None:
    assert client.get("/health").json == {"status": "alive"}
    assert client.get("/ready").json == {"status": "ready", "version": None}
    info, facts = client.get("/info").json, json.loads((model / "model.json").read_text("utf-8"))
    assert info["classes"] == facts["classes"]
    assert info["data_hashes"] == facts["data_hashes"]
    assert info["seconds_in_use"] >= 0


def test_requests_and_rows_are_counted(model: Path, pipeline: Path) -> None:
    ids = load_split(pipeline / "data/prepared", "test").ids[:7]
    with serving(model) as client:
        client.post(request_of(rows_of_training(pipeline, ids)), KIND)
        client.post(b"{", KIND)
        text = client.get("/metrics").body.decode()
    counted = dict(re.findall(r"^([^#].*) (\S+)$", text, re.MULTILINE))
    assert counted['requests_total{status="200"}'] == "1.0"
    assert counted['requests_total{status="422"}'] == "1.0"
    rows = [float(n) for name, n in counted.items() if name.startswith("rows_total{")]
    assert sum(rows) == 7
    assert counted["request_seconds_count"] == "2.0"
    assert any(name.startswith("model_info{") for name in counted)


def test_without_a_model_it_is_alive_and_not_ready(model: Path) -> None:
    with serving(model) as client:
        client.service.in_use.now = None
        assert client.get("/health").status == 200
        for answer in (client.get("/ready"), client.get("/info"), client.post(b"{}", KIND)):
            assert answer.status == 503
            assert answer.headers["retry-after"] == "1"
            assert "not ready" in answer.json["error"]


def test_a_busy_service_is_ready(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(model) as client:
        monkeypatch.setattr(client.service.batches, "most_waiting", 0)
        assert client.get("/ready").status == 200


def test_it_is_not_ready_when_a_prediction_does_not_pass(model: Path, pipeline: Path) -> None:
    ids = load_split(pipeline / "data/prepared", "test").ids[:1]
    body = request_of(rows_of_training(pipeline, ids))
    with serving(model) as client:
        deployed = client.service.model()
        deployed.predictor.program = torch.nn.Linear(1, 1)  # takes no such rows
        assert client.get("/ready").status == 503
        assert client.get("/health").status == 200
        answer = client.post(body, KIND)
        assert answer.status == 500
        assert answer.json == {"error": "the model failed; the log says why"}


@pytest.mark.parametrize(
    ("body", "kind", "status", "told"),
    [
        (b"hello", "text/plain", 415, "content-type text/plain: expected application/json"),
        (b"hello", "", 415, "content-type is missing"),
        (b"{", "application/json", 422, "body: expected "),
        (b"[]", "application/json", 422, "expected "),
        (b"\xff\xfe", "application/json", 422, "expected "),
        (b"{}", "application/json; charset=utf-8", 422, "expected "),
    ],
)
def test_what_is_no_request_is_refused(
    body: bytes, kind: str, status: int, told: str, client: Client
) -> None:
    answer = client.post(body, kind)
    assert answer.status == status
    assert told in answer.json["error"]


def test_too_many_rows_or_bytes_are_refused(model: Path, pipeline: Path) -> None:
    with serving(model, "rows=3", "body_mib=0.0625") as client:
        answer = client.post(too_many(pipeline, 4), KIND)
        assert answer.status == 413
        assert re.search(r"^4 (rows|images): expected at most 3 \(rows\)$", answer.json["error"])
        answer = client.post(b" " * 70_000)
        assert (answer.status, "at most 0.0625 MiB" in answer.json["error"]) == (413, True)


def test_who_does_not_know_the_key_is_refused(model: Path, pipeline: Path) -> None:
    ids = load_split(pipeline / "data/prepared", "test").ids[:1]
    body = request_of(rows_of_training(pipeline, ids))
    with serving(model, key="a secret") as client:
        assert client.post(body, KIND).status == 401
        assert client.post(body, KIND, X_API_Key="another").status == 401
        assert client.post(body, KIND, X_API_Key="a secret").status == 200
        assert client.get("/health").status == 200


def test_an_unknown_address_or_method_is_told(client: Client) -> None:
    assert client.get("/predictions").status == 404
    assert client.get("/predict").status == 405
