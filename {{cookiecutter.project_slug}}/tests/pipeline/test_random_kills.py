"""Kills at random moments. Each seed is another disturbed run; `-m full` has many."""

from pathlib import Path
from random import Random
from time import sleep

import pytest
from import_graph import stages
from kills import assert_whole, kill, make_stale, needs_sigkill
from project_copy import ProjectCopy, new_copy

pytestmark = [pytest.mark.slow, needs_sigkill]

WHOM = ("stage", "dvc", "both")
KILLS = 3  # of the first run
LONGEST = 8.0  # seconds from the start of dvc to a kill


def seeds(quick: int, full: int) -> list[object]:
    """The first few always, the others with `-m full`."""
    later = [pytest.param(seed, marks=pytest.mark.full) for seed in range(quick, full)]
    return [*range(quick), *later]


@pytest.mark.parametrize("seed", seeds(1, 20))
def test_a_first_run_with_kills_in_another_folder_ends_as_an_undisturbed_one(
    undisturbed: ProjectCopy, tmp_path: Path, seed: int
) -> None:
    random, reference = Random(seed), undisturbed.outputs()
    copy = new_copy(tmp_path / "zweiter Ordner é")
    for _ in range(KILLS):
        dvc = copy.start("dvc", "repro")
        sleep(random.uniform(0.5, LONGEST))
        kill(copy, dvc, random.choice(WHOM))
        assert_whole(copy, reference)
    copy.repro()
    assert copy.outputs() == reference
    assert lock_of(copy) == lock_of(undisturbed)
    assert copy.status() == {}


@pytest.mark.parametrize("seed", seeds(3, 60))
def test_a_stage_killed_at_any_moment_is_mended_by_the_next_run(
    finished: ProjectCopy, seed: int
) -> None:
    random, reference = Random(seed), finished.outputs()
    verb, whom = random.choice(sorted(stages())), random.choice(WHOM)
    make_stale(finished, verb)
    dvc = finished.start("dvc", "repro")
    sleep(random.uniform(0.5, LONGEST / 2))
    kill(finished, dvc, whom)
    assert_whole(finished, reference)
    finished.repro()
    assert finished.outputs() == reference
    assert finished.status() == {}


def lock_of(copy: ProjectCopy) -> str:
    """Every hash that DVC has of what went in and what came out."""
    return (copy.folder / "dvc.lock").read_text("utf-8")
