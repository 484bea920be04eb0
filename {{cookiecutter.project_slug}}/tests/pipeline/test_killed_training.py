"""A training stage that is killed: the next `dvc repro` goes on where it was."""

import pytest
from kills import kill, needs_sigkill, wait_until
from project_copy import ProjectCopy

pytestmark = [pytest.mark.slow, pytest.mark.full, needs_sigkill]
LONG = ["trainer.max_epochs=40", "trainer.patience=100", "trainer.checkpoints.steps=3"]
EPOCHS = 5  # before the kill


@pytest.mark.parametrize("whom", ["stage", "both"])
def test_a_killed_training_stage_goes_on_and_makes_the_same_model(
    finished: ProjectCopy, whom: str
) -> None:
    finished.verb("choices.use", *LONG)
    training = finished.folder / "runs" / "stages" / "train" / "training"

    def epochs() -> int:
        files = list(training.glob("*/history.csv"))
        return len(files[0].read_text("utf-8").splitlines()) - 1 if files else 0

    dvc = finished.start("dvc", "repro", "train")
    wait_until(lambda: epochs() >= EPOCHS)
    kill(finished, dvc, whom)
    printed = finished.run("dvc", "repro", "train")
    first = next(line for line in printed.splitlines() if line.startswith("train: epoch"))
    assert int(first.split()[2].partition("/")[0]) >= EPOCHS
    assert not training.exists()
    finished.verb("train", "run=whole", "tracking.enabled=false")
    made, whole = (finished.folder / place / "models/network" for place in (".", "runs/whole"))
    for file in ("state.ckpt", "history.csv"):
        assert (made / file).read_bytes() == (whole / file).read_bytes(), file
