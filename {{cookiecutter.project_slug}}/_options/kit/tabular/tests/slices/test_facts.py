from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import small_data
from small_data import COLOR, KEY, SIZE, TARGET

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.contract.contract import Column, Contract, Kind
from {{ cookiecutter.package_name }}.slices import facts

Prepare = Callable[..., Path]
ROWS = {row[KEY]: row for row in small_data.table()}


def facts_of(prepared: Path, split: str = "test", *named: str) -> tuple[list[str], pl.DataFrame]:
    rows = load_split(prepared, split)
    return rows.ids, facts.facts_of(prepared, rows.ids, rows.inputs, named)


@pytest.fixture
def prepare(tmp_path: Path) -> Prepare:
    def prepare(agreed: Contract) -> Path:
        source = small_data.write_csv(tmp_path / "source/table.csv", small_data.table())
        small_data.prepare_small(source, tmp_path / "prepared", agreed=agreed)
        return tmp_path / "prepared"

    return prepare


def test_facts_are_the_values_of_the_source_under_their_names(prepared: Path) -> None:
    ids, found = facts_of(prepared)
    # What means something else here, or is a pattern to polars, says so in its name.
    names = {SIZE: "column split", "fold": "column fold", COLOR: COLOR}
    names |= {"^never.*$": "column ^never.*$"}
    assert set(found.columns) == {*names.values(), facts.MISSING}
    for name, row in zip(ids, found.iter_rows(named=True), strict=True):
        own = ROWS[name]
        assert row["column split"] == (float(own[SIZE]) if own[SIZE] else None)
        assert row[COLOR] == (None if own[COLOR] == "NA" else own[COLOR])
        assert row["column ^never.*$"] == {"yes": "true", "no": "false"}[own["^never.*$"]]
        missing = (own[SIZE] == "") + (own[COLOR] == "NA")
        assert row[facts.MISSING] == missing
    assert 0 < found[facts.MISSING].sum() < len(ids)


@pytest.mark.ml_test_score("model-6")
def test_rows_may_be_in_any_order(prepared: Path) -> None:
    rows = load_split(prepared, "test")
    whole = facts.facts_of(prepared, rows.ids, rows.inputs)
    order = np.random.default_rng(0).permutation(len(rows.ids))
    ids = [rows.ids[place] for place in order]
    assert facts.facts_of(prepared, ids, np.array(rows.inputs)[order]).equals(whole[order])


def test_columns_without_a_role_are_facts_and_the_group_has_a_column(tmp_path: Path) -> None:
    rows = [row | {"person": f"p{place % 40}"} for place, row in enumerate(small_data.table())]
    source = small_data.write_csv(tmp_path / "source/table.csv", rows)
    agreed = small_data.contract()
    columns = agreed.columns | {"person": Column(Kind.text)}
    own = replace(agreed, columns=columns, forbidden=("fold",), group="person")
    small_data.prepare_small(source, tmp_path / "prepared", agreed=own)
    ids, found = facts_of(tmp_path / "prepared", "train")
    assert {"column split", "column fold", "group"} <= set(found.columns)
    assert found["column fold"].to_list() == [float(ROWS[name]["fold"]) for name in ids]
    assert found["group"].to_list() == [f"p{int(name[4:]) % 40}" for name in ids]


def test_of_a_wide_table_the_first_columns_are_facts_and_those_that_are_named(
    prepared: Path, prepare: Prepare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts, "MOST_FACTS", 1)
    assert facts_of(prepared)[1].columns == ["column split", facts.MISSING]
    named = facts_of(prepared, "test", COLOR, "target", "no such column")[1]
    assert named.columns == ["column split", COLOR, facts.MISSING]
    agreed = small_data.contract()
    sensitive = {COLOR: replace(agreed.columns[COLOR], sensitive=True)}
    again = prepare(replace(agreed, columns=agreed.columns | sensitive))
    assert facts_of(again)[1].columns == ["column split", COLOR, facts.MISSING]
    assert (facts.sensitive_of(again), facts.sensitive_of(prepared)) == ([COLOR], [])


def test_a_column_of_the_source_with_the_name_of_a_fact_stays_what_it_is(tmp_path: Path) -> None:
    rows = [row | {facts.MISSING: str(place)} for place, row in enumerate(small_data.table())]
    source = small_data.write_csv(tmp_path / "source/table.csv", rows)
    agreed = small_data.contract()
    columns = agreed.columns | {facts.MISSING: Column(Kind.number, min=0, max=200)}
    own = replace(agreed, columns=columns, target=TARGET)
    small_data.prepare_small(source, tmp_path / "prepared", agreed=own)
    ids, found = facts_of(tmp_path / "prepared")
    assert found[facts.MISSING].to_list() == [int(name[4:]) for name in ids]
