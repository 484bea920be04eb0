"""A training that is killed at any moment, and goes on, ends with the same bytes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from disturbances import Disturbance
from killed_training import Outcome, training, undisturbed
from kills import needs_sigkill

pytestmark = [pytest.mark.slow, needs_sigkill]
Reference = Callable[..., Outcome]  # reference("key=value", ...): of a training without trouble

STOPS_EARLY = (
    "trainer.patience=1",
    "optimizer.lr=0.3",
    "trainer.max_epochs=30",
    "trainer.checkpoints.steps=1",  # also at the end of the last epoch, which is not the best
)
KINDS = [
    (),
    ("trainer.ema=0.9",),
    ("trainer.accumulate=2",),
    ("data.workers=1",),
    ("trainer.checkpoints.keep_best=3", "trainer.checkpoints.steps=1"),
    ("optimizer=sgd", "trainer.gradient_clip=0.1", "optimizer.warmup=0.3"),
    ("trainer.class_weights=balanced", "data.memory_share=0.0"),
    STOPS_EARLY,
]
MOMENTS = 5  # of each kind
KILLS = 3  # one after the other


@pytest.fixture(scope="module")
def reference(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Reference:
    known: dict[tuple[str, ...], Outcome] = {}

    def find(*overrides: str) -> Outcome:
        if overrides not in known:
            folder = tmp_path_factory.mktemp("undisturbed")
            known[overrides] = undisturbed(prepared, folder, *overrides)
        return known[overrides]

    return find


def killed(prepared: Path, folder: Path, overrides: tuple[str, ...], moment: str) -> bool:
    """Train until ``moment``; say whether it came."""
    ended = training(prepared, folder, *overrides, disturbed=Disturbance(moment))
    assert ended.code in (-9, 0), ended.printed
    return ended.code == -9


@pytest.mark.parametrize(
    ("moment", "overrides"),
    [
        ("batch 16", ()),  # in the middle of the second epoch
        ("validation 3", ()),
        ("before rename 6", ()),  # the epoch is in the table, its checkpoint has no name yet
        ("end 1", STOPS_EARLY),  # it has decided to stop
        ("step 14", ("trainer.ema=0.9",)),
        ("batch 18", ("trainer.accumulate=2",)),
        ("after rename 4", ("data.workers=1",)),
    ],
)
def test_a_killed_training_that_goes_on_ends_as_an_undisturbed_one(
    prepared: Path, tmp_path: Path, reference: Reference, moment: str, overrides: tuple[str, ...]
) -> None:
    expected = reference(*overrides)
    assert killed(prepared, tmp_path, overrides, moment)
    went_on = undisturbed(prepared, tmp_path, *overrides)
    assert went_on == expected
    assert len(went_on.moments) < len(expected.moments)  # it did not begin anew


def test_early_stopping_has_decided_where_the_kill_comes_after_it(reference: Reference) -> None:
    assert reference(*STOPS_EARLY).history.count("\n") < 30


@pytest.mark.full
@pytest.mark.parametrize("overrides", KINDS, ids=" ".join)
@pytest.mark.parametrize("seed", range(MOMENTS))
def test_a_kill_at_a_random_moment_changes_nothing(
    prepared: Path, tmp_path: Path, reference: Reference, overrides: tuple[str, ...], seed: int
) -> None:
    expected = reference(*overrides)
    moment = Random(f"{seed} {overrides}").choice(expected.moments)
    assert killed(prepared, tmp_path, overrides, moment), moment
    went_on = undisturbed(prepared, tmp_path, *overrides)
    if not went_on.moments:  # all was done: there was no end at which weights are averaged
        expected = replace(expected, last_weights=went_on.last_weights)
    assert went_on == expected, moment


@pytest.mark.full
@pytest.mark.parametrize("seed", range(MOMENTS))
def test_several_kills_one_after_the_other_change_nothing(
    prepared: Path, tmp_path: Path, reference: Reference, seed: int
) -> None:
    random, expected = Random(seed), reference()
    early = expected.moments[: len(expected.moments) // KILLS]
    moments = [random.choice(early) for _ in range(KILLS)]
    came = [killed(prepared, tmp_path, (), moment) for moment in moments]
    assert came[0]
    assert undisturbed(prepared, tmp_path) == expected, moments
