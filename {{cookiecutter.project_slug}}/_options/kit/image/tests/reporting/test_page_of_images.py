"""What the report says of images."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from reading_pages import Page, rendered

from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.reporting.mistakes import MOST_ERRORS
from {{ cookiecutter.package_name }}.schema import Manifest


@pytest.mark.slow
def test_files_that_were_left_out_are_reported(pipeline: Path, tmp_path: Path) -> None:
    manifest = Manifest.load(pipeline / "data/prepared")
    assert "left out because" not in Page(rendered(pipeline)).text
    prepared = shutil.copytree(pipeline / "data/prepared", tmp_path / "with bad files")
    replace(manifest, bad_files=["a/1.png (OSError)", "a/2.png (OSError)"]).save(prepared)
    text = Page(rendered(pipeline, prepared=prepared)).text
    assert "2 files left out because they cannot be read: a/1.png (OSError), a/2.png" in text


@pytest.mark.slow
def test_each_error_has_its_picture(pipeline: Path) -> None:
    table = Predictions.load(pipeline / "predictions/network/test.parquet")
    tags = [tag for tag, _ in Page(rendered(pipeline)).tags]
    assert tags.count("img") == min(int((~table.correct).sum()), MOST_ERRORS) > 0
