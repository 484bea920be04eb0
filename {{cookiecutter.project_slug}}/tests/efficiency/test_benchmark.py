import json
import re
import socket
from pathlib import Path

import pytest
from calling import Invoke

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.efficiency import benchmark, processes
from {{ cookiecutter.package_name }}.efficiency.ratio import latency_ratio
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.tracking.lineage import file_hash


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("proceses=9", "proceses=9: unknown. Did you mean 'processes'? Valid: batch, calls"),
        ("calls", "calls: unknown."),
        ("processes=5", "processes=5: expected 6 or more (an interval needs six)."),
        ("calls=367", "calls=367: expected 368 or more (p99 needs as many)."),
        ("threads=zero", "threads=zero: expected 1 or more."),
    ],
)
def test_a_mistake_gets_one_line(argument: str, message: str) -> None:
    with pytest.raises(UserError) as refused:
        benchmark.read([argument])
    assert message in str(refused.value)


def test_arguments_are_a_run_and_numbers() -> None:
    assert benchmark.read([]) == (None, {})
    assert benchmark.read(["run=try", "calls=500", "batch=8"]) == (
        "try",
        {"calls": 500, "batch": 8},
    )


def test_an_unknown_run_is_refused_with_those_there_are(project: Path, invoke: Invoke) -> None:
    (project / "runs/trial").mkdir(parents=True)
    (project / "runs/trial/overrides.yaml").write_text("[]\n")
    with pytest.raises(SystemExit) as refused:
        invoke(benchmark.main, "run=trail")
    assert "run=trail: no such run. Did you mean 'trial'?" in str(refused.value)


@pytest.mark.slow
def test_a_model_is_timed_in_fresh_processes(
    pipeline: Path,
    invoke: Invoke,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(pipeline)
    invoke(benchmark.main, "processes=6", "calls=368", "warmup=5", "batch=4")
    text = (pipeline / "records/efficiency.json").read_text("utf-8")
    found, shown = json.loads(text), capsys.readouterr().out
    model = pipeline / "models/network"
    assert found["model_hash"] == file_hash(model / "state.ckpt")
    facts = json.loads((model / "model.json").read_text("utf-8"))
    assert found["parameters"] == facts["parameters"]
    assert found["size_bytes"]["program.pt2"] == (model / "program.pt2").stat().st_size
    assert found["flops_per_row"] is None or found["flops_per_row"] > facts["parameters"] / 10
    latency = found["latency_seconds"]
    assert 0 < latency["p50"]["value"] <= latency["p95"]["value"] <= latency["p99"]["value"]
    for entry in (*latency.values(), *found["cold_start"].values(), found["peak_memory_bytes"]):
        assert 0 < entry["low"] <= entry["value"] <= entry["high"]
        assert entry["rows"] == 6
    assert found["peak_memory_bytes"]["value"] > 2**26
    assert found["protocol"]["threads"] == 1
    assert re.search(r"one row, p99, ms +\d", shown)
    assert "wrote records/efficiency.json" in shown
    for secret in (socket.gethostname(), str(pipeline), str(Path.home())):
        assert secret not in text


@pytest.mark.slow
def test_a_model_takes_as_long_as_itself(pipeline: Path) -> None:
    model = pipeline / "models/network"
    rows = load_split(pipeline / "data/prepared", "val").inputs[:8]
    found = latency_ratio(model, model, rows, processes=3, calls=400, warmup=20)
    assert set(found) == {"p50", "p95"}
    assert 0.5 < found["p50"].value < 2
    assert found["p50"].rows == 3


def test_a_process_that_fails_says_why(tmp_path: Path) -> None:
    order = processes.Order(str(tmp_path / "none"), "", str(tmp_path / "answer"), 1, 1, 0, 1)
    with pytest.raises(UserError, match=r"it could not be timed: .*not a whole model folder"):
        processes.run_worker(order, tmp_path)
