"""Several processes that train one network, for real, on the CPU: the speed changes and no result.

They are started as torchrun does it; tests/test_train_ddp.py has the command itself.
"""

import csv
from pathlib import Path

import pytest
import torch
from disturbances import Disturbance
from killed_training import Ended, together, training
from kills import needs_sigkill
from small_training import fit

from {{ cookiecutter.package_name }}.training.trainer import network_weights

pytestmark = [pytest.mark.slow, needs_sigkill]
# The weights move by the gradients of a single batch, whose 13 rows no two processes share evenly.
ONE_STEP = [
    "optimizer=sgd",
    "optimizer.momentum=0.0",
    "optimizer.nesterov=false",
    "optimizer.schedule=constant",
    "optimizer.warmup=0.0",
    "optimizer.weight_decay=0.0",
    "optimizer.lr=1.0",
    "trainer.max_epochs=1",
    "trainer.overfit_batches=1",
    "trainer.class_weights=balanced",
    "data.batch_size=13",
]
UNEVEN = ["trainer.class_weights=balanced", "data.batch_size=13", "trainer.gradient_clip=1.0"]


def weights_of(folder: Path) -> torch.Tensor:
    (best,) = (folder / "checkpoints").glob("best-*")
    return torch.cat([weights.flatten() for weights in network_weights(best).values()])


def history_of(ended: Ended) -> list[dict[str, float]]:
    assert ended.outcome is not None, ended.printed
    rows = csv.DictReader(ended.outcome.history.splitlines())
    return [{name: float(value) for name, value in row.items()} for row in rows]


def assert_close(one: Ended, other: Ended, tolerance: float) -> None:
    found, expected = history_of(one), history_of(other)
    assert len(found) == len(expected)
    for row, its in zip(found, expected, strict=True):
        assert row == pytest.approx(its, rel=tolerance, abs=tolerance)


@pytest.mark.parametrize("processes", [2, 3])
def test_gradients_are_those_of_the_whole_batch(
    prepared: Path, tmp_path: Path, processes: int
) -> None:
    alone, first = tmp_path / "alone", tmp_path / "together"
    whole = training(prepared, alone, *ONE_STEP, plain=True)
    shared = together(prepared, first, processes, *ONE_STEP, plain=True)
    assert [one.code for one in (whole, *shared)] == [0] * (1 + processes), shared[-1].printed
    torch.testing.assert_close(weights_of(first), weights_of(alone), rtol=0, atol=1e-6)
    assert_close(shared[0], whole, 1e-6)


def test_metrics_of_every_epoch_are_those_of_one_process(prepared: Path, tmp_path: Path) -> None:
    whole = training(prepared, tmp_path / "alone", *UNEVEN, plain=True)
    first, second = together(prepared, tmp_path / "together", 2, *UNEVEN, plain=True)
    assert_close(first, whole, 1e-5)
    assert second.code == 0
    assert second.printed == ""
    assert second.outcome is not None
    assert first.outcome is not None
    assert second.outcome.last_weights == first.outcome.last_weights
    assert second.outcome.best_epoch == first.outcome.best_epoch


def test_the_network_of_the_kit_learns_about_the_same(prepared: Path, tmp_path: Path) -> None:
    """Batch normalisation, where there is some, sees the rows of its process only."""
    whole = training(prepared, tmp_path / "alone", "model.dropout=0.0")
    first, _ = together(prepared, tmp_path / "together", 2, "model.dropout=0.0")
    best, expected = (min(row["val/loss"] for row in history_of(ended)) for ended in (first, whole))
    assert best == pytest.approx(expected, rel=0.1)


def test_what_is_kept_of_a_shared_out_network_is_what_was_validated(
    prepared: Path, project: Path, tmp_path: Path
) -> None:
    """Each process has statistics of its own where there is batch normalisation."""
    first, second = together(prepared, tmp_path / "two", 2, "trainer.strategy=fsdp")
    assert (first.code, second.code) == (0, 0), first.printed
    alone = fit(prepared, project, "trainer.max_epochs=1")
    found: list[float] = []
    for kept in (tmp_path / "two" / "checkpoints").glob("best-*"):
        alone.learner.network.load_state_dict(network_weights(kept))
        found.append(alone.validation_loss())
    assert min(found) == pytest.approx(min(row["val/loss"] for row in history_of(first)), rel=1e-5)


@pytest.mark.parametrize(
    ("before", "after", "strategy", "workers"),
    [
        (2, 1, "ddp", 0),
        (1, 2, "ddp", 0),
        (2, 2, "ddp", 1),
        (2, 2, "fsdp", 1),
        pytest.param(2, 2, "fsdp", 0, marks=pytest.mark.full),
    ],
)
def test_killed_it_goes_on_with_another_number_of_processes(
    prepared: Path, tmp_path: Path, before: int, after: int, strategy: str, workers: int
) -> None:
    steps = ["trainer.checkpoints.steps=2", "data.batch_size=4"]
    whole = training(prepared, tmp_path / "alone", *steps, plain=True)
    steps += [f"trainer.strategy={strategy}", f"data.workers={workers}"]
    place = tmp_path / "killed"
    kill = Disturbance("batch 28")
    ended = together(prepared, place, before, *steps, disturbed=kill, plain=True)
    assert ended[0].code == -9
    assert all(other.code for other in ended)  # none stays behind
    went_on = together(prepared, place, after, *steps, plain=True)
    assert_close(went_on[0], whole, 1e-5)
    assert went_on[0].outcome is not None
    assert whole.outcome is not None
    assert len(went_on[0].outcome.moments) < len(whole.outcome.moments)


def test_all_processes_end_where_one_was_told_to(prepared: Path, tmp_path: Path) -> None:
    steps = ["data.batch_size=4"]
    told = Disturbance("batch 22", "SIGTERM")
    ended = together(prepared, tmp_path, 2, *steps, disturbed=told, plain=True)
    assert [one.code for one in ended] == [75, 75]
    assert "stopped by another process after step" in ended[1].printed
    whole = training(prepared, tmp_path / "alone", *steps, plain=True)
    went_on = together(prepared, tmp_path, 2, *steps, plain=True)
    assert_close(went_on[0], whole, 1e-5)
