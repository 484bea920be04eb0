from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
import small_data

from {{ cookiecutter.package_name }}.config.kit import TaskChoice
from {{ cookiecutter.package_name }}.contract.casting import typed
from {{ cookiecutter.package_name }}.contract.contract import Kind
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.splits import Split, fold_of, split_of
from {{ cookiecutter.package_name }}.table.agreement import agreed, even_salt, table_name
from {{ cookiecutter.package_name }}.table.encoding import key_of

NO_ROLES = dict.fromkeys(("target", "key", "group", "time"))
AUTOMATIC = Split(val=0.15, test=0.2, folds=5, salt=0)


@pytest.mark.parametrize(
    ("contract", "path", "name"),
    [
        (None, "my.csv", "my"),
        (None, "some/where/my.csv.gz", "my"),
        (None, "folder/of/shards/", "shards"),
        (None, "https://example.com/a/b.parquet?x=1", "b"),
        ("other", "my.csv", "other"),
        ("other.yaml", "my.csv", "other"),
    ],
)
def test_a_contract_is_called_like_its_table(contract: str | None, path: str, name: str) -> None:
    assert table_name(contract, "file", path) == name


def test_the_contract_of_a_source_of_its_own_begins_with_the_name_of_the_source() -> None:
    assert table_name(None, "warehouse", "customers") == "warehouse_customers"
    assert table_name(None, "warehouse", None) == "warehouse"


def test_a_file_needs_its_path() -> None:
    with pytest.raises(UserError, match=r"data\.path=null: expected a file, a folder or a URL"):
        table_name(None, "file", None)


def test_roles_of_the_configuration_win_over_the_contract(tmp_path: Path) -> None:
    small_data.contract().save(tmp_path / "my.yaml")
    plain = agreed(tmp_path, "my", NO_ROLES, TaskChoice.contract)
    assert plain == small_data.contract()
    changed = agreed(tmp_path, "my", {**NO_ROLES, "group": small_data.COLOR}, TaskChoice.contract)
    assert changed.group == small_data.COLOR
    assert small_data.COLOR not in changed.features


def test_a_role_for_no_column_names_the_nearest(tmp_path: Path) -> None:
    small_data.contract().save(tmp_path / "my.yaml")
    with pytest.raises(UserError, match=r"contracts/my.yaml with data.*group=clas.*'class'"):
        agreed(tmp_path, "my", {**NO_ROLES, "group": "clas"}, TaskChoice.contract)


def test_a_table_without_a_contract_says_what_writes_one(tmp_path: Path) -> None:
    small_data.contract().save(tmp_path / "mine.yaml")
    with pytest.raises(UserError, match=r"my.yaml: not there yet. Valid: mine.*uv run ingest"):
        agreed(tmp_path, "my", NO_ROLES, TaskChoice.contract)


def test_the_chosen_salt_splits_classes_more_evenly_than_most() -> None:
    contract = small_data.contract()
    rows = typed(pl.DataFrame(small_data.table(300)).lazy(), contract)
    key = key_of(contract.key, None, list(contract.columns))

    def largest_gap(salt: int) -> float:
        split = replace(AUTOMATIC, salt=salt)
        parts = rows.select(
            pl.col(small_data.TARGET).alias("target"),
            split_of(key, split).alias("split"),
            fold_of(key, split, 5).alias("fold"),
        ).collect()
        tested = parts.group_by("target").agg((pl.col("split") == "test").mean().alias("share"))
        return float((tested["share"] - 0.2).abs().max() or 0)  # type: ignore[arg-type]

    gaps = [largest_gap(salt) for salt in range(32)]
    chosen = even_salt(rows, contract, AUTOMATIC)
    assert largest_gap(chosen) < sorted(gaps)[16]
    assert even_salt(rows, contract, AUTOMATIC) == chosen


def test_a_key_or_group_that_the_configuration_names_keeps_all_its_digits(tmp_path: Path) -> None:
    contract = small_data.contract()
    assert contract.columns["fold"].kind is Kind.number
    replace(contract, key=None).save(tmp_path / "my.yaml")
    for role in ("key", "group"):
        found = agreed(tmp_path, "my", NO_ROLES | {role: "fold"}, TaskChoice.contract)
        rows = pl.DataFrame({name: ["1"] for name in contract.columns})
        rows = rows.with_columns(fold=pl.lit(1234567890123719202))
        assert typed(rows.lazy(), found).collect()["fold"].to_list() == ["1234567890123719202"]
