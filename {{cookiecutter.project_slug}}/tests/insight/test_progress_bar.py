import io
from pathlib import Path
from typing import Any, cast

import pytest
from lightning.pytorch import Callback, LightningModule, Trainer
from rich.console import Console
from tiny_training import Slow, Tiny, fit_tiny, loader, tiny_trainer

from {{ cookiecutter.package_name }}.insight import progress_bar
from {{ cookiecutter.package_name }}.insight.progress_bar import Bar, clock


class Say(Callback):
    """Print in the middle of training, as others do."""

    def on_train_batch_end(self, *_: object, **__: object) -> None:
        print("a line from elsewhere")


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_bar, "SECONDS_BETWEEN_LINES", 0.0)


def terminal(width: int = 80, encoding: str = "utf-8") -> Console:
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding, write_through=True)
    return Console(file=file, force_terminal=True, width=width, _environ={"TERM": "xterm"})


def written(console: Console) -> str:
    file = cast(Any, console.file)
    return file.buffer.getvalue().decode(console.encoding)


def last_line(console: Console, trainer: Trainer) -> str:
    """The line as it stood after the last batch, without colours."""
    bar = next(one for one in trainer.callbacks if isinstance(one, Bar))  # pyrefly: ignore[missing-attribute]
    plain = Console(file=io.StringIO(), width=console.width)
    plain.print(bar._line(trainer, 8))
    return plain.file.getvalue().rstrip("\n")  # pyrefly: ignore[missing-attribute]


@pytest.mark.parametrize(
    ("width", "shown", "hidden"),
    [
        (120, ["epoch 1/2", "at most 0:00:", "samples/s", "data wait", "val 0.", "batch 8/8"], []),
        (80, ["epoch 1/2", "at most 0:00:", "samples/s", "data wait", "val 0."], ["batch"]),
        (40, ["epoch 1/2", "at most 0:00:"], ["data wait"]),
        (12, ["train"], ["at most"]),
    ],
)
def test_the_line_fits_the_terminal(
    width: int, shown: list[str], hidden: list[str], tmp_path: Path
) -> None:
    console, lines = terminal(width), list[str]()

    class Look(Callback):
        def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
            lines.append(last_line(console, trainer))

    fit_tiny(tmp_path, [Bar(console=console), Look()])
    assert "\n" not in lines[0]
    assert len(lines[0]) < width
    assert [part for part in shown if part not in lines[0]] == []
    assert [part for part in hidden if part in lines[0]] == []


def test_nothing_is_shown_in_a_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = io.StringIO()
    fit_tiny(tmp_path, [Bar(console=Console(file=file))])
    assert file.getvalue() == capsys.readouterr().out == ""


def test_only_the_first_process_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Trainer, "is_global_zero", False)
    console = terminal()
    fit_tiny(tmp_path, [Bar(console=console)])
    assert written(console) == capsys.readouterr().out == ""


def test_one_line_is_left_with_the_speed_and_the_wait_for_data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fit_tiny(tmp_path, [Bar("fold 2", terminal())], Slow(data=0.02))
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("fold 2: 2 epochs, 16 steps in 0:00:0")
    assert 0.2 < float(line.rpartition("data wait ")[2].rstrip("%)")) / 100 <= 1
    assert float(line.partition("(")[2].split()[0].replace(",", "")) < 8 / 0.02
    assert len(line) < 80


def test_what_others_print_stands_above_the_line_and_is_whole(tmp_path: Path) -> None:
    console = terminal()
    fit_tiny(tmp_path, [Bar(console=console), Say()])
    assert written(console).count("a line from elsewhere\n") == 16


def test_a_console_without_unicode_gets_plain_letters(tmp_path: Path) -> None:
    console = terminal(encoding="ascii")
    fit_tiny(tmp_path, [Bar(console=console)])
    assert "epoch 1/2" in written(console)


def test_a_training_that_fails_gives_the_terminal_back(tmp_path: Path) -> None:
    class Fails(Tiny):
        def on_train_epoch_end(self) -> None:
            raise LookupError("stopped")

    console = terminal()
    with pytest.raises(LookupError, match="stopped"):
        tiny_trainer(tmp_path, [Bar(console=console)]).fit(Fails(Slow()), loader(4), loader(2))
    assert written(console).rindex("\x1b[?25h") > written(console).rindex("\x1b[?25l")  # the cursor


def test_the_line_is_drawn_by_time_and_not_by_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress_bar, "SECONDS_BETWEEN_LINES", 60.0)
    console = terminal()
    fit_tiny(tmp_path, [Bar(console=console)])
    assert "epoch" not in written(console)


def test_durations_read_like_a_clock() -> None:
    assert [clock(seconds) for seconds in (0.4, 61.6, 7322)] == ["0:00:00", "0:01:02", "2:02:02"]


def test_the_rest_of_the_time_is_at_most_that_of_all_epochs(tmp_path: Path) -> None:
    trainer = fit_tiny(tmp_path, [bar := Bar(console=terminal())])
    bar._begun, bar._steps, bar._samples = progress_bar.time.perf_counter() - 10.0, 10, 80
    trainer.fit_loop.epoch_progress.current.completed = 0
    cells = [column._cells[0] for column in bar._line(trainer, 2).columns]
    assert trainer.current_epoch == 0
    assert cells[2:5] == [
        "epoch 1/2",
        "at most 0:00:14",
        "8 samples/s",
    ]  # 14 of 16 steps, a second each
