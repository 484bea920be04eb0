"""What a profile comes to, on one page: the parts of a step, the costly operations, what to try."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import psutil
import torch

from .step_times import Part

SHOWN_OPERATIONS = 10
SMALL_OPERATION = 0.02  # milliseconds: about what it costs to start one from Python
MARKS = {part.value for part in Part}


@dataclass
class Operation:
    """One kind of operation of torch in a step: calls, and milliseconds without those it calls."""

    name: str
    calls: float
    milliseconds: float


@dataclass
class Measured:
    """What was measured: ``parts`` in milliseconds of a step, ``memory`` in bytes."""

    parts: dict[Part, float]
    steps: int
    samples: float  # of a step, in all processes
    device: str
    memory: int
    operations: list[Operation]

    @property
    def step(self) -> float:
        """Milliseconds of a step, with its share of what is done once an epoch."""
        return sum(self.parts.values())

    def share(self, *parts: Part) -> float:
        """Return how much of a step the parts take, from 0 to 1."""
        return sum(self.parts.get(part, 0.0) for part in parts) / self.step


def summary(measured: Measured) -> str:
    """Return the page, in Markdown."""
    speed = 1e3 * measured.samples / measured.step
    return "\n".join(
        [
            "# Where the time of a training goes",
            "",
            f"{measured.steps} steps of {measured.samples:.0f} samples on {measured.device}: "
            f"{measured.step:.2f} ms each, {speed:,.0f} samples/s, "
            f"at most {measured.memory / 2**20:,.0f} MiB.",
            "",
            *_table_of_parts(measured),
            "",
            *_table_of_operations(measured.operations),
            "",
            "What to try:",
            "",
            *(f"- {one}" for one in advice(measured)),
            "",
        ]
    )


def _table_of_parts(measured: Measured) -> list[str]:
    lines = [f"| {'part':<20} | ms a step | share |", f"|{'-' * 22}|{'-' * 10}:|{'-' * 6}:|"]
    for part in Part:
        if part in measured.parts:
            cells = f"{measured.parts[part]:9.3f} | {measured.share(part):5.1%}"
            lines.append(f"| {part.value:<20} | {cells} |")
    return [*lines, f"| {'all':<20} | {measured.step:9.3f} |  100% |"]


def _table_of_operations(operations: list[Operation]) -> list[str]:
    """The most expensive ones; the profiler itself makes them slower than they are."""
    lines = [
        f"| {'operation, while traced':<36} | calls a step | ms a step |",
        f"|{'-' * 38}|{'-' * 13}:|{'-' * 10}:|",
    ]
    shown = [one for one in operations if is_operation(one.name)]
    shown.sort(key=lambda one: one.milliseconds, reverse=True)
    for one in shown[:SHOWN_OPERATIONS]:
        name = one.name if len(one.name) <= 36 else f"{one.name[:33]}..."
        lines.append(f"| {name:<36} | {one.calls:12.1f} | {one.milliseconds:9.3f} |")
    return lines


def is_operation(name: str) -> bool:
    """Tell torch's operations and kernels from marks of parts, steps and the profiler itself."""
    return name not in MARKS and not name.startswith(("ProfilerStep", "[", "Optimizer.", "cuda"))


# Parts, the share of a step from which they are worth a look, and what to do then.
ADVICE = [
    (
        (Part.data,),
        0.2,
        "data.workers=2 reads batches ahead; a larger data.memory_share keeps a split in memory",
    ),
    (
        (Part.transfer, Part.augmentation),
        0.2,
        "leave out the kinds of data.augmentation that help least, or a larger data.batch_size",
    ),
    (
        (Part.optimizer,),
        0.2,
        "optimizer.fused=true, or a larger data.batch_size, so that there are fewer steps",
    ),
    (
        (Part.validation, Part.checkpoints),
        0.3,
        "a larger trainer.checkpoints.minutes, or fewer validation rows (data.split.val)",
    ),
    (
        (Part.rest,),
        0.25,
        "steps are small beside what is around them: a larger data.batch_size",
    ),
]


def advice(measured: Measured) -> list[str]:
    """Return what to try first, given what takes the time."""
    found = [
        f"{' and '.join(part.value for part in parts)}: {measured.share(*parts):.0%}. Try: {what}."
        for parts, share, what in ADVICE
        if measured.share(*parts) > share
    ]
    on_cpu = measured.device == "cpu"
    calls = sum(one.calls for one in measured.operations if is_operation(one.name))
    network = sum(measured.parts.get(part, 0.0) for part in (Part.forward, Part.backward))
    if calls and network / calls < SMALL_OPERATION:
        fused = "" if on_cpu else ", or trainer.compile=true, which fuses them"
        found.append(f"a step is {calls:.0f} small operations. Try: larger data.batch_size{fused}.")
    if not found:
        more = "trainer.threads=null (every core)" if on_cpu else "trainer.precision=bf16-mixed"
        found.append(f"the network itself takes the time, as it should. Try: {more}.")
    return found


def peak_memory(device: torch.device) -> int:
    """Return the most bytes that were in use: on a GPU by tensors, on a CPU by the process."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    if sys.platform == "win32":
        peak = psutil.Process().memory_info().peak_wset
    else:
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        peak *= 1 if sys.platform == "darwin" else 1024
    return int(peak)
