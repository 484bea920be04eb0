"""What stored tables say of one example, and whether the network still says so."""

from pathlib import Path

import numpy as np
import pytest

from {{ cookiecutter.package_name }}.debugging.recorded import (
    agreement,
    find_records,
    tell_wrong,
    told,
)
from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.runtime.errors import UserError

CLASSES = ["no", "yes"]


def tables(folder: Path, *, folds: bool = False) -> tuple[Path, Path]:
    """A network that is wrong on b, c and d of val, and one baseline that is right."""
    network, baselines = folder / "network", folder / "baselines"
    outputs = np.array([[0.1, 0.9], [0.2, 0.8], [0.7, 0.3], [0.4, 0.6]])
    ids, targets = ["a", "b", "c d", "e"], np.array([1, 0, 1, 0])
    fold = np.array([0, 1, 1, 2]) if folds else None
    Predictions(ids, CLASSES, targets, outputs, fold).save(network / "val.parquet")
    Predictions(["f"], CLASSES, targets[:1], outputs[:1]).save(network / "test.parquet")
    right = np.eye(2)[targets]
    Predictions(ids, CLASSES, targets, right, fold).save(baselines / "linear/val.parquet")
    (baselines / "tuning.json").touch()
    return network, baselines


def test_every_model_is_asked_and_judged(tmp_path: Path) -> None:
    lines = told(find_records(*tables(tmp_path), "b"))
    assert lines == [
        "network  val: yes  (WRONG, 0.8000 sure)",
        "linear   val: no  (right, 1.0000 sure)",
    ]


def test_of_a_training_row_there_is_nothing(tmp_path: Path) -> None:
    assert "training row" in told(find_records(*tables(tmp_path), "z"))[0]


@pytest.mark.parametrize(("shift", "same"), [(0.0, True), (5e-5, True), (0.01, False)])
def test_another_probability_is_told(shift: float, same: bool, tmp_path: Path) -> None:
    records = find_records(*tables(tmp_path), "b")
    said = agreement(records, "val", None, np.array([0.2 + shift, 0.8 - shift]))
    assert ("says the same" in said) == same
    assert ("dvc repro score" in said) != same


def test_only_the_same_split_and_fold_are_compared(tmp_path: Path) -> None:
    records = find_records(*tables(tmp_path, folds=True), "b")
    output = np.array([0.2, 0.8])
    assert "says the same" in agreement(records, "val", 1, output)
    for split, fold in (("test", 1), ("val", 0), ("val", None)):
        assert "no stored prediction" in agreement(records, split, fold, output)


def test_values_are_compared_by_their_size(tmp_path: Path) -> None:
    values = Predictions(["a"], [], np.array([900.0]), np.array([1000.0]))
    values.save(tmp_path / "network/val.parquet")
    (tmp_path / "baselines").mkdir()
    records = find_records(tmp_path / "network", tmp_path / "baselines", "a")
    assert told(records) == ["network  val: 1000  (error +100)"]
    assert "says the same" in agreement(records, "val", None, np.array([1000.05]))
    assert "SOMETHING ELSE" in agreement(records, "val", None, np.array([1001.0]))


def test_the_surest_mistakes_come_first_with_their_commands(tmp_path: Path) -> None:
    network, _ = tables(tmp_path)
    lines = tell_wrong(network, "val", None)
    assert lines[0].startswith("3 of 4 rows of val are wrong")
    assert [line.partition("   #")[0].split(maxsplit=3)[3] for line in lines[1:]] == [
        "b",
        '"c d"',
        "e",
    ]
    assert "no, taken for yes, 0.8000 sure" in lines[1]


def test_commands_name_the_run_and_the_fold_that_said_so(tmp_path: Path) -> None:
    lines = tell_wrong(tables(tmp_path, folds=True)[0], "val", "mine")
    assert "uv run debug-one b run=mine fold=1   #" in lines[1]


def test_the_largest_errors_of_values_come_first(tmp_path: Path) -> None:
    outputs = np.array([1.0, 5.0, 2.0])
    values = Predictions(["a", "b", "c"], [], np.array([1.5, 1.0, 0.0]), outputs)
    values.save(tmp_path / "val.parquet")
    assert [line.split()[3] for line in tell_wrong(tmp_path, "val", None)[1:]] == ["b", "c", "a"]
    with pytest.raises(UserError, match="dvc repro score"):
        tell_wrong(tmp_path, "test", None)
