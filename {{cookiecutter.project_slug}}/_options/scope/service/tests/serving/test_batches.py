import asyncio
import threading
import time
from typing import Any

import numpy as np
import pytest

from {{ cookiecutter.package_name }}.serving.batches import Batches
from {{ cookiecutter.package_name }}.serving.refusals import RefusedError


class Doubling:
    """A model that doubles its inputs."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.calls: list[int] = []
        self.threads: list[str] = []
        self.predictor, self.seconds = self, seconds

    def seconds_for(self, rows: int) -> float:
        return self.seconds

    def predict(self, inputs: Any) -> Any:
        self.calls.append(len(inputs))
        self.threads.append(threading.current_thread().name)
        time.sleep(self.seconds)
        if (inputs < 0).any():
            raise ValueError("below zero")
        return 2.0 * inputs


@pytest.fixture(params=[0.0, 0.02], ids=["short", "long"])
def doubling(request: pytest.FixtureRequest) -> Any:
    return Doubling(request.param)


async def asked(batches: Batches, some: list[tuple[Any, Any]]) -> list[Any]:
    """What comes of requests that arrive together."""
    tasks = [asyncio.create_task(batches.predict(*one)) for one in some]
    found = await asyncio.gather(*tasks, return_exceptions=True)
    await batches.stop()
    return found


def ask(some: list[tuple[Any, Any]], waiting: int = 8) -> list[Any]:
    return asyncio.run(asked(Batches(waiting, together=6), some))


def test_requests_that_arrive_together_are_predicted_together_and_each_gets_its_own(
    doubling: Any,
) -> None:
    some = [(doubling, np.array(rows)) for rows in ([1.0, 2.0], [3.0], [4.0, 5.0])]
    assert [answer.tolist() for answer in ask(some)] == [[2, 4], [6], [8, 10]]
    assert doubling.calls == [5]


def test_no_more_rows_than_allowed_are_taken_together(doubling: Any) -> None:
    some = [(doubling, np.full(rows, 1.0)) for rows in (4, 2, 1, 9)]
    assert [len(answer) for answer in ask(some)] == [4, 2, 1, 9]
    assert doubling.calls == [6, 1, 9]


def test_each_request_is_answered_by_the_model_that_it_came_to(doubling: Any) -> None:
    new: Any = Doubling()
    some = [(doubling, np.ones(1)), (new, np.full(2, 3.0)), (doubling, np.ones(1))]
    assert [answer.tolist() for answer in ask(some)] == [[2], [6, 6], [2]]
    assert (doubling.calls, new.calls) == ([1, 1], [2])


def test_what_fails_is_told_to_those_whose_rows_were_together_and_the_next_ones_go_on(
    doubling: Any,
) -> None:
    failed, fine = ask([(doubling, np.full(6, -1.0)), (doubling, np.ones(1))])
    assert isinstance(failed, ValueError)
    assert fine.tolist() == [2]


def test_too_many_that_wait_are_told_to_come_later(doubling: Any) -> None:
    found = ask([(doubling, np.ones(1)) for _ in range(4)], waiting=2)
    refused = [one for one in found if isinstance(one, RefusedError)]
    assert [one.status for one in refused] == [429, 429]
    assert refused[0].headers == {"Retry-After": "1"}
    assert [one.tolist() for one in found[:2]] == [[2], [2]]


def test_nobody_works_for_those_who_have_gone(doubling: Any) -> None:
    async def scene() -> None:
        batches = Batches(8, 6)
        gone = asyncio.create_task(batches.predict(doubling, np.zeros(3)))
        other = asyncio.create_task(batches.predict(doubling, np.zeros(2)))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.wait_for(other, 5)
        await batches.stop()

    asyncio.run(scene())
    assert doubling.calls == [2]


def test_it_ends_after_what_waits(doubling: Any) -> None:
    async def scene() -> list[Any]:
        batches = Batches(8, together=1)
        tasks = [
            asyncio.create_task(batches.predict(doubling, np.full(1, value)))
            for value in (1.0, 2.0, 3.0)
        ]
        await asyncio.sleep(0)
        await batches.stop()
        return await asyncio.wait_for(asyncio.gather(*tasks), 1)  # nobody works any more

    assert [one.tolist() for one in asyncio.run(scene())] == [[2], [4], [6]]


def test_a_long_prediction_holds_nothing_else_up() -> None:
    slow: Any = Doubling(0.2)
    turns = 0

    async def scene() -> None:
        nonlocal turns
        batches = Batches(8, 6)
        task = asyncio.create_task(batches.predict(slow, np.ones(1)))
        while not task.done():
            turns += 1
            await asyncio.sleep(0.005)
        await batches.stop()

    asyncio.run(scene())
    assert turns > 10
    assert slow.threads != [threading.current_thread().name]
    quick: Any = Doubling()
    ask([(quick, np.ones(1))])
    assert quick.threads == [threading.current_thread().name]
