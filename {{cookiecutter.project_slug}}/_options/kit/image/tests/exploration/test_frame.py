from pathlib import Path

import numpy as np
import pytest
import small_data

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.exploration import frame
from {{ cookiecutter.package_name }}.exploration.frame import exploration_data
from {{ cookiecutter.package_name }}.schema import Manifest


def test_each_image_has_its_facts_its_class_and_its_part(
    prepared: Path, manifest: Manifest
) -> None:
    data = exploration_data(prepared)
    assert data.split.value_counts().to_dict() == manifest.rows
    for split in manifest.rows:
        rows = load_split(prepared, split)
        shown = data.frame.loc[rows.ids]
        assert shown["label"].tolist() == [manifest.classes[n] for n in rows.targets]
        np.testing.assert_allclose(shown["brightness"], rows.inputs.mean(axis=(1, 2, 3)))
        np.testing.assert_allclose(shown["contrast"], rows.inputs.std(axis=(1, 2, 3)))
    assert {label for label, _ in data.pictures} == set(manifest.classes)
    assert all(html.startswith("<img") for _, html in data.pictures)


def test_folds_are_named(tmp_path: Path) -> None:
    raw = small_data.write_raw(tmp_path / "raw")
    small_data.prepare_small(raw, tmp_path / "prepared", split=small_data.IN_FOLDS)
    assert set(exploration_data(tmp_path / "prepared").split) == {
        f"fold {number}" for number in range(small_data.IN_FOLDS.folds or 0)
    }


def test_of_many_images_every_nth_is_looked_at(prepared: Path, manifest: Manifest) -> None:
    total = sum(manifest.rows.values())
    data = exploration_data(prepared, most_rows=total // 2)
    assert data.total_rows == total
    assert total / 3 < len(data.frame) < total / 2 + 3


def test_pixels_are_those_of_training_images_standardised_and_no_more_than_are_drawn(
    prepared: Path, manifest: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    train = load_split(prepared, "train")
    pixels = exploration_data(prepared).inputs
    assert pixels is not None
    assert pixels.index.tolist() == train.ids
    statistics = manifest.statistics_of(None)
    expected = (train.inputs - np.array(statistics.mean)) / np.array(statistics.std)
    np.testing.assert_allclose(pixels, expected.reshape(len(train.ids), -1), rtol=1e-5, atol=1e-5)
    monkeypatch.setattr(frame, "MOST_POINTS", 10)
    monkeypatch.setattr(frame, "MOST_AXES", 16)
    few = exploration_data(prepared).inputs
    assert few is not None
    assert few.shape[0] <= 10
    assert few.shape[1] <= 16
    assert set(few.index) < set(train.ids)
