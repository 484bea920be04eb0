from pathlib import Path

import pytest
from calling import QUICK

from {{ cookiecutter.package_name }}.config import typed
from {{ cookiecutter.package_name }}.runtime import composition
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.search import experiment
from {{ cookiecutter.package_name }}.search.experiment import file_for, write_experiment


@pytest.fixture
def own(conf: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(experiment, "CONF", conf)
    return conf


@pytest.mark.slow
@pytest.mark.usefixtures("own")
@pytest.mark.parametrize(
    "chosen",
    [
        ["optimizer.lr=0.0321", "model.dropout=0.25"],
        ["optimizer=sgd", "optimizer.momentum=0.5", "trainer.max_epochs=7"],
        ["search=quick", "optimizer.lr=0.0321"],
        ["trainer.gradient_clip=1.5", "optimizer.fused=false"],
    ],
    ids=str,
)
def test_the_written_experiment_is_what_was_chosen(chosen: list[str]) -> None:
    write_experiment("tried", chosen, 30.0, "val/loss 0.1")
    found = typed(composition.compose(["experiment=tried"]))
    wanted = typed(composition.compose(chosen))
    for group in ("model", "optimizer", "trainer", "data"):
        assert getattr(found, group) == getattr(wanted, group), group


def test_it_says_its_command_its_duration_and_what_to_expect(own: Path) -> None:
    file = write_experiment("tried", ["optimizer.lr=0.0321"], 300.0, "val/loss 0.1")
    assert file == own / "experiment/tried.yaml"
    text = file.read_text("utf-8")
    assert "# command: uv run use experiment=tried, then uv run dvc repro\n" in text
    assert "# duration: 5 min to train\n# expect: val/loss 0.1\n" in text


def test_over_what_the_project_has_by_now_only_the_rest_is_written(
    own: Path, current: Path
) -> None:
    current.write_text("- optimizer.lr=0.0321\n", "utf-8")
    file = write_experiment("tried", ["optimizer.lr=0.0321", "model.dropout=0.25"], 9.0, "")
    text = file.read_text("utf-8")
    assert "dropout: 0.25" in text
    assert "lr:" not in text
    assert own in file.parents


@pytest.mark.slow
def test_what_somebody_else_wrote_is_not_overwritten(own: Path) -> None:
    (own / "experiment/tried.yaml").write_text("# my own\n", "utf-8")
    with pytest.raises(UserError, match=r"conf/experiment/tried\.yaml: not written by a search"):
        file_for("tried")
    write_experiment("other", [*QUICK], 9.0, "")
    write_experiment("other", ["optimizer.lr=0.0321"], 9.0, "")
