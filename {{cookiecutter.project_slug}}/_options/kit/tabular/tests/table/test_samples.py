from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import small_data

from {{ cookiecutter.package_name }}.contract.casting import typed
from {{ cookiecutter.package_name }}.contract.contract import Contract, Task
from {{ cookiecutter.package_name }}.raw.writing import write_raw
from {{ cookiecutter.package_name }}.reading.opening import open_raw
from {{ cookiecutter.package_name }}.splits import SPLITS
from {{ cookiecutter.package_name }}.table import samples as samples_module
from {{ cookiecutter.package_name }}.table.samples import Samples
from {{ cookiecutter.package_name }}.table.splitting import ROW, with_splits


def samples_of(contract: Contract, folder: Path) -> Samples:
    write_raw(small_data.write_raw(folder / "source"), folder / "raw")
    rows = typed(open_raw(folder / "raw"), contract).with_row_index(ROW, offset=1)
    split_rows, folds = with_splits(rows, contract, small_data.SHARES)
    samples = Samples(folder / "samples.parquet", contract, folds)
    samples.write(split_rows)
    return samples


def arrays_of(samples: Samples, split: str) -> tuple[list[list[int]], list[list[float]], list[int]]:
    windows = samples.windows(samples.features(), sorted(small_data.CLASSES))
    parts = [window[split] for window in windows]
    matrix = np.nan_to_num(np.concatenate([part.matrix for part in parts]), nan=-1)
    places = np.concatenate([part.places for part in parts])
    targets = np.concatenate([part.targets for part in parts])
    return places.tolist(), matrix.tolist(), targets.tolist()


@pytest.mark.ml_test_score("data-7")
def test_a_table_gives_the_same_arrays_however_it_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = samples_of(small_data.contract(), tmp_path / "whole")
    expected = {split: arrays_of(whole, split) for split in SPLITS}
    monkeypatch.setattr(samples_module, "MOST_ROWS", 7)
    cut = samples_of(small_data.contract(), tmp_path / "cut")
    assert {split: arrays_of(cut, split) for split in SPLITS} == expected
    windows = cut.windows(cut.features(), small_data.CLASSES)
    sizes = [sum(len(part.matrix) for part in window.values()) for window in windows]
    assert max(sizes) <= 7
    assert sum(sizes) == small_data.ROWS


def test_a_row_is_known_by_its_id_wherever_it_stands(tmp_path: Path) -> None:
    samples = samples_of(small_data.contract(), tmp_path)
    reordered = Samples(tmp_path / "other.parquet", samples.contract, samples.folds)
    samples.rows.reverse().sink_parquet(reordered.file)
    for split in SPLITS:
        known, found = (arrays_of(each, split)[0] for each in (samples, reordered))
        assert found[::-1] == known
        assert len({number for number, _ in known}) == len(known)


def test_a_window_is_cut_from_the_file_and_reads_no_row_before_it(tmp_path: Path) -> None:
    plan = samples_of(small_data.contract(), tmp_path).rows.slice(60, 20).explain()
    assert "SLICE: Positive { offset: 60, len: 20 }" in plan  # of the scan
    assert "SLICE[" not in plan  # of what the scan gave


def test_rows_are_counted_by_split_and_class(tmp_path: Path) -> None:
    samples = samples_of(small_data.contract(), tmp_path)
    counts, rows = samples.counts(), samples.rows.collect()
    assert counts["rows"].sum() == small_data.ROWS
    for split, label, count in counts.select("split", "target", "rows").rows():
        assert rows.filter(split=split, target=label).height == count


def test_values_to_predict_are_counted_as_one(tmp_path: Path) -> None:
    regression = replace(small_data.contract(), task=Task.regression, target=small_data.SIZE)
    counts = samples_of(regression, tmp_path).counts()
    assert counts["target"].unique().to_list() == [""]
    assert counts["rows"].sum() == small_data.ROWS


def test_without_a_key_a_row_is_called_by_its_number_in_the_source(tmp_path: Path) -> None:
    keyless = replace(small_data.contract(), key=None, forbidden=(small_data.KEY,))
    ids = samples_of(keyless, tmp_path).rows.select("id").collect()["id"]
    assert ids.to_list() == [str(number) for number in range(1, small_data.ROWS + 1)]


@pytest.mark.ml_test_score("data-7")
def test_the_categories_of_rare_words_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples = samples_of(small_data.contract(), tmp_path)
    monkeypatch.setattr(samples_module, "MOST_CATEGORIES", 2)
    (found,) = [f.categories for f in samples.features() if f.name == small_data.COLOR]
    train = samples.rows.filter(pl.col("split") == "train").collect()
    counts = train[samples.names[small_data.COLOR]].drop_nulls().value_counts(sort=True)
    assert found == sorted(counts[:, 0].to_list()[:2])
