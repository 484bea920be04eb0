import time
from collections.abc import Callable, Mapping

import numpy as np
import polars as pl
import pytest
from leak_rows import classic, prepared, survey
from numpy.typing import ArrayLike, NDArray

from {{ cookiecutter.package_name }}.leaks.finding import Kind
from {{ cookiecutter.package_name }}.leaks.telling import telling_features

ROWS = 900
RANDOM = np.random.default_rng(0)
CLASS = RANDOM.integers(0, 3, ROWS)
AMOUNT = RANDOM.lognormal(size=ROWS)
COUNT = RANDOM.poisson(3, ROWS)
HONEST = {
    "noise": RANDOM.normal(size=ROWS),
    "kind": RANDOM.choice(["a", "b", "ç"], ROWS),
    "sparse": np.where(RANDOM.random(ROWS) < 0.3, np.nan, 1.0),
}
OTHER_NAMES = np.array([2, 0, 1])
OF_CLASS: dict[str, Callable[[NDArray[np.int64]], ArrayLike]] = {
    "copy": lambda target: target,
    "other numbers": lambda target: OTHER_NAMES[target],
    "other names": lambda target: np.array(["größer", "kleiner", "同じ"])[target],
    "many codes": lambda target: target * 20 + RANDOM.integers(0, 20, len(target)),
    "codes in any order": lambda target: RANDOM.permutation(30)[target * 10 + ROWS % 10],
    "score": lambda target: target + 0.9 * RANDOM.random(len(target)),
    "copy where known": lambda target: np.where(RANDOM.random(len(target)) < 0.5, np.nan, target),
    "nearly a copy": lambda target: np.where(RANDOM.random(len(target)) < 0.002, 0, target),
    "one of its columns": lambda target: target == 1,
}
OF_AMOUNT: dict[str, Callable[[NDArray[np.float64]], ArrayLike]] = {
    "copy": lambda target: target,
    "turned around": lambda target: -target,
    "logarithm": np.log,
    "rank": lambda target: target.argsort().argsort(),
    "with noise": lambda target: target * (1 + 1e-4 * RANDOM.normal(size=len(target))),
    "turned at the middle": lambda target: np.where(target > 1, -target, target),
}


Columns = Mapping[str, ArrayLike]


def told(columns: Columns, target: ArrayLike, classes: int, seed: int = 0) -> list[str]:
    table = prepared(columns, target, seed=seed)
    found = telling_features(table.lazy(), list(columns), [f"c{one}" for one in range(classes)])
    return [name for one in found for name in one.examples]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", ["breast_cancer", "wine", "iris", "digits"])
def test_the_best_single_measurement_is_honest(name: str, seed: int) -> None:
    features, target = classic(name)
    assert told(features, target.astype(int), len(np.unique(target)), seed) == []


@pytest.mark.parametrize(
    ("name", "target", "classes"),
    [
        ("anes96", "vote", 2),
        ("spector", "GRADE", 2),
        ("fair", "affairs", 0),
        ("star98", "NABOVE", 0),
        ("modechoice", "choice", 2),
        ("modechoice", "mode", 4),
        ("macrodata", "realgdp", 0),  # all that grows with time is in nearly the same order
    ],
)
def test_surveys_are_honest(name: str, target: str, classes: int) -> None:
    features, answers = survey(name, target)
    assert told(features, answers, classes) == []


def test_the_best_measurement_of_diabetes_is_honest() -> None:
    features, target = classic("diabetes")
    assert told(features, target, 0) == []


@pytest.mark.parametrize("name", OF_CLASS)
def test_what_stands_for_the_class_is_found(name: str) -> None:
    (found,) = told({**HONEST, name: OF_CLASS[name](CLASS)}, CLASS, 3)
    assert found.startswith(f"{name} (")


@pytest.mark.parametrize("name", OF_AMOUNT)
def test_what_stands_for_a_number_is_found(name: str) -> None:
    (found,) = told({**HONEST, name: OF_AMOUNT[name](AMOUNT)}, AMOUNT, 0)
    assert found.startswith(f"{name} (rank R2 ")


def test_names_for_the_values_of_a_number_are_found() -> None:
    names = np.array([f"n{number}" for number in RANDOM.permutation(40)])[COUNT]
    (found,) = told({**HONEST, "names": names}, COUNT, 0)
    assert found.startswith("names (rank R2 ")


def test_what_is_only_related_to_the_target_is_honest() -> None:
    related = {"class": CLASS + RANDOM.normal(size=ROWS) / 3, **HONEST}
    assert told(related, CLASS, 3) == []
    related = {"amount": np.log(AMOUNT) + RANDOM.normal(size=ROWS) / 10, **HONEST}
    assert told(related, AMOUNT, 0) == []


def test_values_that_are_missing_for_one_class_only_are_found() -> None:
    paid = np.where(CLASS == 2, np.nan, RANDOM.normal(size=ROWS))
    assert told({**HONEST, "paid": paid}, CLASS, 3) == ["whether paid is missing"]


def test_values_that_are_missing_where_a_number_is_zero_are_found() -> None:
    bought = np.where(RANDOM.random(ROWS) < 0.6, 0, AMOUNT)
    bill = np.where(bought == 0, np.nan, RANDOM.normal(size=ROWS))
    assert told({**HONEST, "bill": bill}, bought, 0) == ["whether bill is missing"]


def test_a_rare_class_is_told_by_its_copy() -> None:
    rare = (np.arange(ROWS) % 40 == 0).astype(int)
    (found,) = told({**HONEST, "copy": rare}, rare, 2)
    assert found.startswith("copy ")


def test_luck_among_many_features_is_no_finding() -> None:
    features = {f"f{place}": RANDOM.integers(0, 2, 30) for place in range(2000)}
    assert told(features, RANDOM.integers(0, 2, 30), 2) == []


def test_the_finding_says_what_to_do() -> None:
    table = prepared({"copy": CLASS}, CLASS)
    (found,) = telling_features(table.lazy(), ["copy"], ["a", "b", "c"])
    assert found.kind is Kind.telling
    assert found.rows == table.filter(pl.col("part") == "train").height
    assert "`forbidden`" in found.message


def test_rows_outside_train_have_no_say() -> None:
    table = prepared({"copy": CLASS, "noise": RANDOM.permutation(CLASS)}, CLASS)
    spoiled = pl.when(pl.col("part") == "train").then("noise").otherwise("copy")
    table = table.with_columns(copy=spoiled)
    assert telling_features(table.lazy(), ["copy"], ["a", "b", "c"]) == []


def test_all_folds_are_looked_at() -> None:
    table = prepared({"copy": CLASS}, CLASS).with_columns(part=pl.int_range(pl.len()) % 5)
    (found,) = telling_features(table.lazy(), ["copy"], ["a", "b", "c"])
    assert found.rows == ROWS


@pytest.mark.parametrize("classes", [0, 3])
@pytest.mark.parametrize("rows", [0, 1, 2, 40])
def test_hardly_any_rows_tell_nothing(rows: int, classes: int) -> None:
    table = prepared({"noise": HONEST["noise"], "class": CLASS}, CLASS).head(rows)
    assert telling_features(table.lazy(), ["noise"], ["a", "b", "c"][:classes]) == []


@pytest.mark.parametrize("classes", [0, 3])
def test_constant_and_missing_columns_tell_nothing(classes: int) -> None:
    columns: dict[str, ArrayLike] = {"constant": np.ones(ROWS), "missing": np.full(ROWS, np.nan)}
    assert told(columns, CLASS, classes) == []
    assert told({"noise": HONEST["noise"]}, np.zeros(ROWS), classes) == []
    assert telling_features(prepared(columns).lazy(), [], ["a", "b"][:classes]) == []


@pytest.mark.slow
def test_thousands_of_features_take_seconds() -> None:
    features = RANDOM.normal(size=(2000, 2000))
    columns = {f"f{place}": column for place, column in enumerate(features.T)}
    target = RANDOM.integers(0, 2, 2000)
    table = prepared({**columns, "leak": 1 - target}, target).lazy()
    start = time.process_time()
    (found,) = telling_features(table, [*columns, "leak"], ["a", "b"])
    assert time.process_time() - start < 20
    assert found.examples == ["leak (balanced accuracy 1.0000)"]
