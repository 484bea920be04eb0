import threading
from collections.abc import Iterator

import pytest

from {{ cookiecutter.package_name }}.table.ahead import made_ahead


def test_the_next_item_is_made_while_one_is_worked_on() -> None:
    second_is_made = threading.Event()

    def items() -> Iterator[int]:
        yield 1
        second_is_made.set()
        yield 2

    found: list[int] = []
    for item in made_ahead(items()):
        assert second_is_made.wait(timeout=30)
        found.append(item)
    assert found == [1, 2]


def test_what_goes_wrong_with_an_item_comes_after_those_before_it() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise OSError("the disk is full")

    found: list[int] = []
    with pytest.raises(OSError, match="the disk is full"):
        found.extend(made_ahead(items()))
    rest = made_ahead(items())
    assert next(rest) == 1
