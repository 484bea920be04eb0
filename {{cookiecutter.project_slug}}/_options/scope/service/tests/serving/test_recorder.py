import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from requested import KIND, request_of, rows_of_training
from served import PATIENCE, listening, loaded, serving, settings, wait_until

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.serving import recorder
from {{ cookiecutter.package_name }}.serving.observed import observed
from {{ cookiecutter.package_name }}.serving.recorder import INPUT
from {{ cookiecutter.package_name }}.serving.service import Service


def recorded(folder: Path) -> list[dict[str, Any]]:
    files = sorted(folder.glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


@pytest.fixture
def body(pipeline: Path) -> bytes:
    ids = load_split(pipeline / "data/prepared", "test").ids[:3]
    return request_of(rows_of_training(pipeline, ids))


def test_nothing_is_kept_unless_it_is_asked_for(model: Path, body: bytes, tmp_path: Path) -> None:
    with serving(model, f"record_to={tmp_path / 'kept'}") as client:
        (first, *_) = client.post(body, KIND).json["predictions"]
    assert "id" not in first
    assert not (tmp_path / "kept").exists()


def test_what_was_predicted_is_kept_with_the_id_that_the_caller_gets(
    model: Path, body: bytes, tmp_path: Path
) -> None:
    with serving(model, f"record_to={tmp_path}", "record=predictions") as client:
        answers = client.post(body, KIND).json
    rows = recorded(tmp_path)
    assert [row["id"] for row in rows] == [one["id"] for one in answers["predictions"]]
    assert [row["prediction"] for row in rows] == [o["prediction"] for o in answers["predictions"]]
    assert {row["model_hash"] for row in rows} == {answers["model_hash"]}
    assert not any(name.startswith(INPUT) for row in rows for name in row)


@pytest.mark.ml_test_score("mon-3")
def test_inputs_are_kept_as_those_of_training_are_known(
    model: Path, body: bytes, pipeline: Path, tmp_path: Path
) -> None:
    with serving(model, f"record_to={tmp_path}", "record=inputs") as client:
        client.post(body, KIND)
        facts = client.service.model().predictor.facts
    known = load_split(pipeline / "data/prepared", "test").inputs[:3]
    expected = observed(known, facts, sensitive=True)
    assert expected
    for name, values in expected.items():
        assert [row[INPUT + name] for row in recorded(tmp_path)] == pytest.approx(values)


def test_a_share_of_the_requests_is_kept(model: Path, body: bytes, tmp_path: Path) -> None:
    words = [f"record_to={tmp_path}", "record=predictions", "record_share=0.5"]
    with serving(model, *words) as client:
        kept = ["id" in client.post(body, KIND).json["predictions"][0] for _ in range(40)]
    assert 5 < sum(kept) < 35
    assert len(recorded(tmp_path)) == 3 * sum(kept)


def test_its_end_does_not_wait_for_the_next_write(
    model: Path, body: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "SECONDS", 2 * PATIENCE)
    with serving(model, f"record_to={tmp_path}", "record=predictions") as client:
        client.post(body, KIND)
    assert len(recorded(tmp_path)) == 3


@pytest.mark.slow
def test_a_disk_that_takes_nothing_costs_no_answer(
    model: Path, body: bytes, tmp_path: Path
) -> None:
    with serving(model, f"record_to={tmp_path / 'kept'}", "record=predictions") as client:
        (tmp_path / "kept").rmdir()
        assert client.post(body, KIND).status == 200
        wait_until(lambda: b"\nunrecorded_total 1.0" in client.get("/metrics").body)
        assert client.post(body, KIND).status == 200


def test_old_files_are_deleted(model: Path, body: bytes, tmp_path: Path) -> None:
    days = [f"{datetime.now(UTC) - timedelta(days=age):%Y-%m-%d}" for age in (40, 31, 29)]
    for day in days:
        (tmp_path / f"{day}-7.jsonl").touch()
    with serving(model, f"record_to={tmp_path}", "record=predictions") as client:
        client.post(body, KIND)
        wait_until(lambda: not (tmp_path / f"{days[1]}-7.jsonl").exists())
    assert not (tmp_path / f"{days[0]}-7.jsonl").exists()
    assert (tmp_path / f"{days[2]}-7.jsonl").exists()


@pytest.mark.parametrize("limit", ["requests", "bytes"])
def test_more_than_can_be_written_is_left_out_and_counted(
    limit: str,
    model: Path,
    body: bytes,
    pipeline: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    service = Service.of(settings(f"record_to={tmp_path}", "record=predictions"), loaded(model))
    monkeypatch.setattr(service.recorder, "start", lambda: None)
    if limit == "requests":
        service.recorder._queue.maxsize = 2
    else:
        size = load_split(pipeline / "data/prepared", "test").inputs[:3].nbytes
        monkeypatch.setattr(recorder, "MOST_BYTES", 2 * size)
    with listening(service) as client:
        for _ in range(5):
            assert client.post(body, KIND).status == 200
        assert b"\nunrecorded_total 3.0" in client.get("/metrics").body
