"""What is said of the benchmarks is what they found."""

import json
import runpy

import pytest

from support import TEMPLATE

BENCHMARKS = TEMPLATE / "benchmarks"


def test_the_page_of_speed_is_what_the_last_run_found():
    page = runpy.run_path(str(BENCHMARKS / "page.py"))["page"]()
    assert (TEMPLATE / "docs" / "speed.md").read_text(encoding="utf-8") == page


def test_ratios_are_taken_within_a_round():
    ratios = runpy.run_path(str(BENCHMARKS / "page.py"))["ratios"]
    result = {"seconds": {"ours": [2, 30], "bare": [1, 10]}, "afterwards": {"ours": [1, 10]}}
    assert ratios(result, "ours", "bare") == [2, 3]
    assert ratios(result, "ours", "bare", whole=True) == [3, 4]


@pytest.mark.full
@pytest.mark.slow
def test_all_ways_of_training_can_be_measured(demo_project):
    loops, prepared = str(BENCHMARKS / "loops.py"), "data/prepared"
    command = ["python", loops, prepared, "--rounds", "1", "trainer.max_epochs=1"]
    result = json.loads(demo_project.run("uv", "run", *command).splitlines()[-1])
    assert {name: len(some) for name, some in result["seconds"].items()} == {
        "bare": 1,
        "ours": 1,
        "usual": 1,
    }
