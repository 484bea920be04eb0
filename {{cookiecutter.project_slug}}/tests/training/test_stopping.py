"""Being told to end: a checkpoint, a line, and an exit code that says whether to try again."""

import signal
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from disturbances import Disturbance
from killed_training import Outcome, training, undisturbed
from kills import needs_sigkill
from lightning.pytorch import Callback, LightningModule, Trainer
from small_training import fit

from {{ cookiecutter.package_name }}.runtime.errors import PreemptedError
from {{ cookiecutter.package_name }}.runtime.processes import SIGNALS
from {{ cookiecutter.package_name }}.training.checkpoints import Checkpoints, newest_whole
from {{ cookiecutter.package_name }}.training.stopping import Stop

NUMBERS = [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]


class Interrupt(Callback):
    """Signals this process in the second epoch."""

    step = 0

    def on_train_batch_start(
        self, trainer: Trainer, pl_module: LightningModule, batch: object, batch_idx: int
    ) -> None:
        if (trainer.current_epoch, batch_idx) == (1, 2):
            self.step = trainer.global_step
            signal.raise_signal(signal.SIGINT)


@pytest.fixture(scope="module")
def expected(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return undisturbed(prepared, tmp_path_factory.mktemp("undisturbed"))


def test_a_signal_is_remembered_and_told_and_the_next_ends_the_process(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = [signal.getsignal(number) for number in NUMBERS]
    stop = Stop()
    stop.catch()
    assert not set(before) & {signal.getsignal(number) for number in NUMBERS}
    signal.raise_signal(signal.SIGTERM)
    assert stop.received == "SIGTERM"
    assert capsys.readouterr().out.startswith("train: SIGTERM: ends with a checkpoint")
    assert [signal.getsignal(number) for number in NUMBERS] == [signal.SIG_DFL] * len(NUMBERS)
    stop.release()
    assert [signal.getsignal(number) for number in NUMBERS] == before


@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 75), ("SIGUSR1", 75), ("SIGINT", 130)])
def test_the_exit_code_says_who_has_ended_it(name: str, code: int) -> None:
    stop = Stop()
    stop.received = name
    with pytest.raises(PreemptedError, match=f"stopped by {name} after step 7") as caught:
        stop.leave(7)
    assert caught.value.code == code


def test_a_thread_leaves_the_signals_alone() -> None:
    before = [signal.getsignal(number) for number in NUMBERS]
    thread = threading.Thread(target=Stop().catch)
    thread.start()
    thread.join()
    assert [signal.getsignal(number) for number in NUMBERS] == before


def test_after_training_the_signals_are_whose_they_were(prepared: Path, project: Path) -> None:
    before = [signal.getsignal(number) for number in NUMBERS]
    fit(prepared, project)  # meanwhile Lightning has taken some, too
    assert [signal.getsignal(number) for number in NUMBERS] == before


def test_a_training_that_is_told_to_end_keeps_the_step_and_gives_the_signals_back(
    prepared: Path, project: Path
) -> None:
    before = [signal.getsignal(number) for number in NUMBERS]
    interrupt = Interrupt()
    with pytest.raises(PreemptedError) as caught:
        fit(prepared, project, callbacks=[interrupt])
    assert f"stopped by SIGINT after step {interrupt.step + 1}, which is kept" in str(caught.value)
    assert [signal.getsignal(number) for number in NUMBERS] == before
    kept = newest_whole(project / "runs" / "one" / "scratch" / "checkpoints")
    assert kept is not None
    assert int(kept.stem[-8:]) == interrupt.step + 1


@pytest.mark.parametrize(
    ("processes", "batches", "accumulate", "between"),
    [(1, 1000, 1, 1), (2, 1000, 1, 10), (2, 1000, 4, 2), (2, 8, 1, 4), (2, 8, 8, 1), (2, 1, 1, 1)],
)
def test_processes_ask_each_other_in_every_epoch_and_not_at_every_step(
    processes: int, batches: int, accumulate: int, between: int
) -> None:
    trainer = SimpleNamespace(
        world_size=processes, num_training_batches=batches, accumulate_grad_batches=accumulate
    )
    assert Checkpoints._steps_between_questions(cast(Trainer, trainer)) == between


@pytest.mark.slow
@needs_sigkill
@pytest.mark.parametrize(
    ("name", "moment", "code"),
    [
        ("SIGTERM", "batch 16", 75),
        ("SIGUSR1", "validation 2", 75),
        ("SIGINT", "step 5", 130),
    ],
)
def test_what_was_told_to_end_goes_on_as_if_nothing_had_been(
    prepared: Path, tmp_path: Path, expected: Outcome, name: str, moment: str, code: int
) -> None:
    ended = training(prepared, tmp_path, disturbed=Disturbance(moment, name))
    assert ended.code == code
    told, left = ended.printed.splitlines()
    assert told == f"train: {name}: ends with a checkpoint after this step"
    assert left.startswith(f"train: stopped by {name} after step ")
    went_on = undisturbed(prepared, tmp_path)
    assert went_on == expected
    begun = expected.moments.index(moment)
    assert len(went_on.moments) < len(expected.moments) - begun + 10  # from there, not earlier


@pytest.mark.slow
@needs_sigkill
@pytest.mark.parametrize("names", ["SIGTERM SIGTERM", "SIGUSR1 SIGTERM", "SIGINT SIGINT"])
def test_a_second_signal_ends_it_at_once(
    prepared: Path, tmp_path: Path, expected: Outcome, names: str
) -> None:
    ended = training(prepared, tmp_path, disturbed=Disturbance("batch 16", names))
    assert ended.code == -getattr(signal, names.split()[1])
    assert "stopped by" not in ended.printed
    assert undisturbed(prepared, tmp_path) == expected
