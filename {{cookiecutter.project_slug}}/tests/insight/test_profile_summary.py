import dataclasses

import pytest
import torch

from {{ cookiecutter.package_name }}.insight.profile_summary import (
    Measured,
    Operation,
    advice,
    is_operation,
    peak_memory,
    summary,
)
from {{ cookiecutter.package_name }}.insight.step_times import Part

HEALTHY = {Part.data: 0.5, Part.forward: 4.0, Part.backward: 5.0, Part.optimizer: 0.5}
LARGE = [Operation("aten::mm", 10.0, 8.0), Operation("aten::relu", 5.0, 1.0)]
MEASURED = Measured(HEALTHY, 20, 64.0, "cpu", 3 << 20, LARGE)


def test_the_page_says_how_fast_training_is_and_what_takes_how_much() -> None:
    lines = summary(MEASURED).splitlines()
    assert "20 steps of 64 samples on cpu: 10.00 ms each, 6,400 samples/s" in lines[2]
    assert "at most 3 MiB" in lines[2]
    assert "| backward             |     5.000 | 50.0% |" in lines
    assert "| all                  |    10.000 |  100% |" in lines
    assert all(len(line) <= 120 for line in lines)


def test_the_ten_most_expensive_operations_come_in_order() -> None:
    many = [Operation(f"aten::op{number}", 1.0, float(number)) for number in range(15)]
    marks = [Operation(Part.forward.value, 1.0, 99.0), Operation("ProfilerStep*", 1.0, 99.0)]
    text = summary(dataclasses.replace(MEASURED, operations=[*many, *marks]))
    shown = [line.split()[1] for line in text.splitlines() if line.startswith("| aten::")]
    assert shown == [f"aten::op{number}" for number in range(14, 4, -1)]
    assert is_operation("aten::mm")
    assert not any(is_operation(one.name) for one in marks)


@pytest.mark.parametrize(
    ("part", "key"),
    [
        (Part.data, "data.workers"),
        (Part.augmentation, "data.augmentation"),
        (Part.optimizer, "optimizer.fused"),
        (Part.validation, "trainer.checkpoints"),
        (Part.rest, "data.batch_size"),
    ],
)
def test_the_advice_is_about_the_part_that_takes_the_time(part: Part, key: str) -> None:
    (first, *others) = advice(dataclasses.replace(MEASURED, parts={**HEALTHY, part: 8.0}))
    assert key in first
    assert others == []


def test_many_small_operations_ask_for_larger_batches() -> None:
    small = [Operation("aten::mul", 1000.0, 9.0)]
    (on_cpu,) = advice(dataclasses.replace(MEASURED, operations=small))
    assert "data.batch_size" in on_cpu
    (on_gpu,) = advice(dataclasses.replace(MEASURED, operations=small, device="cuda"))
    assert "trainer.compile=true" in on_gpu


def test_a_training_that_is_busy_with_its_network_is_told_so() -> None:
    (on_cpu,) = advice(MEASURED)
    assert "as it should" in on_cpu
    (on_gpu,) = advice(dataclasses.replace(MEASURED, device="cuda"))
    assert "trainer.precision=bf16-mixed" in on_gpu


def test_peak_memory_is_in_bytes() -> None:
    held = torch.ones(1 << 24)  # 64 MiB, so that there is a lower bound
    assert held.nbytes < peak_memory(torch.device("cpu")) < 1 << 40
