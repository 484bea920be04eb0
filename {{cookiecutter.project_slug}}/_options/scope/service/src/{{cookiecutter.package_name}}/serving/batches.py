"""Predicts what waits, the rows of several requests at once, one batch after the other."""

from __future__ import annotations

import asyncio
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .deployed import Deployed
from .refusals import come_later

AT_ONCE = 0.005  # seconds that a prediction may hold up everything else; a longer one gets a thread


@dataclass(frozen=True)
class Waiting:
    """The rows of one request."""

    model: Deployed
    inputs: NDArray[Any]
    answer: asyncio.Future[NDArray[np.floating]]


class Batches:
    """Answers requests in their order. Those that have arrived together are predicted together.

    Nothing is delayed for that: a request alone is predicted at once. A short prediction is made
    between two looks at the network: handing it to a thread and back would take as long.

    Args:
        waiting: requests that may wait; more are refused.
        together: rows that are predicted at once, unless one request has more.
    """

    def __init__(self, waiting: int, together: int) -> None:
        self.most_waiting, self.together = waiting, together
        self._waiting: deque[Waiting] = deque()
        self._at_work = False
        self._thread = ThreadPoolExecutor(1, "predict")
        self._tasks: set[asyncio.Task[None]] = set()

    async def stop(self) -> None:
        """Return when nothing waits any more."""
        while self._at_work:
            await asyncio.sleep(0.01)
        self._thread.shutdown()

    async def predict(self, model: Deployed, inputs: NDArray[Any]) -> NDArray[np.floating]:
        """Return what ``model`` says of ``inputs``.

        Raises:
            RefusedError: when too many wait.
        """
        if len(self._waiting) >= self.most_waiting:
            raise come_later("too many requests wait; come later")
        answer: asyncio.Future[NDArray[np.floating]] = asyncio.get_running_loop().create_future()
        self._waiting.append(Waiting(model, inputs, answer))
        if not self._at_work:
            self._at_work = True
            try:
                await asyncio.sleep(0)  # the requests that have arrived with this one come first
            except asyncio.CancelledError:
                answer.cancel()
                raise
            finally:
                self._work()  # for the others, too, when this one has gone
        return await answer

    def _work(self) -> None:
        some = self._next()
        rows = sum(len(one.inputs) for one in some)
        if some and some[0].model.seconds_for(rows) > AT_ONCE:
            task = asyncio.get_running_loop().create_task(self._in_thread(some))
            self._tasks.add(task)  # the loop itself keeps no hold of it
            task.add_done_callback(self._tasks.discard)
            return
        if some:
            deliver(some, outputs_of(some))
        self._go_on()

    async def _in_thread(self, some: list[Waiting]) -> None:
        loop = asyncio.get_running_loop()
        deliver(some, await loop.run_in_executor(self._thread, outputs_of, some))
        self._go_on()

    def _go_on(self) -> None:
        self._at_work = bool(self._waiting)
        if self._at_work:
            asyncio.get_running_loop().call_soon(self._work)

    def _next(self) -> list[Waiting]:
        """Take what can be predicted together; who has gone is left out."""
        some: list[Waiting] = []
        rows = 0
        while self._waiting:
            one = self._waiting[0]
            more = rows + len(one.inputs) > self.together
            if some and (more or one.model is not some[0].model):
                break
            self._waiting.popleft()
            if not one.answer.cancelled():
                some.append(one)
                rows += len(one.inputs)
        return some


def outputs_of(some: list[Waiting]) -> list[NDArray[np.floating]] | Exception:
    """Return the outputs of each request, or what their prediction has failed with."""
    predict = some[0].model.predictor.predict
    try:
        if len(some) == 1:
            return [predict(some[0].inputs)]
        outputs = predict(np.concatenate([one.inputs for one in some]))
    except Exception as error:  # of a model that was tried when it was loaded: told, not hidden
        return error
    return np.split(outputs, np.cumsum([len(one.inputs) for one in some])[:-1])


def deliver(some: list[Waiting], found: list[NDArray[np.floating]] | Exception) -> None:
    """Give each request its answer, unless it has gone."""
    for place, one in enumerate(some):
        if one.answer.done():
            continue
        if isinstance(found, Exception):
            one.answer.set_exception(found)
        else:
            one.answer.set_result(found[place])
