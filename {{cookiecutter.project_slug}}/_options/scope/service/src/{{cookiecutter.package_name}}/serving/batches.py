"""One thread that predicts what waits, the rows of several requests at once."""

from __future__ import annotations

import asyncio
import queue
import threading
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .deployed import Deployed
from .refusals import come_later


@dataclass(frozen=True)
class Waiting:
    """The rows of one request."""

    model: Deployed
    inputs: NDArray[Any]
    answer: asyncio.Future[NDArray[np.floating]]


class Batches:
    """Answers requests in their order. What waits at the same time is predicted together.

    Nothing is delayed for that: a request alone is predicted at once.

    Args:
        waiting: requests that may wait; more are refused.
        together: rows that are predicted at once, unless one request has more.
    """

    def __init__(self, waiting: int, together: int) -> None:
        self.together = together
        self._queue: queue.Queue[Waiting | None] = queue.Queue(waiting)
        self._left: Waiting | None = None  # taken, but for the next batch
        self._thread = threading.Thread(target=self._work, name="predict", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """End after what waits now."""
        self._queue.put(None)
        self._thread.join()

    async def predict(self, model: Deployed, inputs: NDArray[Any]) -> NDArray[np.floating]:
        """Return what ``model`` says of ``inputs``.

        Raises:
            RefusedError: when too many wait.
        """
        answer = asyncio.get_running_loop().create_future()
        try:
            self._queue.put_nowait(Waiting(model, inputs, answer))
        except queue.Full:
            raise come_later("too many requests wait; come later") from None
        return await answer

    def _work(self) -> None:
        while True:
            some = self._next()
            if some is None:
                return
            some = [one for one in some if not one.answer.cancelled()]  # nobody waits any more
            if some:
                self._answer(some)

    def _next(self) -> list[Waiting] | None:
        first = self._left or self._queue.get()
        self._left = None
        if first is None:
            return None
        some, rows = [first], len(first.inputs)
        while rows < self.together:
            try:
                one = self._queue.get_nowait()
            except queue.Empty:
                break
            if one is None:
                self._queue.put(None)
                break
            rows += len(one.inputs)
            if one.model is not first.model or rows > self.together:
                self._left = one
                break
            some.append(one)
        return some

    def _answer(self, some: list[Waiting]) -> None:
        try:
            inputs = some[0].inputs if len(some) == 1 else np.concatenate([w.inputs for w in some])
            outputs = some[0].model.predictor.predict(inputs)
        except Exception as error:  # of a model that was tried when it was loaded: told, not hidden
            found: list[Any] = [error] * len(some)
        else:
            ends = np.cumsum([len(one.inputs) for one in some])[:-1]
            found = np.split(outputs, ends)
        some[0].answer.get_loop().call_soon_threadsafe(_deliver, some, found)


def _deliver(some: list[Waiting], found: list[Any]) -> None:
    for one, outputs in zip(some, found, strict=True):
        if one.answer.done():
            continue
        if isinstance(outputs, Exception):
            one.answer.set_exception(outputs)
        else:
            one.answer.set_result(outputs)
