import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from {{ cookiecutter.package_name }}.efficiency import processes, worker
from {{ cookiecutter.package_name }}.efficiency.device import OnDevice
from {{ cookiecutter.package_name }}.efficiency.measuring import flops_of
from {{ cookiecutter.package_name }}.efficiency.worker import Protocol
from {{ cookiecutter.package_name }}.runtime.errors import UserError


class Clockwork:
    """A predictor on a clock of its own: its first calls are slow."""

    def __init__(self, slow: int) -> None:
        self.slow, self.now, self.seen = slow, 0, list[float]()

    def time(self) -> int:
        return self.now

    def predict(self, rows: np.ndarray) -> None:
        assert rows.shape == (1, 1)
        self.now += 1000 if len(self.seen) < self.slow else 10
        self.seen.append(float(rows[0, 0]))


@pytest.mark.ml_test_score("mon-6")
def test_calls_to_warm_up_are_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    predictor = Clockwork(slow=3)
    monkeypatch.setattr(worker.time, "perf_counter_ns", predictor.time)
    how = Protocol(calls=4, warmup=3)
    assert worker._times(predictor, np.array([[0.0], [1.0], [2.0]]), how) == [10] * 4
    assert predictor.seen == [0, 1, 2, 0, 1, 2, 0]


@pytest.mark.slow
@pytest.mark.ml_test_score("mon-6")
def test_memory_of_who_starts_a_process_is_not_its_own() -> None:
    held = np.ones(2**25)  # 256 MiB
    code = f"from {worker.__name__} import peak_memory; print(peak_memory())"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8"
    )
    assert held.nbytes > int(done.stdout) > 2**20


def test_operations_are_two_for_each_multiply_add() -> None:
    one, weights = torch.ones(1, 30), torch.ones(30, 7)
    assert flops_of(lambda: one @ weights)["value"] == 2 * 30 * 7


def test_what_cannot_be_counted_says_why() -> None:
    def fail() -> None:
        raise NotImplementedError

    assert flops_of(lambda: torch.ones(1).exp()) == {
        "value": None,
        "why": "it has no operation that torch counts",
    }
    why = "torch cannot count them: NotImplementedError"
    assert flops_of(fail) == {"value": None, "why": why}


@pytest.mark.slow
def test_a_process_that_fails_says_why(tmp_path: Path) -> None:
    processes.write_order(np.zeros(1), Protocol(), tmp_path)
    with pytest.raises(UserError, match=r"it could not be timed: .*not a whole model folder"):
        processes.run_worker(tmp_path / "none", tmp_path, 1)


def test_on_a_device_a_program_says_the_same(tmp_path: Path) -> None:
    network, rows = torch.nn.Linear(3, 2), torch.rand(4, 3)
    torch.export.save(torch.export.export(network, (rows,)), tmp_path / "program.pt2")
    moved = OnDevice(tmp_path / "program.pt2", "cpu")
    assert torch.equal(moved(rows), network(rows))
    elsewhere = OnDevice(tmp_path / "program.pt2", "meta")
    assert {weights.device.type for weights in elsewhere.parameters()} == {"meta"}
