from pathlib import Path

import numpy as np
import polars as pl
import pytest

from {{ cookiecutter.package_name }}.contract.contract import Contract
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.sources.example import write
from {{ cookiecutter.package_name }}.validation.validation import violations


@pytest.mark.parametrize(
    ("name", "rows", "target"),
    [
        ("breast_cancer", 569, "diagnosis"),
        ("diabetes", 442, "progression"),
        ("smooth", 2000, "y"),
        ("steps", 2000, "y"),
    ],
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


@pytest.mark.parametrize("name", ["smooth", "steps"])
def test_a_made_up_table_is_the_same_each_time_and_its_noise_has_deviation_one(
    name: str, tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    write(first, name)
    write(second, name)
    table = pl.read_parquet(first / "table.parquet")
    assert table.equals(pl.read_parquet(second / "table.parquet"))
    x1, x2, x3, x4, x5 = (table[f"x{number}"].to_numpy() for number in range(1, 6))
    truth = {
        "smooth": 10 * np.sin(np.pi * x1 * x2) + 20 * (x3 - 0.5) ** 2 + 10 * x4 + 5 * x5,
        "steps": 10 * (x1 > 0.5) * (x2 > 0.3) + 5 * (x3 > 0.6) + 8 * (x4 > 0.35) + 4 * (x5 > 0.7),
    }
    noise = table["y"].to_numpy() - truth[name]
    assert abs(noise.mean()) < 0.1
    assert noise.std() == pytest.approx(1, abs=0.1)
