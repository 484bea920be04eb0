"""The process of one trial: how it is started, stopped, and why it ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from optuna.trial import Trial

from ..config.training import Trainer
from ..runtime.errors import check
from .trial import LOG, Order

SECONDS_TO_STOP = 60.0  # a trial has for its checkpoint
VISIBLE = "CUDA_VISIBLE_DEVICES"


@dataclass
class Running:
    """A trial at work."""

    trial: Trial
    process: subprocess.Popen[bytes]
    slot: int  # of this machine's workers
    reached: int  # the step that the study knew of as it was started
    kills: int  # of processes of this trial before, since it last got further


def start(order: Order, folder: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start the trial in ``folder``; what it says is added to its log.

    It gets no signal of the terminal: whoever started it says when to stop.
    """
    order.save(folder)
    on_windows = sys.platform == "win32"
    with (folder / LOG).open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", f"{__package__}.trial", str(folder)],
            cwd=folder,
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=not on_windows,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) if on_windows else 0,
        )


def stop(running: Iterable[Running]) -> None:
    """Have all of them write a checkpoint and end."""
    end = time.monotonic() + SECONDS_TO_STOP
    for one in running:
        one.process.terminate()
    for one in running:
        try:
            one.process.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            one.process.kill()


def killed_by(code: int) -> str:
    """Return in words which signal a process ended with."""
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:  # ended itself, told by others
        return f"interrupted (exit status {code})"


def last_words(folder: Path, code: int) -> str:
    """Return the last line of a trial's log."""
    text = (folder / LOG).read_text("utf-8", errors="replace")
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].removeprefix("trial: ") if lines else f"exit status {code}"


def slots_for(workers: int, trainer: Trainer) -> list[dict[str, str]]:
    """Return what the trials of each worker find in their environment: the GPUs that are theirs.

    Raises:
        UserError: when there are fewer GPUs than trials of several GPUs would need at a time.
    """
    if trainer.accelerator not in ("gpu", "cuda") or workers == 1:
        return [{} for _ in range(workers)]
    import torch

    names = os.environ.get(VISIBLE, "").split(",")
    gpus = names if names != [""] else [str(n) for n in range(torch.cuda.device_count())]
    each = trainer.devices
    needed = each * workers if each > 1 else 1  # trials on one GPU may share it
    most = f"at most {len(gpus) // each}: {each} of {len(gpus)} GPUs for each trial"
    check(needed <= len(gpus), "tune.workers", workers, most)
    own = [[gpus[(slot * each + n) % len(gpus)] for n in range(each)] for slot in range(workers)]
    return [{VISIBLE: ",".join(some)} for some in own]
