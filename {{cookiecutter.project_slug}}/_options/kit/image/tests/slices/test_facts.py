from pathlib import Path

import numpy as np
import polars as pl
import pytest
import small_data
from PIL import Image

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.slices import facts

FACTS = ["width", "height", "brightness", "contrast", "sharpness"]


def test_facts_are_those_of_the_file_and_of_the_prepared_image(tmp_path: Path) -> None:
    raw = small_data.write_raw(tmp_path / "raw")
    wide = raw / small_data.CLASSES[0] / "wide.png"
    Image.fromarray(np.full((20, 30), 77, np.uint8)).save(wide)
    small_data.prepare_small(raw, tmp_path / "prepared")
    samples = pl.read_parquet(tmp_path / "prepared/samples.parquet")
    split = samples.filter(pl.col("id").str.ends_with("wide.png"))["split"].item()
    rows = load_split(tmp_path / "prepared", split)
    found = facts.facts_of(tmp_path / "prepared", rows.ids, rows.inputs)
    assert (found.columns, len(found)) == (FACTS, len(rows.ids))
    of_wide = found.row([name.endswith("wide.png") for name in rows.ids].index(True))
    assert of_wide == (30, 20, 77, 0, 0)
    images = np.array(rows.inputs, np.float64)[..., 0]
    np.testing.assert_allclose(found["brightness"], images.mean((1, 2)), rtol=1e-5)
    np.testing.assert_allclose(found["contrast"], images.std((1, 2)), rtol=1e-4, atol=1e-4)
    steps = [np.abs(np.diff(images, axis=axis)).mean((1, 2)) for axis in (1, 2)]
    np.testing.assert_allclose(found["sharpness"], np.mean(steps, axis=0), rtol=1e-5)


@pytest.mark.ml_test_score("model-6")
def test_rows_may_be_in_any_order_and_few_in_memory(
    prepared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = load_split(prepared, "test")
    whole = facts.facts_of(prepared, rows.ids, rows.inputs)
    order = np.random.default_rng(0).permutation(len(rows.ids))
    monkeypatch.setattr(facts, "VALUES", 3 * rows.inputs[0].size)
    ids = [rows.ids[place] for place in order]
    parts = facts.facts_of(prepared, ids, np.array(rows.inputs)[order])
    assert parts.equals(whole[order])


def test_images_that_belong_together_have_their_group(tmp_path: Path) -> None:
    raw = small_data.write_raw(tmp_path / "raw")
    small_data.prepare_small(raw, tmp_path / "prepared", group=r"(\d)\.png$")
    rows = load_split(tmp_path / "prepared", "train")
    found = facts.facts_of(tmp_path / "prepared", rows.ids, rows.inputs)
    assert found.columns == ["width", "height", "group", *FACTS[2:]]
    assert found["group"].to_list() == [name[-5] for name in rows.ids]
