import gc
import subprocess
import sys

import pytest
from calling import Invoke

from {{ cookiecutter.package_name }}.runtime.command import command
from {{ cookiecutter.package_name }}.runtime.garbage import (
    USUAL,
    search_as_usual,
    search_seldom,
)

LEAVES_A_CYCLE = """
import sys
from {{ cookiecutter.package_name }}.runtime.garbage import search_seldom
class Cycle:
    def __init__(self):
        self.itself = self
    def __del__(self):
        print("found")
left = Cycle()
if sys.argv[1] == "seldom":
    search_seldom()
"""


@pytest.mark.parametrize(("search", "printed"), [("usual", "found\n"), ("seldom", "")])
def test_at_the_end_of_a_process_nothing_is_searched_for(search: str, printed: str) -> None:
    command = [sys.executable, "-c", LEAVES_A_CYCLE, search]
    assert subprocess.check_output(command, encoding="utf-8") == printed


def test_it_is_searched_for_seldom_until_it_is_as_usual_again() -> None:
    before = gc.get_threshold()
    try:
        search_seldom()
        assert gc.get_threshold()[0] > 10 * USUAL[0]
        search_as_usual()
        assert gc.get_threshold() == USUAL
    finally:
        gc.set_threshold(*before)


@pytest.mark.usefixtures("project")
def test_a_command_searches_seldom(invoke: Invoke) -> None:
    seen: list[int] = []

    @command
    def main(_config: object, _workspace: object) -> None:
        seen.append(gc.get_threshold()[0])

    search_as_usual()
    invoke(main, "run=mine")
    assert seen[0] > 10 * USUAL[0]
