"""Work that is done after an answer, and that nobody waits for."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine
from typing import Any

from .deployed import Deployed

LOGGER = logging.getLogger(__name__)


class Copies:
    """Requests that another model predicts as well.

    Args:
        most: that may be under way; more are left out, so that requests have room.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    @property
    def full(self) -> bool:
        """Whether there is no room for another one."""
        return len(self._tasks) >= self.most

    def later(self, copy: Coroutine[Any, Any, None]) -> None:
        """Begin with it when the answer is on its way."""
        if self.full:
            copy.close()
            return
        task = asyncio.get_running_loop().create_task(copy)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    async def stop(self) -> None:
        """Let those go that nobody has predicted."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            LOGGER.info("no pair", extra={"why": str(task.exception())})


def predict_timed(work: list[tuple[Deployed, Any]]) -> list[tuple[Any, Any, float]]:
    """Return inputs, outputs and seconds of each model with its inputs, one after the other."""
    found: list[tuple[Any, Any, float]] = []
    for model, inputs in work:
        began = time.perf_counter()
        outputs = model.predictor.predict(inputs)
        found.append((inputs, outputs, time.perf_counter() - began))
    return found
