"""What is kept of a training while it runs, and what it goes on from when some of that is bad."""

import math
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from lightning.pytorch import Callback, LightningModule, Trainer
from small_training import Trained, fit

from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.training.checkpoints import candidates, newest_whole
from {{ cookiecutter.package_name }}.training.wholeness import WrittenInPlace, is_whole

FOLDER = Path("runs", "one", "scratch", "checkpoints")
ROLLING = ["trainer.checkpoints.minutes=null", "trainer.checkpoints.steps=2"]
NEVER = ["trainer.checkpoints.minutes=null", "trainer.checkpoints.steps=null"]


class Look(Callback):
    """Note which checkpoints there are before each step, and how many it is."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.seen = folder, list[tuple[int, set[str]]]()

    def on_train_batch_start(
        self, trainer: Trainer, pl_module: LightningModule, batch: object, batch_idx: int
    ) -> None:
        names = {file.name for file in self.folder.iterdir()}
        assert not [name for name in names if not name.endswith(".ckpt")]
        self.seen.append((trainer.global_step, names))


class Worsen(Callback):
    """From the fifth epoch on, validate a worse network than is trained."""

    def on_validation_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        self.trained = [weights.detach().clone() for weights in pl_module.parameters()]
        if trainer.current_epoch >= 4:
            for weights in pl_module.parameters():
                weights.data.mul_(-3)

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        for weights, before in zip(pl_module.parameters(), self.trained, strict=True):
            weights.data.copy_(before)


def looked_at(prepared: Path, project: Path, *overrides: str) -> tuple[Trained, Look]:
    look = Look(project / FOLDER)
    return fit(prepared, project, *overrides, callbacks=[look]), look


def losses_of(trained: Trained) -> list[float]:
    _, *lines = trained.history.file.read_text("utf-8").splitlines()
    return [float(line.split(",")[-1]) for line in lines]


@pytest.fixture(scope="module")
def kept(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Those of a training that has ended, whose last epoch is not the best. Not to be changed."""
    project = tmp_path_factory.mktemp("trained")
    fit(prepared, project, *ROLLING, "trainer.max_epochs=5", callbacks=[Worsen()])
    return project / FOLDER


@pytest.fixture
def folder(kept: Path, tmp_path: Path) -> Path:
    return shutil.copytree(kept, tmp_path / "checkpoints")


def test_a_state_is_never_older_than_so_many_steps(prepared: Path, project: Path) -> None:
    _, look = looked_at(prepared, project, *ROLLING)
    for step, names in look.seen[2:]:
        newest = max(int(name[-13:-5]) for name in names)
        assert 0 <= step - newest <= 2  # the last step of an epoch waits for its validation


def test_with_no_minutes_between_them_every_step_is_kept(prepared: Path, project: Path) -> None:
    _, look = looked_at(prepared, project, "trainer.checkpoints.minutes=0")
    assert all(f"{step:08d}" in str(names) for step, names in look.seen[1:])


def test_without_steps_and_minutes_only_the_best_epochs_are_kept(
    prepared: Path, project: Path
) -> None:
    trained, look = looked_at(prepared, project, *NEVER)
    first_epoch = len(trained.data.train_dataloader())
    assert all(not names for step, names in look.seen if step < first_epoch)
    assert not [name for _, names in look.seen for name in names if name.startswith("last")]


@pytest.mark.parametrize("best", [1, 3])
def test_the_epochs_of_lowest_loss_stay_and_few_others(
    prepared: Path, project: Path, best: int
) -> None:
    settings = [*ROLLING, "trainer.max_epochs=8", f"trainer.checkpoints.keep_best={best}"]
    look = Look(project / FOLDER)
    trained = fit(prepared, project, *settings, callbacks=[look, Worsen()])
    losses, steps = losses_of(trained), len(trained.data.train_dataloader())
    ranked = sorted(range(len(losses)), key=losses.__getitem__)[:best]
    assert max(ranked) < 4
    names = {file.name for file in look.folder.iterdir()}
    assert {f"best-{(epoch + 1) * steps:08d}.ckpt" for epoch in ranked} <= names
    # Those that the two newest states know, and these.
    assert max(len(names) for _, names in look.seen) <= 2 * best + 2


def test_a_checkpoint_is_of_plain_values_and_holds_all_of_training(kept: Path) -> None:
    assert len(candidates(kept)) > 1
    for file in candidates(kept):
        state = torch.load(file, weights_only=True)
        assert {"state_dict", "optimizer_states", "lr_schedulers", "loops"} <= set(state)
        assert state["global_step"] == int(file.stem[-8:])


def truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1000])


def flip_one_bit(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def empty(file: Path) -> None:
    file.write_bytes(b"")


def overwrite(file: Path) -> None:
    file.write_text("garbage" * 1000, "utf-8")


@pytest.mark.parametrize("damage", [truncate, flip_one_bit, empty, overwrite])
def test_a_damaged_checkpoint_is_told_and_the_one_before_it_is_used(
    folder: Path, damage: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    newest, before, *_ = candidates(folder)
    assert newest_whole(folder) == newest
    damage(newest)
    assert newest_whole(folder) == before
    (line,) = capsys.readouterr().out.splitlines()
    assert line == f"train: {newest} is damaged; trying the checkpoint before it"


def test_without_a_best_epoch_that_it_needs_a_checkpoint_is_not_used(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    newest = candidates(folder)[0]
    (needed,) = [name for _, name in best_of(newest)]
    assert needed != newest.name
    flip_one_bit(folder / needed)
    used = newest_whole(folder)
    assert used is None or needed not in [name for _, name in best_of(used)]
    assert f"{needed} is damaged" in capsys.readouterr().out


def best_of(file: Path) -> list[tuple[float, str]]:
    return torch.load(file, weights_only=True)["callbacks"]["Checkpoints"]["best"]


def test_where_all_are_damaged_training_begins_anew(folder: Path, tmp_path: Path) -> None:
    for file in candidates(folder):
        truncate(file)
    assert newest_whole(folder) is None
    assert newest_whole(tmp_path / "nothing") is None


class NoSpace(Callback):
    """The disk is full from the second epoch on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch

    def on_train_epoch_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        def save(_io: object, _state: object, path: Path, **_: object) -> None:
            path.write_bytes(b"half")
            raise OSError(28, "No space left on device")

        if trainer.current_epoch == 1:
            self.monkeypatch.setattr(WrittenInPlace, "save_checkpoint", save)


def test_a_full_disk_is_one_clear_error_and_the_last_state_stays(
    prepared: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full, pytest.raises(UserError) as caught:
        fit(prepared, project, *ROLLING, callbacks=[NoSpace(full)])
    message, folder = str(caught.value), project / FOLDER
    assert re.search(r"last-\d+\.ckpt: could not be written \(.*No space left", message)
    assert [file.suffix for file in folder.iterdir()] == [".ckpt"] * len(candidates(folder))
    left = newest_whole(folder)
    assert left is not None and is_whole(left)  # noqa: PT018
    assert left.name in message
    trained = fit(prepared, project, *ROLLING, checkpoint=left)
    assert len(losses_of(trained)) == 3
    assert math.isfinite(trained.history.best_metrics["val/loss"])
