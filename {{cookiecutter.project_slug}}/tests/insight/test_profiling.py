import gzip
import json
from pathlib import Path

import pytest
from tiny_training import Slow, Tiny, fit_tiny, loader, tiny_trainer

from {{ cookiecutter.package_name }}.insight import profiling
from {{ cookiecutter.package_name }}.insight.step_times import Part
from {{ cookiecutter.package_name }}.runtime.errors import UserError


def row(text: str, part: Part) -> float:
    """Milliseconds of a step, from the table."""
    (line,) = [line for line in text.splitlines() if line.startswith(f"| {part.value} ")]
    return float(line.split("|")[2])


@pytest.mark.slow
def test_the_second_epoch_is_measured_and_the_first_steps_are_traced(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    slow = Slow(forward=0.01, validation=0.02)
    fit_tiny(tmp_path, [profiling.Profiling(tmp_path / "profile")], slow, batches=20)
    text = (tmp_path / "profile" / "summary.md").read_text("utf-8")
    assert text in capfd.readouterr().out
    assert "20 steps of 8 samples on cpu: " in text
    (addmm,) = [line for line in text.splitlines() if line.startswith("| aten::addmm ")]
    assert float(addmm.split("|")[2]) == 1  # call a step
    assert row(text, Part.forward) >= 10
    # 4 batches of 20 ms, over 20 steps; no upper bound: a busy machine sleeps longer.
    assert 4 <= row(text, Part.validation) < row(text, Part.forward)
    trace = json.loads(gzip.decompress((tmp_path / "profile" / "trace.json.gz").read_bytes()))
    names = [event.get("name") for event in trace["traceEvents"] if event.get("ph") == "X"]
    assert names.count(Part.forward.value) == profiling.TRACED_STEPS
    assert "aten::addmm" in names


@pytest.mark.slow
@pytest.mark.parametrize(("epochs", "batches"), [(1, 8), (2, 1), (4, 1), (2, 2), (3, 3), (30, 1)])
def test_few_steps_are_measured_as_far_as_they_go(
    epochs: int, batches: int, tmp_path: Path
) -> None:
    profile = profiling.Profiling(tmp_path / "profile")
    if epochs * batches < 4:
        with pytest.raises(UserError, match=r"debug=profile: 2 steps are too few"):
            fit_tiny(tmp_path, [profile], batches=batches, max_epochs=epochs)
        return
    fit_tiny(tmp_path, [profile], Slow(forward=0.005), batches=batches, max_epochs=epochs)
    assert row((tmp_path / "profile" / "summary.md").read_text("utf-8"), Part.forward) >= 5


@pytest.mark.slow
def test_a_long_epoch_is_cut_off_and_its_validation_still_counts_once_an_epoch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profiling, "SECONDS", 0.05)
    monkeypatch.setattr(profiling, "STEPS_BETWEEN_LOOKS", 5)
    profile = profiling.Profiling(tmp_path / "profile")
    slow = Slow(forward=0.005, validation=0.05)
    trainer = fit_tiny(tmp_path, [profile], slow, batches=200)
    assert trainer.global_step < 100
    text = (tmp_path / "profile" / "summary.md").read_text("utf-8")
    assert 1 <= row(text, Part.validation) < 2  # 4 batches of 50 ms, over 200 steps


def test_a_training_that_fails_ends_the_trace(tmp_path: Path) -> None:
    class Fails(Tiny):
        def on_train_batch_start(self, batch: object, batch_idx: int) -> None:
            if batch_idx == 3:
                raise LookupError("stopped")

    for _ in range(2):  # torch allows one trace at a time
        trainer = tiny_trainer(tmp_path, [profiling.Profiling(tmp_path)])
        with pytest.raises(LookupError, match="stopped"):
            trainer.fit(Fails(Slow()), loader(8), loader(2))
