import time
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.contract.contract import (
    MISSING,
    Column,
    Contract,
    Kind,
    SplitRecord,
    Task,
)
from {{ cookiecutter.package_name }}.contract.writing import HEADER, as_yaml

AWKWARD = [
    "yes",
    "null",
    "1",
    "a: b",
    "1.5",
    "2020-01-01",
    "~",
    "",
    " x ",
    "# no",
    "{a}",
    "- a",
    "é😀",
]
AGE = Column(Kind.number, unit="years", min=0, max=120, missing=0.05)
NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
VALUES = NAMES.filter(lambda text: text.strip() == text and text not in MISSING)
PROPERTIES = settings(max_examples=60, deadline=None, derandomize=True)


@st.composite
def columns(draw: st.DrawFn) -> Column:
    kind = draw(st.sampled_from(Kind))
    column = Column(
        kind,
        unit=draw(st.none() | NAMES),
        missing=draw(st.floats(0, 1)),
        sensitive=draw(st.booleans()),
    )
    if kind is Kind.category:
        values = draw(st.none() | st.lists(VALUES, min_size=1, unique=True).map(tuple))
        return replace(column, values=values)
    if kind is Kind.number:
        low, high = sorted([draw(NUMBERS), draw(NUMBERS)])
        return replace(column, min=low, max=high, decimal_comma=draw(st.booleans()))
    return column


@st.composite
def contracts(draw: st.DrawFn) -> Contract:
    rest = draw(st.dictionaries(NAMES, columns(), max_size=5))
    table = {**rest, draw(NAMES): AGE}
    target = [*table][-1]
    others = st.none() | st.sampled_from([*table]).filter(lambda name: name != target)
    split = SplitRecord(draw(st.integers(0, 10**12)), draw(st.none() | NAMES), "2026-01-01")
    forbidden = tuple(name for name in table if name != target and draw(st.booleans()))
    table[target] = AGE
    role = {"key": draw(others), "group": draw(others)}
    return Contract(
        draw(NAMES), target, Task.regression, table, forbidden=forbidden, split=split, **role
    )


@given(contract=contracts())
@PROPERTIES
def test_any_contract_reads_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, contract: Contract
) -> None:
    file = tmp_path_factory.mktemp("contract") / "contract.yaml"
    contract.save(file)
    read = Contract.load(file)
    assert read == contract
    assert list(read.columns) == list(contract.columns)


@pytest.mark.parametrize("name", AWKWARD)
def test_an_awkward_name_is_the_same_to_every_reader_of_yaml(name: str) -> None:
    contract = Contract("x", name, Task.regression, {name: AGE, "other": AGE}, key=name)
    document = yaml.safe_load(as_yaml(contract))
    assert list(document["columns"]) == [name, "other"]
    assert document["target"] == name


def test_each_column_is_one_line_that_a_person_can_edit() -> None:
    long = Column(Kind.category, values=tuple(f"value number {i}" for i in range(50)))
    lines = as_yaml(Contract("x", "age", Task.regression, {"age": AGE, "long": long})).splitlines()
    assert "  age: {kind: number, unit: years, min: 0, max: 120, missing: 0.05}" in lines
    assert lines[-1].startswith("  long: {kind: category, values: [value number 0, ")


def test_the_header_says_what_the_file_is_and_is_there_again_after_saving(tmp_path: Path) -> None:
    file = tmp_path / "contract.yaml"
    Contract("x", "age", Task.regression, {"age": AGE}).save(file)
    first = file.read_bytes()
    assert first.decode().startswith(HEADER)
    assert all(line.startswith("#") for line in HEADER.splitlines())
    for token in MISSING[1:]:
        assert token in HEADER
    Contract.load(file).save(file)
    assert file.read_bytes() == first


def test_small_and_large_numbers_are_numbers_to_every_reader_of_yaml() -> None:
    numbers = Column(Kind.number, min=-1e-7, max=1e300)
    document = yaml.safe_load(as_yaml(Contract("x", "a", Task.regression, {"a": numbers})))
    assert document["columns"]["a"]["min"] == -1e-7
    assert document["columns"]["a"]["max"] == 1e300


@pytest.mark.slow
def test_ten_thousand_columns_are_written_and_read_quickly(tmp_path: Path) -> None:
    table = {f"column {number}": AGE for number in range(10_000)}
    contract = Contract("x", "column 7", Task.regression, table)
    started = time.process_time()
    contract.save(tmp_path / "contract.yaml")
    assert Contract.load(tmp_path / "contract.yaml") == contract
    assert time.process_time() - started < 10  # about 2 s; the margin is for slow machines
