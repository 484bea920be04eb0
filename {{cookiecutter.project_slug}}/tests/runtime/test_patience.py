import itertools
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.runtime.patience import PAUSE, SECONDS, patiently


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What was slept, for nobody waits here."""
    naps: list[float] = []
    monkeypatch.setattr(time, "sleep", naps.append)
    monkeypatch.setattr(time, "monotonic", lambda: sum(naps))
    return naps


def refused(times: int) -> tuple[Callable[[], None], Iterator[int]]:
    """An action that succeeds after some refusals, and what counts its calls."""
    calls = itertools.count()

    def act() -> None:
        if next(calls) < times:
            raise PermissionError("used by another process")

    return act, calls


@pytest.mark.parametrize("times", [0, 1, 3])
def test_on_windows_it_is_tried_again_while_another_program_has_the_file_open(
    times: int, slept: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    act, calls = refused(times)
    patiently(act)
    assert slept == [PAUSE] * times
    assert next(calls) == times + 1


def test_it_is_given_up_in_the_end(slept: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(PermissionError, match="used by another process"):
        patiently(refused(1000)[0])
    assert SECONDS <= sum(slept) <= SECONDS + 2 * PAUSE


def test_another_error_is_nothing_to_wait_for(
    slept: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(FileNotFoundError):
        patiently(Path("not there").unlink)
    assert slept == []


@pytest.mark.parametrize("system", ["linux", "darwin"])
def test_elsewhere_a_refusal_has_another_reason_and_comes_at_once(
    system: str, slept: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    with pytest.raises(PermissionError):
        patiently(refused(1)[0])
    assert slept == []
