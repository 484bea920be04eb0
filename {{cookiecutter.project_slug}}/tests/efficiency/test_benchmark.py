import json
import os
import re
import shutil
import socket
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from calling import Invoke
from toy_project import contents

from {{ cookiecutter.package_name }}.efficiency import benchmark, measuring
from {{ cookiecutter.package_name }}.efficiency.worker import Protocol
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.schema import Manifest
from {{ cookiecutter.package_name }}.tracking.lineage import file_hash

pytestmark = pytest.mark.slow

ANSWER = {
    "import_seconds": 1.5,
    "load_seconds": 2.25,
    "first_call_seconds": 0.0125,
    "call_nanoseconds": [2_000_000] * 400,
    "threads": 1,
    "rows_per_second": 12345.0,
    "peak_memory_bytes": 300 * 2**20,
}
QUICK = ("processes=6", "calls=368", "warmup=5", "batch=4", "threads=2")


@pytest.fixture
def timed(pipeline: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of a project that ran, in which commands start."""
    project = shutil.copytree(pipeline, tmp_path / "project")
    shutil.rmtree(project / "records", ignore_errors=True)
    monkeypatch.chdir(project)
    return project


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that answer at once, and always the same."""

    def answer(_model: Path, folder: Path, _threads: int) -> dict[str, Any]:
        assert len(np.load(folder / "rows.npy"))
        return ANSWER

    monkeypatch.setattr(measuring, "run_worker", answer)


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("proceses=9", "proceses=9: unknown. Did you mean 'processes'? Valid: batch, calls"),
        ("calls", "calls: expected calls=VALUE."),
        ("run=", "run=: expected run=VALUE."),
        ("processes=5", "processes=5: expected 6 or more (an interval needs six)."),
        ("calls=367", "calls=367: expected 368 or more (an interval of p99 needs as many)."),
        ("threads=zero", "threads=zero: expected 1 or more."),
        ("device=cdua", "device=cdua: unknown. Did you mean 'cuda'? Valid: cpu, cuda."),
    ],
)
def test_a_mistake_gets_one_line(argument: str, message: str) -> None:
    with pytest.raises(UserError) as refused:
        benchmark.read([argument])
    assert message in str(refused.value)


def test_arguments_are_a_run_and_a_protocol() -> None:
    assert benchmark.read([]) == (None, Protocol())
    run, how = benchmark.read(["run=try", "calls=500", "batch=8", "device=cuda"])
    assert (run, how) == ("try", Protocol(calls=500, batch=8, device="cuda"))


def test_help_says_what_it_takes(invoke: Invoke, capsys: pytest.CaptureFixture[str]) -> None:
    invoke(benchmark.main, "--help")
    shown = capsys.readouterr().out
    for key in ("run", "device", *benchmark.FEWEST):
        assert f"{key}=" in shown


def test_an_unknown_run_is_refused_with_those_there_are(project: Path, invoke: Invoke) -> None:
    (project / "runs/trial").mkdir(parents=True)
    (project / "runs/trial/overrides.yaml").write_text("[]\n", "utf-8")
    with pytest.raises(SystemExit) as refused:
        invoke(benchmark.main, "run=trail")
    assert "run=trail: no such run. Did you mean 'trial'?" in str(refused.value)


@pytest.mark.usefixtures("timed")
def test_a_device_that_is_not_there_is_refused(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring.torch.cuda, "is_available", lambda: False)
    with pytest.raises(SystemExit) as refused:
        invoke(benchmark.main, "device=cuda")
    assert "device=cuda: torch finds no GPU here." in str(refused.value)


@pytest.mark.usefixtures("answered")
def test_a_run_by_hand_keeps_its_numbers_to_itself(
    timed: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    run = timed / "runs/trial"
    shutil.copytree(timed / "models/network", run / "models/network")
    invoke(benchmark.main, "run=trial")
    found = json.loads((run / "efficiency.json").read_text("utf-8"))
    assert found["model_hash"] == file_hash(run / "models/network/state.ckpt")
    assert not (timed / "records").exists()
    shown = capsys.readouterr().out
    assert re.search(r"cold start: load +2,250 \[2,250, 2,250\] ms\n", shown)
    assert re.search(r"one row, p99 +2.000 \[2.000, 2.000\] ms\n", shown)
    assert re.search(r"peak memory +300 \[300, 300\] MiB\n", shown)
    assert shown.endswith("benchmark: wrote runs/trial/efficiency.json\n")


@pytest.mark.usefixtures("answered")
def test_the_network_that_folds_release_is_measured_too(folded: Path) -> None:
    found = measuring.measure(folded / "models/network", folded / "data/prepared", Protocol())
    assert found["protocol"]["rows"] > 0


def test_a_model_that_is_replaced_meanwhile_is_not_reported(
    timed: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    def replace(model: Path, *_: object) -> dict[str, Any]:
        (model / "state.ckpt").write_bytes(b"another")
        return ANSWER

    monkeypatch.setattr(measuring, "run_worker", replace)
    (timed / "records").mkdir()
    (timed / "records/efficiency.json").write_text("{}\n", "utf-8")
    with pytest.raises(SystemExit) as refused:
        invoke(benchmark.main)
    assert "was replaced while it was timed" in str(refused.value)
    assert (timed / "records/efficiency.json").read_text("utf-8") == "{}\n"


def test_a_model_of_other_data_is_refused(timed: Path) -> None:
    file = timed / "models/network/model.json"
    facts = json.loads(file.read_text("utf-8"))
    facts["data_hashes"] = dict.fromkeys(Manifest.load(timed / "data/prepared").hashes, "other")
    file.write_text(json.dumps(facts), "utf-8")
    with pytest.raises(UserError, match="was trained on other data"):
        measuring.measure(timed / "models/network", timed / "data/prepared", Protocol())


@pytest.mark.full
def test_a_model_is_timed_in_fresh_processes(
    timed: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(timed)
    invoke(benchmark.main, *QUICK)
    after = contents(timed)
    text = after.pop("records/efficiency.json").decode()
    assert after == before  # what DVC owns, and all the rest
    found, model = json.loads(text), timed / "models/network"
    facts = json.loads((model / "model.json").read_text("utf-8"))
    assert found["model_hash"] == file_hash(model / "state.ckpt")
    assert found["parameters"] == facts["parameters"]
    assert found["size_bytes"]["program.pt2"] == (model / "program.pt2").stat().st_size
    assert found["flops_per_row"]["value"] > facts["parameters"] / 10
    latency = found["latency_seconds"]
    assert 0 < latency["p50"]["value"] <= latency["p95"]["value"] <= latency["p99"]["value"]
    assert latency["p50"]["pooled"]["rows"] == 6 * 368
    warm = [found["rows_per_second"], found["peak_memory_bytes"]]
    for entry in (*latency.values(), *found["cold_start"].values(), *warm):
        assert 0 < entry["low"] <= entry["value"] <= entry["high"]
        assert entry["rows"] == 6
    assert found["peak_memory_bytes"]["value"] > 2**26
    assert found["machine"]["threads"] == found["protocol"]["threads"] == 2
    assert "benchmark: wrote records/efficiency.json" in capsys.readouterr().out
    names = {socket.gethostname(), os.environ.get("USER", ""), Path.home().name}
    places = {json.dumps(str(place))[1:-1] for place in (timed, Path.home(), Path.cwd())}
    assert not [secret for secret in names | places if len(secret) > 3 and secret in text]
