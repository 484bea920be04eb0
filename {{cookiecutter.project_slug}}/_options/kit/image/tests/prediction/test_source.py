import shutil
from pathlib import Path

import numpy as np
import pytest

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.prediction.source import Source
from {{ cookiecutter.package_name }}.runtime.errors import UserError


def test_images_are_decoded_as_in_preparation(rows: Path, model: Path, pipeline: Path) -> None:
    known = load_split(pipeline / "data/prepared", "test")
    (chunk,) = Source(rows, model, []).chunks(0)
    places = [chunk.named["file"].to_list().index(name) for name in known.ids]
    np.testing.assert_array_equal(chunk.inputs[places], known.inputs)


def test_one_file_is_a_source_too(rows: Path, model: Path) -> None:
    file = min(rows.glob("*/*.png"))
    (chunk,) = Source(file, model, []).chunks(0)
    assert chunk.named["file"].to_list() == [file.name]


def test_chunks_begin_where_they_are_asked_to(rows: Path, model: Path) -> None:
    source = Source(rows, model, [])
    source.size = 50
    every = [chunk.named["file"].to_list() for chunk in source.chunks(0)]
    assert [len(names) for names in every] == [50, 50, 20]
    assert [chunk.named["file"].to_list() for chunk in source.chunks(1)] == every[1:]


def test_other_files_are_left_out_and_told(rows: Path, model: Path) -> None:
    (rows / "notes.txt").touch()
    assert Source(rows, model, []).notes == ["left 1 files out: no images by their names"]
    shutil.rmtree(rows)
    rows.mkdir()
    with pytest.raises(UserError, match=r"rows: no images; expected \.png"):
        Source(rows, model, [])
