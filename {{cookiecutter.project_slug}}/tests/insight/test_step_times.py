import time
from pathlib import Path

import pytest
from lightning.pytorch import Callback, LightningModule, Trainer
from lightning.pytorch.callbacks import ModelCheckpoint
from tiny_training import Slow, fit_tiny

from {{ cookiecutter.package_name }}.insight.step_times import (
    DataWait,
    Part,
    StepTimes,
    listen,
    listener,
)

DELAY = 0.02


class Clock(Callback):
    """Measure from the beginning of the second epoch to the end, with a clock of its own."""

    def __init__(self) -> None:
        self.times, self.whole = StepTimes(), 0.0

    def setup(self, trainer: Trainer, pl_module: LightningModule, stage: str) -> None:
        listen(trainer, self.times)

    def on_train_epoch_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        if trainer.current_epoch == 1:
            self.times.begin()
            self.whole = -time.perf_counter()

    def on_train_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        self.whole += time.perf_counter()
        self.times.end()


def test_the_parts_add_up_to_the_whole(tmp_path: Path) -> None:
    clock = Clock()
    fit_tiny(tmp_path, [clock], Slow(data=0.005, forward=0.005))
    assert sum(clock.times.seconds.values()) == pytest.approx(clock.whole, rel=0.02)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["data", "forward", "backward", "optimizer", "validation"])
def test_what_is_slow_is_in_its_own_row(name: str, tmp_path: Path) -> None:
    clock = Clock()
    fit_tiny(tmp_path, [clock], Slow(**{name: DELAY}))
    seconds = clock.times.seconds
    delayed = DELAY * (4 if name == "validation" else 8)
    assert seconds[Part[name]] >= delayed
    assert max(seconds, key=seconds.__getitem__) is Part[name]


@pytest.mark.slow
def test_callbacks_are_in_a_row_of_their_own(tmp_path: Path) -> None:
    clock = Clock()
    fit_tiny(tmp_path, [clock], Slow(callbacks=DELAY))
    assert clock.times.seconds[Part.rest] >= 8 * DELAY


@pytest.mark.slow
def test_checkpoints_are_told_from_the_callback_that_writes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, keep = Clock(), ModelCheckpoint(tmp_path, monitor="val/loss", save_top_k=-1)
    saved = Trainer.save_checkpoint

    def slowly(trainer: Trainer, *args: object, **kwargs: object) -> None:
        with listener(trainer).profile("save_checkpoint"):
            time.sleep(10 * DELAY)
        saved(trainer, *args, **kwargs)  # pyrefly: ignore[bad-argument-type]

    monkeypatch.setattr(Trainer, "save_checkpoint", slowly)
    fit_tiny(tmp_path, [clock, keep], enable_checkpointing=True)
    assert clock.times.seconds[Part.checkpoints] >= 10 * DELAY
    assert clock.times.seconds[Part.rest] < 10 * DELAY


def test_starting_the_loader_of_an_epoch_is_waiting_for_data() -> None:
    times = StepTimes()
    times.begin()
    times.start("run_training_epoch")
    time.sleep(DELAY)
    times.start("[_TrainingEpochLoop].train_dataloader_next")
    times.stop("[_TrainingEpochLoop].train_dataloader_next")
    between = times.seconds[Part.data]
    time.sleep(DELAY)
    times.end()
    assert between >= DELAY
    assert times.seconds[Part.data] == between
    assert times.seconds[Part.rest] >= DELAY


@pytest.mark.slow
def test_the_wait_for_data_alone_is_measured_as_well(tmp_path: Path) -> None:
    class Listen(Callback):
        def setup(self, trainer: Trainer, pl_module: LightningModule, stage: str) -> None:
            listen(trainer, wait)

    wait = DataWait()
    fit_tiny(tmp_path, [Listen()], Slow(data=DELAY, forward=DELAY))
    assert 16 * DELAY <= wait.waited < 32 * DELAY
