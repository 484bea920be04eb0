"""Where the time of a training goes: a trace of a few steps, then a table of the parts of a step.

The first steps are traced, which slows them; the others are measured, from the second epoch on
where there is one, so that what happens once is not among them.
"""

from __future__ import annotations

import os
import time
from functools import partial
from pathlib import Path
from typing import Any

from lightning.pytorch import Callback, LightningModule, Trainer
from torch.autograd import DeviceType
from torch.profiler import ProfilerActivity, profile, schedule

from ..runtime.errors import UserError
from .profile_summary import Measured, Operation, peak_memory, summary
from .step_times import Part, StepTimes, listen

TRACED_STEPS = 10
SECONDS = 60.0  # of measuring; a longer epoch is cut off
STEPS_BETWEEN_LOOKS = 50  # at the clock: the processes of a training have to agree


class Profiling(Callback):
    """Write ``trace.json.gz`` (for ui.perfetto.dev) and ``summary.md`` into ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.times = folder, StepTimes()
        self._steps = self._samples = self._epochs = 0
        self._operations: list[Operation] = []
        self._until_traced, self._whole, self._begun = 0, False, 0.0

    def setup(self, trainer: Trainer, pl_module: LightningModule, stage: str) -> None:
        """Listen to Lightning's actions."""
        listen(trainer, self.times)

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Begin to trace: at most half of the steps, and no more than fit into one epoch."""
        self.times.device = pl_module.device
        batches, epochs = int(trainer.num_training_batches), trainer.max_epochs or 1
        active = max(1, min(TRACED_STEPS, batches - 2, batches * epochs // 2 - 2))
        activities = {ProfilerActivity.CPU}
        if pl_module.device.type == "cuda":
            activities.add(ProfilerActivity.CUDA)
        self._until_traced = 2 + active
        self._trace = profile(
            activities=activities,
            schedule=schedule(wait=1, warmup=1, active=active, repeat=1),
            on_trace_ready=partial(self._keep, active, trainer.is_global_zero),
        )
        os.environ.setdefault("KINETO_LOG_LEVEL", "99")  # it prints that it starts and stops
        self._trace.start()
        self.times.marking = True

    def on_train_epoch_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Measure from here if it is the first whole epoch after the trace."""
        if self._until_traced == 0 and not self._whole:
            self._whole = True
            self._begin()
        self._epochs += 1

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Count the step; end the trace, or the training, when it was long enough."""
        self._steps += 1
        self._samples += len(batch.all_targets)
        if self._until_traced:
            self._until_traced -= 1
            self._trace.step()
            if self._until_traced == 0:
                self._trace.stop()
                self.times.marking = False
                self._begin()
                self._epochs = 1
        elif self._steps % STEPS_BETWEEN_LOOKS == 0:
            enough = time.perf_counter() - self._begun > SECONDS
            if trainer.strategy.reduce_boolean_decision(enough, all=False):
                trainer.should_stop = True

    def on_train_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Write the summary, and show it."""
        if not self.times.running or self._steps == 0:
            raise UserError(f"debug=profile: {trainer.global_step} steps are too few to measure.")
        self.times.end()
        if not trainer.is_global_zero:
            return
        device = pl_module.device
        measured = Measured(
            self._milliseconds(int(trainer.num_training_batches)),
            self._steps,
            self._samples / self._steps,
            device.type,
            peak_memory(device),
            self._operations,
        )
        text = summary(measured)
        (self.folder / "summary.md").write_text(text, "utf-8", newline="\n")
        print(f"{text}\ntrain: {self.folder / 'trace.json.gz'} opens in https://ui.perfetto.dev")

    def on_exception(
        self, trainer: Trainer, pl_module: LightningModule, exception: BaseException
    ) -> None:
        """End the trace, so that another can begin."""
        if self._until_traced:
            self._until_traced = 0
            self._trace.stop()

    def _begin(self) -> None:
        self._steps = self._samples = self._epochs = 0
        self._begun = time.perf_counter()
        self.times.begin()

    def _milliseconds(self, batches: int) -> dict[Part, float]:
        """Of a step. What is done once an epoch counts as if the epoch had been whole."""
        once = {Part.validation, Part.checkpoints} if self._epochs else set()
        return {
            part: 1e3 * seconds / (self._epochs * batches if part in once else self._steps)
            for part, seconds in self.times.seconds.items()
        }

    def _keep(self, steps: int, first: bool, trace: profile) -> None:
        if first:
            self.folder.mkdir(parents=True, exist_ok=True)
            trace.export_chrome_trace(str(self.folder / "trace.json.gz"))
            on_gpu = ProfilerActivity.CUDA in trace.activities
            self._operations = [
                Operation(one.key, one.count / steps, spent / 1e3 / steps)
                for one in trace.key_averages()
                if one.device_type == DeviceType.CPU  # a kernel's time is that of its operation
                for spent in [one.self_device_time_total if on_gpu else one.self_cpu_time_total]
            ]
