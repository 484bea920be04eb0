import errno
import os
import shutil
from pathlib import Path

import pytest
import small_data
from calling import Invoke, Link

from {{ cookiecutter.package_name }} import ingest
from {{ cookiecutter.package_name }}.runtime.errors import UserError


def names(folder: Path) -> list[str]:
    return sorted(
        file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()
    )


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return small_data.write_raw(tmp_path / "photos", per_class=2)


def test_images_are_copied_as_they_are_whatever_their_class_is_called(
    photos: Path, tmp_path: Path
) -> None:
    ingest.copy_folder(photos, tmp_path / "raw")
    assert names(tmp_path / "raw") == names(photos)
    for name in names(photos):
        assert (tmp_path / "raw" / name).read_bytes() == (photos / name).read_bytes()


def test_folders_within_a_class_are_kept_apart(photos: Path, tmp_path: Path) -> None:
    first = photos / small_data.CLASSES[0]
    (first / "2024").mkdir()
    shutil.copy(first / "000.png", first / "2024" / "000.PNG")
    ingest.copy_folder(photos, tmp_path / "raw")
    assert f"{small_data.CLASSES[0]}/2024/000.PNG" in names(tmp_path / "raw")
    assert f"{small_data.CLASSES[0]}/000.png" in names(tmp_path / "raw")


def test_hidden_files_and_files_that_are_no_images_are_left_behind(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = names(photos)
    first = photos / small_data.CLASSES[0]
    (first / ".cache").mkdir()
    for stray in (".hidden.png", ".cache/thumb.png", "notes.txt", "Thumbs.db"):
        (first / stray).touch()
    (photos / "loose.png").touch()  # of no class
    (photos / "empty").mkdir()
    ingest.copy_folder(photos, tmp_path / "raw")
    assert names(tmp_path / "raw") == before
    assert "left 3 files behind (.db, .png, .txt)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("classes", "found"), [([], "no folder there has any"), (["cat"], "only cat/ there has any")]
)
def test_fewer_than_two_classes_are_refused(classes: list[str], found: str, tmp_path: Path) -> None:
    (tmp_path / "photos" / "empty").mkdir(parents=True)
    for name in classes:
        small_data.write_raw(tmp_path / "photos", classes=[name], per_class=2)
    with pytest.raises(UserError, match=f"at least two, .*{found}"):
        ingest.copy_folder(tmp_path / "photos", tmp_path / "raw")


def test_what_is_left_behind_is_counted_with_its_kinds(
    tmp_path: Path, link: Link, capsys: pytest.CaptureFixture[str]
) -> None:
    small_data.write_raw(tmp_path / "photos", per_class=2)
    for name in ("loose.jpg", f"{small_data.CLASSES[0]}/a.heic"):
        (tmp_path / "photos" / name).touch()
    link(tmp_path / "photos" / small_data.CLASSES[0] / "gone.png", tmp_path / "nowhere")
    ingest.copy_folder(tmp_path / "photos", tmp_path / "raw")
    assert "left 3 files behind (.heic, .jpg, .png)" in capsys.readouterr().out


@pytest.mark.parametrize("path", [".", "..", "data/raw"])
def test_what_the_pipeline_writes_is_no_source(path: str, project: Path, invoke: Invoke) -> None:
    (project / "data" / "raw").mkdir(parents=True)
    with pytest.raises(SystemExit, match="expected a folder that the pipeline does not write to"):
        invoke(ingest.main, "run=one", "data.source=folder", f"data.path={path}")


def test_folders_that_are_splits_are_not_taken_for_classes(tmp_path: Path) -> None:
    small_data.write_raw(tmp_path / "photos", classes=["Test", "train", "val"], per_class=2)
    with pytest.raises(UserError, match="Test, train, val are named like splits"):
        ingest.copy_folder(tmp_path / "photos", tmp_path / "raw")
    small_data.write_raw(tmp_path / "photos", classes=["control"], per_class=2)
    ingest.copy_folder(tmp_path / "photos", tmp_path / "raw")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("null", "data.path=null: expected a folder"),
        ("photo", r"data.path=photo: no such folder .* Did you mean 'photos'\?"),
        ("photos/cat/dog", "data.path=photos/cat/dog: no such folder"),
    ],
)
def test_a_missing_folder_is_named_and_leaves_no_output(
    path: str, message: str, project: Path, invoke: Invoke
) -> None:
    small_data.write_raw(project / "photos", per_class=1)
    with pytest.raises(SystemExit, match=message):
        invoke(ingest.main, "run=one", "data.source=folder", f"data.path={path}")
    assert not (project / "runs" / "one" / "data").exists()
    assert not (project / "data").exists()


def test_the_users_folder_is_read_from_the_project_or_from_anywhere(
    project: Path, photos: Path, invoke: Invoke
) -> None:
    for run, path in (("one", "../photos"), ("two", str(photos))):
        invoke(ingest.main, f"run={run}", "data.source=folder", f"data.path='{path}'")
        assert names(project / "runs" / run / "data" / "raw") == names(photos)


def test_a_relative_path_is_taken_from_the_project_wherever_one_stands(
    project: Path, photos: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "notes" / "deep").mkdir(parents=True)
    monkeypatch.chdir(project / "notes" / "deep")
    invoke(ingest.main, "run=one", "data.source=folder", "data.path='../photos'")
    assert names(project / "runs" / "one" / "data" / "raw") == names(photos)


def test_a_file_that_cannot_be_read_is_named(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: Path, target: Path) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(source), None, target)

    monkeypatch.setattr(shutil, "copyfile", refuse)
    with pytest.raises(UserError, match=r"000\.png: cannot be read \(Permission denied\)"):
        ingest.copy_folder(photos, tmp_path / "raw")
