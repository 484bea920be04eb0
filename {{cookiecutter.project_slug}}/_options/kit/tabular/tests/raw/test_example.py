from pathlib import Path

import polars as pl
import pytest

from {{ cookiecutter.package_name }}.config.kit import Example
from {{ cookiecutter.package_name }}.contract.contract import Contract
from {{ cookiecutter.package_name }}.raw.example import write_example
from {{ cookiecutter.package_name }}.validation.validation import violations


@pytest.mark.parametrize(
    ("example", "rows", "target"),
    [(Example.breast_cancer, 569, "diagnosis"), (Example.diabetes, 442, "progression")],
)
def test_the_examples_keep_the_contracts_that_come_along(
    example: Example, rows: int, target: str, tmp_path: Path
) -> None:
    write_example(tmp_path / "raw", example)
    table = pl.scan_parquet(tmp_path / "raw" / "table.parquet")
    contracts = Path(__file__).parents[2] / "contracts"
    contract = Contract.load(contracts / f"{example.value}.yaml")
    assert contract.target == target
    assert table.collect().height == rows
    assert violations(table, contract) == []
