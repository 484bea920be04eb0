import asyncio
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from {{ cookiecutter.package_name }}.serving.batches import Batches
from {{ cookiecutter.package_name }}.serving.refusals import RefusedError


class Doubling:
    """A model that doubles its inputs, and may be held up."""

    def __init__(self) -> None:
        self.go, self.begun = threading.Event(), threading.Event()
        self.go.set()
        self.calls: list[int] = []

    def predict(self, inputs: Any) -> Any:
        self.calls.append(len(inputs))
        self.begun.set()
        assert self.go.wait(60)
        if (inputs < 0).any():
            raise ValueError("below zero")
        return 2.0 * inputs


def model(predictor: Doubling) -> Any:
    return SimpleNamespace(predictor=predictor)


@pytest.fixture
def doubling() -> Doubling:
    return Doubling()


@pytest.fixture
def batches() -> Iterator[Batches]:
    found = Batches(waiting=8, together=6)
    found.start()
    yield found
    found.stop()


async def held(batches: Batches, doubling: Doubling, some: list[tuple[Any, Any]]) -> list[Any]:
    """What comes of requests that wait while another one is at work."""
    doubling.go.clear()
    first = asyncio.create_task(batches.predict(model(doubling), np.zeros(1)))
    await asyncio.to_thread(doubling.begun.wait, 60)
    tasks = [asyncio.create_task(batches.predict(*one)) for one in some]
    await asyncio.sleep(0)  # all of them wait now
    doubling.go.set()
    await first
    return await asyncio.gather(*tasks, return_exceptions=True)


def test_requests_that_wait_are_predicted_together_and_each_gets_its_own(
    batches: Batches, doubling: Doubling
) -> None:
    one = model(doubling)
    some = [(one, np.array([1.0, 2.0])), (one, np.array([3.0])), (one, np.array([4.0, 5.0]))]
    found = asyncio.run(held(batches, doubling, some))
    assert [answer.tolist() for answer in found] == [[2, 4], [6], [8, 10]]
    assert doubling.calls == [1, 5]


def test_no_more_rows_than_allowed_are_taken_together(batches: Batches, doubling: Doubling) -> None:
    one = model(doubling)
    some = [(one, np.full(rows, 1.0)) for rows in (4, 2, 1, 9)]
    found = asyncio.run(held(batches, doubling, some))
    assert [len(answer) for answer in found] == [4, 2, 1, 9]
    assert doubling.calls == [1, 6, 1, 9]


def test_each_request_is_answered_by_the_model_that_it_came_to(
    batches: Batches, doubling: Doubling
) -> None:
    old, new = model(doubling), model(Doubling())
    some = [(old, np.ones(1)), (new, np.full(2, 3.0)), (old, np.ones(1))]
    found = asyncio.run(held(batches, doubling, some))
    assert [answer.tolist() for answer in found] == [[2], [6, 6], [2]]
    assert (doubling.calls, new.predictor.calls) == ([1, 1, 1], [2])


def test_what_fails_is_told_to_those_whose_rows_were_together_and_the_next_ones_go_on(
    batches: Batches, doubling: Doubling
) -> None:
    one = model(doubling)
    some = [(one, np.full(6, -1.0)), (one, np.ones(1))]
    failed, fine = asyncio.run(held(batches, doubling, some))
    assert isinstance(failed, ValueError)
    assert fine.tolist() == [2]


def test_too_many_that_wait_are_told_to_come_later(doubling: Doubling) -> None:
    batches = Batches(waiting=2, together=6)
    batches.start()
    some = [(model(doubling), np.ones(1)) for _ in range(4)]
    found = asyncio.run(held(batches, doubling, some))
    batches.stop()
    refused = [one for one in found if isinstance(one, RefusedError)]
    assert [one.status for one in refused] == [429, 429]
    assert refused[0].headers == {"Retry-After": "1"}
    assert [one.tolist() for one in found[:2]] == [[2], [2]]


def test_nobody_works_for_those_who_have_gone(batches: Batches, doubling: Doubling) -> None:
    async def scene() -> None:
        doubling.go.clear()
        first = asyncio.create_task(batches.predict(model(doubling), np.zeros(1)))
        await asyncio.to_thread(doubling.begun.wait, 60)
        gone = asyncio.create_task(batches.predict(model(doubling), np.zeros(3)))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.sleep(0)
        doubling.go.set()
        await first
        await batches.predict(model(doubling), np.zeros(2))

    asyncio.run(scene())
    assert doubling.calls == [1, 2]


def test_it_ends_after_what_waits(doubling: Doubling) -> None:
    batches = Batches(waiting=8, together=1)
    batches.start()

    async def scene() -> list[Any]:
        some = [batches.predict(model(doubling), np.full(1, value)) for value in (1.0, 2.0, 3.0)]
        tasks = [asyncio.create_task(one) for one in some]
        await asyncio.sleep(0)
        await asyncio.to_thread(batches.stop)
        return await asyncio.gather(*tasks)

    assert [one.tolist() for one in asyncio.run(scene())] == [[2], [4], [6]]
