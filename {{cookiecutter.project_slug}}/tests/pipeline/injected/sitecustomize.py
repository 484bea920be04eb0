"""Python runs this at its start when it is on PYTHONPATH: it lets a test stop or kill a stage.

The stage VERB leaves a file VERB.PID in the folder that INJECTED names, and obeys the file `order`
there: "VERB MOMENT ACTION". MOMENT is "at work" (it starts to write a folder that it will publish),
or "before N" or "after N" of the moves that replace outputs.
"""

import itertools
import os
import signal
import sys
import time
from pathlib import Path

REAL_REPLACE, REAL_MKDIR = Path.replace, Path.mkdir
FOLDER = Path(os.environ["INJECTED"])
VERB = sys.orig_argv[-2].rpartition(".")[2] if sys.orig_argv[-1] == "--stage" else ""
MOVES = itertools.count(1)


def replace(self: Path, target: Path) -> Path:
    """Move a file or folder, and carry out the order around it."""
    if "runs" in self.parts and "runs" in Path(target).parts:  # no output moves
        return REAL_REPLACE(self, target)
    number = next(MOVES)
    obey(f"before {number}")
    result = REAL_REPLACE(self, target)
    obey(f"after {number}")
    return result


def mkdir(self: Path, mode: int = 0o777, parents: bool = False, exist_ok: bool = False) -> None:
    """Make a folder, and carry out the order if it is for work in progress."""
    REAL_MKDIR(self, mode, parents, exist_ok)
    if "partial" in self.parts:
        obey("at work")


def obey(moment: str) -> None:
    """Do what the order says, if this is the moment."""
    order = FOLDER / "order"
    action = order.read_text("utf-8") if order.exists() else ""
    if action == f"{VERB} {moment} pause":
        (FOLDER / "paused").touch()
        while order.exists():
            time.sleep(0.02)
    elif action == f"{VERB} {moment} kill stage":
        os.kill(os.getpid(), signal.SIGKILL)
    elif action == f"{VERB} {moment} kill both":
        os.killpg(0, signal.SIGKILL)  # dvc, a shell that may stand between, and this process


if VERB:
    (FOLDER / f"{VERB}.{os.getpid()}").touch()
    Path.replace, Path.mkdir = replace, mkdir  # type: ignore[method-assign]
