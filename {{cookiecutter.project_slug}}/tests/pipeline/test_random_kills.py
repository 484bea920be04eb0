"""Kills at random moments. Each seed is another disturbed run; `-m full` has most of them."""

import itertools
from pathlib import Path
from random import Random
from time import sleep

import pytest
from import_graph import stages
from kills import assert_whole, kill, make_stale, needs_sigkill, wait_until
from project_copy import ProjectCopy, new_copy

pytestmark = [pytest.mark.slow, needs_sigkill]

WHOM = ("stage", "dvc", "both")
KILLS = 3  # of the first run
START = 2.0  # seconds that dvc takes before its first stage, or less


def seeds(quick: int, full: int) -> list[object]:
    """The first ``quick`` always, the others with `-m full`."""
    later = [pytest.param(seed, marks=pytest.mark.full) for seed in range(quick, full)]
    return [*range(quick), *later]


@pytest.mark.parametrize("seed", seeds(0, 20))
def test_a_first_run_with_kills_in_another_folder_ends_as_an_undisturbed_one(
    undisturbed: ProjectCopy, tmp_path: Path, seed: int
) -> None:
    random, reference = Random(seed), undisturbed.outputs()
    copy = new_copy(tmp_path / "zweiter Ordner é")
    for _ in range(KILLS):
        dvc = copy.start("dvc", "repro")
        sleep(random.uniform(0, START + sum(seconds_of_stages(undisturbed).values())))
        kill(copy, dvc, random.choice(WHOM))
        assert_whole(copy, reference)
    copy.repro()
    assert copy.outputs() == reference
    assert lock_of(copy) == lock_of(undisturbed)
    assert copy.status() == {}


@pytest.mark.parametrize("seed", seeds(1, 60))
def test_a_stage_killed_at_any_moment_is_mended_by_the_next_run(
    undisturbed: ProjectCopy, finished: ProjectCopy, seed: int
) -> None:
    random, reference = Random(seed), finished.outputs()
    verb, whom = random.choice(sorted(stages())), random.choice(WHOM)
    make_stale(finished, verb)
    dvc = finished.start("dvc", "repro")
    if random.random() < 0.2:
        sleep(random.uniform(0, START))
    else:
        wait_until(lambda: list((finished.beside / "INJECTED").glob(f"{verb}.*")))
        sleep(random.uniform(0, seconds_of_stages(undisturbed)[verb]))
    kill(finished, dvc, whom)
    assert_whole(finished, reference)
    finished.repro()
    assert finished.outputs() == reference
    assert finished.status() == {}


def seconds_of_stages(copy: ProjectCopy) -> dict[str, float]:
    """How long each stage took: from its start to that of the next one, or as the one before."""
    records = [record for record in (copy.beside / "INJECTED").iterdir() if "." in record.name]
    started = sorted((record.stat().st_mtime, record.stem) for record in records)
    times = [time for time, _ in started]
    seconds = [after - before for before, after in itertools.pairwise(times)]
    return dict(zip([verb for _, verb in started], [*seconds, seconds[-1]], strict=True))


def lock_of(copy: ProjectCopy) -> str:
    """Every hash that DVC has of what went in and what came out."""
    return (copy.folder / "dvc.lock").read_text("utf-8")
