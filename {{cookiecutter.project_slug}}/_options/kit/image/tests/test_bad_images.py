"""Files that cannot be read stop the run by name, or are set aside and counted."""

import json
import shutil
from pathlib import Path

import polars as pl
import pytest
import small_data

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.config.kit import OnBad
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.runtime.files import stage_workspace
from {{ cookiecutter.package_name }}.splits import SPLITS, Split

FIRST = small_data.CLASSES[0]


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return small_data.write_raw(tmp_path / "raw")


@pytest.fixture
def damaged(raw: Path) -> list[str]:
    """Three files in data/raw that cannot be read, each in its own way."""
    whole = (raw / FIRST / "000.png").read_bytes()
    contents = {"000.png": whole[: small_data.PNG_HEADER], "001.png": b"", "002.png": b"no image"}
    for name, content in contents.items():
        (raw / FIRST / name).write_bytes(content)
    return [f"{FIRST}/{name}" for name in contents]


@pytest.mark.ml_test_score("data-1")
def test_unreadable_files_are_listed_by_name_and_stop(
    raw: Path, damaged: list[str], tmp_path: Path
) -> None:
    with pytest.raises(UserError, match=r"data.on_bad=stop: 3 files cannot be read") as caught:
        small_data.prepare_small(raw, tmp_path / "prepared")
    assert [name for name in damaged if str(raw / name) in str(caught.value)] == damaged
    assert "data.on_bad=quarantine" in str(caught.value)


def test_unreadable_files_can_be_set_aside_and_are_counted(
    raw: Path, damaged: list[str], tmp_path: Path
) -> None:
    manifest = small_data.prepare_small(raw, tmp_path / "prepared", on_bad=OnBad.quarantine)
    assert [entry.split(" (")[0] for entry in manifest.bad_files] == damaged
    assert sum(manifest.rows.values()) == 117
    assert not set(damaged) & set(pl.read_parquet(tmp_path / "prepared/samples.parquet")["id"])
    quarantine = tmp_path / "prepared" / "quarantine"
    kept = [file.relative_to(quarantine).as_posix() for file in quarantine.rglob("*.png")]
    assert sorted(kept) == sorted(damaged)
    for name in damaged:
        assert (quarantine / name).read_bytes() == (raw / name).read_bytes()
    clean = shutil.copytree(raw, tmp_path / "clean")
    for name in damaged:
        (clean / name).unlink()
    assert small_data.prepare_small(clean, tmp_path / "second").hashes == manifest.hashes


def test_labels_stay_with_their_images_when_others_are_left_out(
    raw: Path, damaged: list[str], tmp_path: Path
) -> None:
    manifest = small_data.prepare_small(raw, tmp_path / "prepared", on_bad=OnBad.quarantine)
    assert len(manifest.bad_files) == len(damaged)
    for split in SPLITS:
        rows = load_split(tmp_path / "prepared", split)
        named = [manifest.classes[number] for number in rows.targets]
        assert named == [name.split("/")[0] for name in rows.ids]


def test_a_failure_leaves_the_old_output(raw: Path, damaged: list[str], project: Path) -> None:
    def run(on_bad: OnBad) -> None:
        with stage_workspace(project, "prepare").publishes("data/prepared") as folder:
            small_data.prepare_small(raw, folder, on_bad=on_bad)

    run(OnBad.quarantine)
    before = (project / "data/prepared/manifest.json").read_text("utf-8")
    with pytest.raises(UserError):
        run(OnBad.stop)
    assert (project / "data/prepared/manifest.json").read_text("utf-8") == before
    assert len(json.loads(before)["bad_files"]) == len(damaged)


def test_long_lists_of_unreadable_files_are_cut(raw: Path, tmp_path: Path) -> None:
    for file in (raw / FIRST).iterdir():
        file.write_bytes(b"")
    with pytest.raises(UserError, match="40 files cannot be read") as caught:
        small_data.prepare_small(raw, tmp_path / "prepared")
    shown, _, everything = str(caught.value).partition("and 20 more, all of them in ")
    assert shown.count(FIRST) == 20
    names = Path(everything.splitlines()[0]).read_text("utf-8").splitlines()
    assert len([name for name in names if FIRST in name]) == 40


def test_no_readable_image_of_a_class_is_an_error_whatever_is_set_aside(
    raw: Path, tmp_path: Path
) -> None:
    for file in (raw / FIRST).iterdir():
        file.write_bytes(file.read_bytes()[: small_data.PNG_HEADER])
    with pytest.raises(UserError, match=r"no rows of class .* for train"):
        small_data.prepare_small(raw, tmp_path / "some", on_bad=OnBad.quarantine)
    for file in raw.rglob("*.png"):
        file.write_bytes(b"")
    with pytest.raises(UserError, match="no rows for train"):
        small_data.prepare_small(raw, tmp_path / "none", on_bad=OnBad.quarantine)


def test_a_split_without_images_is_an_error_that_names_the_shares(tmp_path: Path) -> None:
    raw = small_data.write_raw(tmp_path / "raw", per_class=3)
    with pytest.raises(UserError, match=r"no rows for val\. .* data.split.val"):
        small_data.prepare_small(
            raw, tmp_path / "prepared", split=Split(val=1e-9, test=0.2, folds=0, salt=0)
        )


def test_a_fold_without_validation_images_is_an_error_that_names_it(tmp_path: Path) -> None:
    raw = small_data.write_raw(tmp_path / "raw", per_class=6)
    split = Split(val=0.1, test=0.2, folds=3, salt=0)
    with pytest.raises(UserError, match=r"no rows for val in fold \d of 3.*data.split.salt"):
        small_data.prepare_small(raw, tmp_path / "prepared", split=split)
