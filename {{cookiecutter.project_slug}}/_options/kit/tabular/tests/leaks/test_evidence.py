from dataclasses import replace
from pathlib import Path

import numpy as np
import small_data

from {{ cookiecutter.package_name }}.contract.contract import (
    Column,
    Contract,
    Kind,
    SplitRecord,
)
from {{ cookiecutter.package_name }}.leaks import finding
from {{ cookiecutter.package_name }}.leaks.evidence import find_leaks


def leaks_of(column: str, values: list[str], folder: Path, agreed: Contract) -> set[finding.Kind]:
    """What is found in the small table with other values in one column."""
    rows = [row | {column: value} for row, value in zip(small_data.table(), values, strict=True)]
    source = small_data.write_csv(folder / "table.csv", rows)
    small_data.prepare_small(source, folder / "prepared", agreed=agreed)
    return {one.kind for one in find_leaks(folder / "prepared")}


def test_a_split_in_time_is_in_the_order_of_numbers_not_of_text(tmp_path: Path) -> None:
    days = [str(number - 20) for number in range(small_data.ROWS)]  # "5" is before "40"
    split = SplitRecord(0, val_from="40", test_from="70")
    timed = replace(small_data.contract(), time="fold", split=split)
    assert finding.Kind.future not in leaks_of("fold", days, tmp_path, timed)


def test_statistics_are_compared_with_numbers_as_the_network_sees_them(tmp_path: Path) -> None:
    drawn = np.random.default_rng(0).normal(0, 300, small_data.ROWS)
    large = [f"{number:.2f}" for number in 1.6e9 + drawn]  # float32 has steps of 128 there
    contract = small_data.contract()
    columns = {**contract.columns, small_data.SIZE: Column(Kind.number)}
    agreed = replace(contract, columns=columns)
    assert finding.Kind.statistics not in leaks_of(small_data.SIZE, large, tmp_path, agreed)
