"""The command itself, ended in the middle: `resume=auto` makes the bytes of an undisturbed one."""

import signal
from pathlib import Path

import pytest
from import_graph import PACKAGE
from kills import needs_sigkill, wait_until
from project_copy import PATIENCE, ProjectCopy, new_copy
from test_train_settings import copy_inputs

pytestmark = [pytest.mark.slow, pytest.mark.full, needs_sigkill]
LONG = [
    "trainer.max_epochs=40",
    "trainer.patience=100",
    "trainer.checkpoints.steps=3",
    "data.batch_size=8",
]
EPOCHS = 5  # before the end


@pytest.fixture(scope="module")
def copy(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> ProjectCopy:
    """A copy of the project that was prepared, with one training that nothing has disturbed."""
    made = new_copy(tmp_path_factory.mktemp("resumed"))
    copy_inputs(prepared, made.folder)
    made.verb("train", "run=whole", *LONG)
    return made


def epochs(copy: ProjectCopy) -> int:
    (file,) = (*copy.folder.glob("runs/ended/scratch/training/*/history.csv"), None)[:1]
    return 0 if file is None else len(file.read_text("utf-8").splitlines()) - 1


@pytest.mark.parametrize(("name", "code"), [("SIGKILL", -9), ("SIGTERM", 75)])
def test_what_was_ended_goes_on_in_its_run_when_asked(
    copy: ProjectCopy, name: str, code: int
) -> None:
    training = copy.start(f"{PACKAGE}.train", "run=ended", *LONG)
    wait_until(lambda: epochs(copy) >= EPOCHS)
    training.send_signal(getattr(signal, name))
    assert training.wait(PATIENCE) == code
    printed = copy.verb("train", "resume=auto")
    assert "train: going on in runs/ended" in printed
    first = next(line for line in printed.splitlines() if line.startswith("train: epoch"))
    assert int(first.split()[2].partition("/")[0]) >= EPOCHS
    whole, ended = (copy.folder / "runs" / run / "models/network" for run in ("whole", "ended"))
    for file in ("state.ckpt", "history.csv", "model.json", "program.pt2"):
        assert (ended / file).read_bytes() == (whole / file).read_bytes(), file
    assert not (copy.folder / "runs/ended/scratch/training").exists()
