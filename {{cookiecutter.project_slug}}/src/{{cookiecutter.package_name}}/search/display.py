"""How far a search has come: a line at the bottom of a terminal, or a line for what happens."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import optuna
from optuna.trial import FrozenTrial, TrialState
from rich.console import Console
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table

from .study import ENDED, SECONDS, trials_of

SECONDS_BETWEEN_LINES = 1.0
SMALLEST_BAR, LARGEST_BAR = 5, 30


class Display:
    """Shows a study of so many ``trials``, of which ``workers`` run at a time on this machine."""

    def __init__(
        self, study: optuna.Study, trials: int, workers: int, console: Console | None = None
    ) -> None:
        self.study, self.trials, self.workers = study, trials, workers
        self.console = console or Console(highlight=False)
        self._live: Live | None = None
        self._drawn = 0.0

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Draw the line where a person is watching."""
        if not self.console.is_terminal or self.console.is_dumb_terminal:
            yield
            return
        with Live(console=self.console, auto_refresh=False, transient=True) as self._live:
            yield
        self._live = None

    def tell(self, happened: str) -> None:
        """Print what ``happened``, if anything, and draw the line again when it is time."""
        if happened:
            self.console.print(f"tune: {happened}", markup=False, soft_wrap=True)
        now = time.monotonic()
        if self._live is not None and (happened or now - self._drawn >= SECONDS_BETWEEN_LINES):
            self._drawn = now
            self._live.update(self._line(), refresh=True)

    def _line(self) -> Table:
        """Everything that fits into the terminal's width, the most important first."""
        some = trials_of(self.study)
        ended = sum(one.state in ENDED for one in some)
        parts = ["tune", f"{ended}/{self.trials}", *facts(self.study, some)]
        left = remaining(some, self.trials, self.workers)
        parts.insert(3, f"about {timedelta(seconds=round(left))}" if left is not None else "")
        parts = [part for part in parts if part]
        room = self.console.width - 1  # the last column would break the line on some terminals
        while len(parts) > 1 and sum(len(part) + 1 for part in parts) + SMALLEST_BAR > room:
            parts.pop()
        width = min(LARGEST_BAR, room - sum(len(part) + 1 for part in parts))
        line = Table.grid(padding=(0, 1, 0, 0))
        bar = ProgressBar(total=self.trials, completed=ended, width=max(1, width))
        line.add_row(parts[0], bar, *parts[1:])
        return line


def facts(study: optuna.Study, some: list[FrozenTrial]) -> list[str]:
    """Return the best value so far, and how many trials are in which state."""
    counts = Counter(one.state for one in some)
    best = best_of(study, some)
    told = [f"best {best.value:.4f} (trial {best.number})" if best else "best none yet"]
    names = {TrialState.RUNNING: "running", TrialState.PRUNED: "pruned", TrialState.FAIL: "failed"}
    return told + [f"{counts[state]} {name}" for state, name in names.items() if counts[state]]


def best_of(study: optuna.Study, some: list[FrozenTrial]) -> FrozenTrial | None:
    """Return the trial with the best value among those that were not ended early."""
    complete = [one for one in some if one.state == TrialState.COMPLETE]
    sign = 1 if study.direction == optuna.study.StudyDirection.MINIMIZE else -1
    return min(complete, key=lambda one: sign * float(one.value or 0.0), default=None)


def remaining(some: list[FrozenTrial], trials: int, workers: int) -> float | None:
    """Return the seconds until all trials have ended, as long as the others took in the mean."""
    took = [float(one.user_attrs[SECONDS]) for one in some if SECONDS in one.user_attrs]
    ended = sum(one.state in ENDED for one in some)
    return sum(took) / len(took) * max(0, trials - ended) / workers if took else None
