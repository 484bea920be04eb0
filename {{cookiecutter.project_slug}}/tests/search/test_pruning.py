from pathlib import Path
from typing import Any

import pytest
from small_training import Trained, fit

from {{ cookiecutter.package_name }}.search.pruners import FEWEST, pruner_for
from {{ cookiecutter.package_name }}.search.pruning import REPORTS, Pruning


class Watched:
    """A trial that is left behind from a step on."""

    def __init__(self, behind_from: int) -> None:
        self.behind_from, self.reported = behind_from, dict[int, float]()

    def report(self, value: float, step: int) -> None:
        self.reported[step] = value

    def should_prune(self) -> bool:
        return max(self.reported) >= self.behind_from


def trained(
    prepared: Path, project: Path, trial: Any, *overrides: str, before: list[float] | None = None
) -> tuple[Trained, Pruning]:
    watch = Pruning(trial, "val/loss", before or [])
    return fit(prepared, project, "trainer.max_epochs=4", *overrides, callbacks=[watch]), watch


@pytest.mark.slow
def test_a_training_that_is_left_behind_ends_with_that_epoch(prepared: Path, project: Path) -> None:
    trial = Watched(behind_from=2)
    made, watch = trained(prepared, project, trial)
    assert (watch.pruned, watch.epochs) == (True, 2)
    losses = [row["val/loss"] for row in made.history.rows]
    assert list(trial.reported.values()) == pytest.approx(losses)
    assert len(losses) == 2


@pytest.mark.slow
def test_the_last_epoch_is_not_ended_early(prepared: Path, project: Path) -> None:
    trial = Watched(behind_from=4)
    _, watch = trained(prepared, project, trial)
    assert (watch.pruned, watch.epochs) == (False, 4)


def test_later_folds_are_averaged_with_those_before(prepared: Path, project: Path) -> None:
    trial = Watched(behind_from=99)
    made, _ = trained(prepared, project, trial, before=[1.0, 3.0])
    first = made.history.rows[0]["val/loss"]
    assert min(trial.reported) == 2 * 4 + 1
    assert trial.reported[9] == pytest.approx((1.0 + 3.0 + first) / 3)


@pytest.mark.slow
def test_a_long_training_reports_now_and_then(prepared: Path, project: Path) -> None:
    trial = Watched(behind_from=999)
    trained(prepared, project, trial, "trainer.max_epochs=41", "trainer.patience=99")
    assert list(trial.reported) == list(range(2, 42, 2))
    assert len(trial.reported) == REPORTS


def test_where_nobody_listens_nothing_is_reported(prepared: Path, project: Path) -> None:
    _, watch = trained(prepared, project, None)
    assert (watch.pruned, watch.epochs) == (False, 4)


@pytest.mark.parametrize(
    ("name", "pruned"), [("median", True), ("hyperband", True), ("none", False)]
)
def test_each_pruner_ends_the_worst_of_many_or_none(name: str, pruned: bool) -> None:
    import optuna

    study = optuna.create_study(pruner=pruner_for(name, 1, 9))
    worst: list[int] = []
    for value in [*range(FEWEST + 13), 100, 101, 102]:
        trial = study.ask()
        for step in range(1, 10):
            trial.report(float(value), step)
            if trial.should_prune():
                study.tell(trial, state=optuna.trial.TrialState.PRUNED)
                worst.append(value)
                break
        else:
            study.tell(trial, float(value))
    assert (100 in worst) is pruned


def test_nobody_is_ended_before_the_warm_up() -> None:
    import optuna

    study, ended = optuna.create_study(pruner=pruner_for("median", 5, 20)), 0
    for value in [0.1] * FEWEST + [9.0]:
        trial = study.ask()
        for step in range(1, 21):
            trial.report(value, step)
            if trial.should_prune():
                ended = step
                break
        study.tell(trial, value)
    assert ended == 5
