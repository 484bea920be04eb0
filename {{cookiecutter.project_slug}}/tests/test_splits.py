from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.splits import (
    SPLITS,
    Split,
    fold_of,
    networks,
    part_in_view,
    require_rows,
    split_of,
    views,
)

KEYS = [f"key {number}" for number in range(6000)]
texts = st.lists(st.text(max_size=20), min_size=1, max_size=40)
salts = st.integers(0, 2**40)


def placed(keys: list[str], split: Split, folds: int = 5) -> pl.DataFrame:
    """Split and fold of each key."""
    key = pl.col("key")
    table = pl.DataFrame({"key": keys}, {"key": pl.String})
    return table.with_columns(
        split_of(key, split).alias("split"), fold_of(key, split, folds).alias("fold")
    )


def parts(folds: int, fold: int | None, rows: int = 500) -> list[str]:
    """What each of ``rows`` rows is for in a view."""
    table = placed(KEYS[:rows], Split(0.15, 0.2, folds, 0), folds)
    return table.select(part_in_view(folds, fold).alias("part"))["part"].to_list()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(old=texts, new=texts, salt=salts, folds=st.integers(2, 20), data=st.data())
def test_adding_reordering_and_removing_rows_moves_no_other(
    old: list[str], new: list[str], salt: int, folds: int, data: st.DataObject
) -> None:
    split = Split(0.2, 0.2, folds, salt)
    before = {key: places for key, *places in placed(old, split, folds).rows()}
    more = data.draw(st.permutations([*old, *new]))[1:]
    after = {key: places for key, *places in placed(more, split, folds).rows()}
    assert all(after[key] == before[key] for key in before.keys() & after.keys())


@settings(max_examples=60, deadline=None, derandomize=True)
@given(groups=texts, salt=salts, folds=st.integers(2, 20))
def test_rows_of_one_key_stay_together_in_splits_and_in_folds(
    groups: list[str], salt: int, folds: int
) -> None:
    table = placed(groups * 3, Split(0.3, 0.3, folds, salt), folds)
    torn = table.group_by("key").agg(pl.col("split", "fold").n_unique())
    assert torn["split"].to_list() == torn["fold"].to_list() == [1] * len(torn)
    assert set(table["split"]) <= set(SPLITS)
    assert table["fold"].is_between(0, folds - 1).all()


def test_shares_and_folds_are_about_what_was_asked_for() -> None:
    table = placed(KEYS, Split(0.1, 0.3, 5, 0))
    shares = dict(table["split"].value_counts(normalize=True).rows())
    assert shares["val"] == pytest.approx(0.1, abs=0.02)
    assert shares["test"] == pytest.approx(0.3, abs=0.02)
    for fold in range(5):
        rows = table.filter(pl.col("fold") == fold)
        assert len(rows) / len(KEYS) == pytest.approx(0.2, abs=0.02)
        # Were folds drawn by the hash of splits, a fold would have all of the validation rows.
        assert (rows["split"] == "val").mean() == pytest.approx(0.1, abs=0.03)


@pytest.mark.parametrize("column", ["split", "fold"])
def test_another_salt_is_another_draw(column: str) -> None:
    first, same, other = (placed(KEYS, Split(0.3, 0.3, 5, salt))[column] for salt in (0, 0, 1))
    assert first.equals(same)
    assert 0.1 < np.mean((first == other).to_numpy()) < 0.5


def test_a_row_is_in_the_same_place_on_every_machine_and_in_every_release() -> None:
    table = placed([f"cat/{number}.png" for number in range(8)], Split(0.3, 0.3, 5, 0))
    assert " ".join(table["split"]) == "train train test val val test val val"
    assert table["fold"].to_list() == [0, 3, 1, 3, 0, 0, 4, 4]


def test_a_table_of_any_type_of_frame_is_placed_the_same() -> None:
    split, key = Split(0.2, 0.2, 5, 0), pl.col("key")
    lazy = pl.LazyFrame({"key": KEYS}).with_columns(
        split_of(key, split).alias("split"), fold_of(key, split, 5).alias("fold")
    )
    assert lazy.collect(engine="streaming").equals(placed(KEYS, split))


def test_every_row_is_a_test_row_in_exactly_one_view() -> None:
    seen = np.array([[part == "test" for part in parts(4, fold)] for fold in range(4)])
    assert (seen.sum(axis=0) == 1).all()
    assert seen.any(axis=1).all()


def test_what_is_released_trains_on_all_rows_but_validation_and_each_fold_on_the_others() -> None:
    whole, stored = parts(4, None), parts(0, None)
    assert set(whole) == {"train", "val"}
    assert [part == "val" for part in whole] == [part == "val" for part in stored]
    for fold in range(4):
        others = parts(4, fold)
        assert all(part in ("test", usual) for part, usual in zip(others, whole, strict=True))


def test_without_folds_the_parts_are_the_splits() -> None:
    assert parts(0, None) == placed(KEYS[:500], Split(0.15, 0.2, 0, 0))["split"].to_list()


@pytest.mark.parametrize(
    ("folds", "rows", "expected"), [(None, 1499, 5), (None, 1500, 0), (0, 10, 0), (7, 10**6, 7)]
)
def test_small_tables_are_put_into_folds_unless_something_else_is_asked_for(
    folds: int | None, rows: int, expected: int
) -> None:
    assert Split(0.15, 0.2, folds, 0).folds_for(rows) == expected


def test_views_together_are_the_test_set_and_the_first_network_is_the_one_to_release() -> None:
    assert (views(3, None), networks(3, None)) == ([0, 1, 2], [None, 0, 1, 2])
    assert (views(0, None), networks(0, None)) == ([None], [None])
    assert views(3, 2) == networks(3, 2) == [2]


@pytest.mark.parametrize("of", [views, networks])
@pytest.mark.parametrize(
    ("folds", "fold", "expected"),
    [
        (3, 3, "data.fold=3: expected 0 to 2"),
        (3, -1, "data.fold=-1: expected 0 to 2"),
        (0, 0, "data.fold=0: expected null: the data were prepared with data.split.folds=0"),
    ],
)
def test_a_fold_that_is_not_there_is_refused(
    of: Callable[[int, int], object], folds: int, fold: int, expected: str
) -> None:
    with pytest.raises(UserError, match=expected):
        of(folds, fold)


def samples(split: str, fold: str, target: str) -> pl.DataFrame:
    """One row for each character: t, v and e are train, val and test."""
    named = {"t": "train", "v": "val", "e": "test"}
    columns = {"split": [named[one] for one in split], "fold": list(map(int, fold))}
    return pl.DataFrame({**columns, "target": list(target)})


def test_a_view_without_rows_of_a_part_is_refused_with_what_to_change() -> None:
    rows = samples("ttttttvv", "01201222", "xxxxxxxx")
    with pytest.raises(UserError, match=r"no rows for val in fold 2 of 3\. .*data.split.salt"):
        require_rows(rows, 3, [])
    assert require_rows(samples("ttttttvv", "01201221", "xxxxxxxx"), 3, []) == []
    with pytest.raises(UserError, match="no rows for test"):
        require_rows(rows, 0, [])


def test_a_class_that_nothing_can_learn_is_refused() -> None:
    with pytest.raises(UserError, match="no rows of class b for train"):
        require_rows(samples("ttve", "0000", "aaab"), 0, ["a", "b"])
    with pytest.raises(UserError, match="every row is of class 'a': expected at least two"):
        require_rows(samples("ttve", "0000", "aaaa"), 0, ["a"])


def test_a_class_that_a_part_lacks_is_told() -> None:
    found = require_rows(samples("ttvetv", "000000", "abaaab"), 0, ["a", "b"])
    assert found == ["no rows of class b for test"]


def test_a_class_that_is_in_one_fold_alone_is_told() -> None:
    rows = samples("tttttvvv", "01210012", "aaabbaaa")
    found = require_rows(rows, 3, ["a", "b"])
    assert found == []
    rows = samples("ttttvvv", "0121012", "aaabaaa")
    assert require_rows(rows, 3, ["a", "b"]) == ["no rows of class b for train in fold 1 of 3"]
