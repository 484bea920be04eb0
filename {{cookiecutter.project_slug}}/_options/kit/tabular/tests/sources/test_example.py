from pathlib import Path

import polars as pl
import pytest

from {{ cookiecutter.package_name }}.contract.contract import Contract
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.sources.example import write
from {{ cookiecutter.package_name }}.validation.validation import violations


@pytest.mark.parametrize(
    ("name", "rows", "target"),
    [("breast_cancer", 569, "diagnosis"), ("diabetes", 442, "progression")],
)
def test_the_examples_keep_the_contracts_that_come_along(
    name: str, rows: int, target: str, tmp_path: Path
) -> None:
    write(tmp_path / "raw", name)
    table = pl.scan_parquet(tmp_path / "raw" / "table.parquet")
    contracts = Path(__file__).parents[2] / "contracts"
    contract = Contract.load(contracts / f"example_{name}.yaml")
    assert contract.target == target
    assert table.collect().height == rows
    assert violations(table, contract) == []


def test_another_example_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no such example\. Did you mean 'diab"):
        write(tmp_path / "raw", "diabetis")
