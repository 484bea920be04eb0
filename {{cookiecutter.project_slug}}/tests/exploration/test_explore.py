import shutil
from pathlib import Path

import pytest
from calling import Invoke
from reading_pages import Page

from {{ cookiecutter.package_name }}.exploration import explore
from {{ cookiecutter.package_name }}.schema import Manifest


@pytest.fixture
def explored(
    project: Path, prepared: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> Path:
    """An empty project with prepared data, after ``explore``."""
    shutil.copytree(prepared, project / "data/prepared")
    invoke(explore.main)
    assert capsys.readouterr().out == f"explore: {Path('reports/data.html')}\n"
    return project


def test_the_page_is_of_the_prepared_data_and_nothing_else_is_written(
    explored: Path, manifest: Manifest
) -> None:
    text = Page((explored / "reports/data.html").read_text("utf-8")).text
    assert f"{sum(manifest.rows.values())} rows" in text
    for label in manifest.classes:
        assert label in text
    made = {path.name for path in explored.iterdir()}
    assert made == {"data", "dvc.yaml", "reports"}


@pytest.mark.slow
def test_a_second_look_gives_the_same_bytes(explored: Path, invoke: Invoke) -> None:
    file = explored / "reports/data.html"
    before = file.read_bytes()
    invoke(explore.main)
    assert file.read_bytes() == before


@pytest.mark.slow
def test_a_run_by_hand_gets_a_page_of_its_own(explored: Path, invoke: Invoke) -> None:
    file = explored / "reports/data.html"
    file.unlink()
    (explored / "runs/mine").mkdir(parents=True)
    invoke(explore.main, "run=mine")
    assert (explored / "runs/mine/reports/data.html").is_file()
    assert not file.exists()


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "explore: data/prepared: not there yet. `uv run dvc repro prepare` makes it"),
        (["run=gone"], "explore: run=gone: no such run."),
        (["seed=3"], "explore: seed=3: expected run=NAME, or nothing."),
        (["run=a", "run=b"], "explore: run=a run=b: expected run=NAME, or nothing."),
        (["run=../up"], "explore: run=../up: expected the name of one folder"),
    ],
)
def test_a_mistake_gets_one_line(arguments: list[str], message: str, invoke: Invoke) -> None:
    with pytest.raises(SystemExit) as caught:
        invoke(explore.main, *arguments)
    assert str(caught.value.code).startswith(message)


def test_help_says_where_the_page_goes(invoke: Invoke, capsys: pytest.CaptureFixture[str]) -> None:
    invoke(explore.main, "--help")
    assert "reports/data.html" in capsys.readouterr().out
