from pathlib import Path

import pytest
from calling import Link

from {{ cookiecutter.package_name }}.runtime import files
from {{ cookiecutter.package_name }}.runtime.errors import UserError


@pytest.fixture
def stage(project: Path) -> files.Workspace:
    return files.stage_workspace(project, "train")


def publish(workspace: files.Workspace, content: str) -> None:
    with workspace.publishes("models/network") as folder:
        folder.mkdir()
        (folder / "weights").write_text(content, "utf-8")


def test_a_new_output_replaces_the_old_one_whole(stage: files.Workspace) -> None:
    publish(stage, "old")
    (stage.output / "models/network/stray").touch()
    publish(stage, "new")
    made = stage.output / "models/network"
    assert [(file.name, file.read_text("utf-8")) for file in made.iterdir()] == [("weights", "new")]


def test_an_error_leaves_the_old_output_as_it_was(stage: files.Workspace) -> None:
    publish(stage, "old")

    def fail() -> None:
        with stage.publishes("models/network") as folder:
            folder.mkdir()
            (folder / "weights").write_text("half", "utf-8")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        fail()
    assert (stage.output / "models/network/weights").read_text("utf-8") == "old"


def test_a_stage_whose_dvc_was_killed_replaces_nothing(
    stage: files.Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(stage, "old")
    monkeypatch.setattr(files, "is_abandoned", lambda: True)
    with pytest.raises(UserError, match="models/network: not replaced, because dvc was killed"):
        publish(stage, "late")
    assert (stage.output / "models/network/weights").read_text("utf-8") == "old"
    publish(files.run_workspace(stage.project, "mine"), "by hand")


def test_nothing_is_published_before_the_block_ends(stage: files.Workspace) -> None:
    with stage.publishes("reports/report.html") as file:
        file.write_text("whole", "utf-8")
        assert not (stage.output / "reports").exists()
    assert (stage.output / "reports/report.html").read_text("utf-8") == "whole"


def test_what_a_killed_run_left_is_not_published(stage: files.Workspace) -> None:
    left = stage.scratch / "partial/models/network/stray"
    left.parent.mkdir(parents=True)
    left.touch()
    (stage.scratch / "replaced").mkdir()
    publish(stage, "new")
    assert [file.name for file in (stage.output / "models/network").iterdir()] == ["weights"]


def test_a_run_reads_what_it_made_before_what_the_pipeline_made(project: Path) -> None:
    publish(files.stage_workspace(project, "train"), "pipeline")
    run = files.run_workspace(project, "mine")
    assert (run.reads("models/network") / "weights").read_text("utf-8") == "pipeline"
    publish(run, "own")
    assert (run.reads("models/network") / "weights").read_text("utf-8") == "own"
    assert (project / "models/network/weights").read_text("utf-8") == "pipeline"


def test_a_missing_input_names_the_stage_that_makes_it(stage: files.Workspace) -> None:
    with pytest.raises(
        UserError, match=r"data/prepared: not there yet. `uv run dvc repro prepare`"
    ):
        stage.reads("data/prepared")


@pytest.mark.parametrize("name", ["../data", "a/b", "..", "stages", "tracking", ""])
def test_a_run_cannot_be_named_out_of_its_folder(name: str, project: Path) -> None:
    with pytest.raises(UserError, match="run="):
        files.run_workspace(project, name)


def test_the_project_is_found_from_any_folder_of_it(project: Path) -> None:
    deep = project / "docs" / "experiments"
    deep.mkdir(parents=True)
    assert files.find_project(deep) == project
    with pytest.raises(UserError, match="not inside a project"):
        files.find_project(project.parent)


def test_links_are_followed_but_not_in_circles(tmp_path: Path, link: Link) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "a.png").touch()
    (tmp_path / "set" / "deep").mkdir(parents=True)
    (tmp_path / "set" / ".hidden").mkdir()
    (tmp_path / "set" / ".hidden" / "b.png").touch()
    links = {"near": "far", "deep/loop": "set", "gone.png": "nowhere"}
    for name, target in links.items():
        link(tmp_path / "set" / name, tmp_path / target)
    found = [file.relative_to(tmp_path / "set") for file in files.files_below(tmp_path / "set")]
    assert [file.as_posix() for file in found] == ["gone.png", "near/a.png"]


def test_text_is_written_with_the_same_bytes_on_every_system(tmp_path: Path) -> None:
    files.write_text(tmp_path / "new" / "a.txt", "grün\nrot\n")
    assert (tmp_path / "new" / "a.txt").read_bytes() == b"gr\xc3\xbcn\nrot\n"
    assert len(list((tmp_path / "new").iterdir())) == 1


def test_text_that_cannot_be_written_leaves_the_old_file(tmp_path: Path) -> None:
    files.write_text(tmp_path / "a.txt", "old")
    with pytest.raises(UnicodeEncodeError):
        files.write_text(tmp_path / "a.txt", "half \ud800")
    assert (tmp_path / "a.txt").read_text("utf-8") == "old"
