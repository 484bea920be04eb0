from pathlib import Path

import numpy as np
import pytest
import small_data

from {{ cookiecutter.package_name }} import arrays
from {{ cookiecutter.package_name }}.arrays import (
    Rows,
    SplitWriter,
    load_split,
    statistics_of,
)
from {{ cookiecutter.package_name }}.schema import Manifest
from {{ cookiecutter.package_name }}.splits import SPLITS, Split

FOLDED = Split(val=0.15, test=0.2, folds=3, salt=0)


@pytest.fixture(scope="module")
def folded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data of three folds, in which some category is in one row only."""
    folder = tmp_path_factory.mktemp("folded")
    rows = small_data.table()
    rows[5][small_data.COLOR] = "true"
    for row in rows:
        if row is not rows[5] and row[small_data.COLOR] == "true":
            row[small_data.COLOR] = "red"
    source = small_data.write_csv(folder / "table.csv", rows)
    small_data.prepare_small(source, folder / "prepared", split=FOLDED)
    return folder / "prepared"


def test_rows_of_a_split_belong_together(prepared: Path, manifest: Manifest) -> None:
    known = {row[small_data.KEY]: row for row in small_data.table()}
    for split in SPLITS:
        rows = load_split(prepared, split)
        assert len(rows.ids) == len(rows.inputs) == len(rows.targets) == manifest.rows[split]
        for name, values, target in zip(rows.ids, rows.inputs, rows.targets, strict=True):
            assert manifest.classes[target] == known[name][small_data.TARGET]
            assert values[1] == pytest.approx(float(known[name]["fold"]))


def test_features_stay_on_disk_and_cannot_be_changed_by_accident(prepared: Path) -> None:
    inputs = load_split(prepared, "train").inputs
    assert isinstance(inputs, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        inputs[0, 0] = 1


def test_the_hash_of_a_split_knows_which_rows_they_are(tmp_path: Path) -> None:
    def digest(name: str, places: list[list[int]]) -> str:
        with SplitWriter(tmp_path / name, 1, np.float64) as writer:
            writer.append(np.array(places, np.uint64), np.zeros((2, 1), np.float32), np.zeros(2))
        return writer.digest.hexdigest()

    own = digest("own", [[7, 0], [8, 0]])
    assert digest("again", [[7, 0], [8, 0]]) == own
    assert digest("other_row", [[7, 0], [9, 0]]) != own
    assert digest("other_fold", [[7, 0], [8, 1]]) != own


@pytest.mark.slow
def test_each_row_is_a_test_row_of_one_fold(folded: Path) -> None:
    tested = [name for fold in range(3) for name in load_split(folded, "test", fold).ids]
    assert sorted(tested) == sorted(row[small_data.KEY] for row in small_data.table())
    for fold in range(3):
        parts = [set(load_split(folded, split, fold).ids) for split in SPLITS]
        assert sum(map(len, parts)) == len(set.union(*parts)) == small_data.ROWS


@pytest.mark.slow
def test_the_network_to_release_is_trained_on_all_rows_but_those_that_stop_it(folded: Path) -> None:
    train, val, test = (load_split(folded, split) for split in SPLITS)
    assert len(train.ids) + len(val.ids) == small_data.ROWS
    assert len(test.ids) == len(test.inputs) == 0


@pytest.mark.slow
@pytest.mark.ml_test_score("data-7")
def test_a_category_that_a_fold_has_not_trained_on_is_unseen_there(folded: Path) -> None:
    manifest = Manifest.load(folded)
    place = [feature.name for feature in manifest.features].index(small_data.COLOR)
    code = small_data.COLORS.index("true") + 1
    found = {}
    for fold in (None, 0, 1, 2):
        for split in SPLITS:
            rows = load_split(folded, split, fold)
            if "row-005" in rows.ids:
                found[fold] = split, rows.inputs[rows.ids.index("row-005"), place]
    assert found[None] == ("train", code)
    assert {value for split, value in found.values() if split == "test"} == {0}
    assert [value for split, value in found.values() if split == "train"] == [code] * 3


@pytest.mark.ml_test_score("data-7")
def test_statistics_are_those_of_the_known_values() -> None:
    generator = np.random.default_rng(0)
    inputs = (generator.normal(size=(500, 3)) * [1, 10, 1] + [0, 1e6, 0]).astype(np.float32)
    inputs[::7, 0] = np.nan
    inputs[:, 2] = np.nan
    targets = generator.normal(5, 2, 500)
    rows = Rows(inputs, targets, pl_ids(500))
    found = statistics_of(rows, 3, regression=True)
    known = inputs[:, 0][~np.isnan(inputs[:, 0])].astype(np.float64)
    assert found.mean == pytest.approx([known.mean(), inputs[:, 1].mean(dtype=np.float64), 0])
    assert found.std == pytest.approx([known.std(), inputs[:, 1].std(dtype=np.float64), 0])
    assert found.quantiles[0] == pytest.approx(np.quantile(known, np.linspace(0, 1, 129)).tolist())
    assert found.quantiles[2] == [0.0] * 129
    assert (found.target_mean, found.target_std) == pytest.approx((targets.mean(), targets.std()))


@pytest.mark.ml_test_score("data-7")
def test_statistics_over_chunks_are_those_over_everything(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    inputs = np.random.default_rng(0).normal(size=(999, 2)).astype("f4")
    inputs[:, 0] = np.sort(inputs[:, 0])  # so that chunks differ
    inputs[::5, 1] = np.nan
    np.save(tmp_path / "features.npy", inputs)
    mapped = np.load(tmp_path / "features.npy", mmap_mode="r")
    rows = Rows(mapped, np.zeros(999), pl_ids(999))
    whole = statistics_of(rows, 2, regression=False)
    monkeypatch.setattr(arrays, "CHUNK_BYTES", 8 * 100)
    parts = statistics_of(rows, 2, regression=False)
    assert parts.mean == pytest.approx(whole.mean)
    assert parts.std == pytest.approx(whole.std)
    assert parts.quantiles == whole.quantiles


def pl_ids(rows: int) -> "arrays.pl.LazyFrame":
    return arrays.pl.LazyFrame({"id": [str(number) for number in range(rows)]})
