from pathlib import Path

import numpy as np
from kit_facts import small_manifest

from {{ cookiecutter.package_name }}.schema import (
    OWN_COLUMNS,
    Manifest,
    as_html,
    sample_names,
)


def test_a_manifest_survives_being_written(tmp_path: Path) -> None:
    small_manifest().save(tmp_path)
    assert Manifest.load(tmp_path) == small_manifest()


def test_a_row_is_shown_by_its_values_as_text() -> None:
    shown = as_html(np.array([1.25, 2.0], np.float32), small_manifest())
    assert "size: 1.25" in shown
    assert "color: red" in shown
    missing = as_html(np.array([np.nan, 0.0], np.float32), small_manifest())
    assert "size: missing" in missing
    assert "color: missing or new" in missing


def test_names_from_the_data_are_escaped() -> None:
    manifest = small_manifest()
    manifest.features[1].categories[1] = "<script>"  # type: ignore[index]
    assert "<script>" not in as_html(np.array([1.0, 2.0], np.float32), manifest)


def test_features_called_like_columns_of_the_samples_get_names_of_their_own() -> None:
    names = sample_names(["a", "id", "column id", "target", "*", "^x$"])
    assert names["a"] == "a"
    assert len({*names.values()}) == 6
    assert names["^x$"] == "column ^x$"
    assert not {*names.values()} & {*OWN_COLUMNS}
