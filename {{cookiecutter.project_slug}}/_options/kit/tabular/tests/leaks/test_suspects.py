import numpy as np
import polars as pl
import pytest
from leak_rows import classic, prepared, survey

from {{ cookiecutter.package_name }}.leaks.finding import Kind
from {{ cookiecutter.package_name }}.leaks.suspects import suspected_groups

ROWS = 1200
RANDOM = np.random.default_rng(0)
AGE = RANDOM.integers(18, 90, ROWS)
CITY = RANDOM.integers(0, 50, ROWS)
DAY = np.datetime64("2024-01-01") + RANDOM.integers(0, 300, ROWS)
HONEST = {
    "age": {"age": AGE, "band": AGE // 10, "adult": AGE >= 21, "pensioner": AGE > 65},
    "city": {"city": [f"Ort {city}" for city in CITY], "country": CITY % 7, "rooms": AGE % 6},
    "few rows a city": {"city": CITY[:400], "country": CITY[:400] % 7, "age": AGE[:400]},
    "date": {"date": DAY, "month": DAY.astype("datetime64[M]").astype(int) % 12, "age": AGE},
    "date as text": {
        "date": DAY.astype(str),
        "weekday": DAY.astype(int) % 7,
        "holiday": DAY.astype(int) * 31 % 17 == 0,
    },
    "titanic": {
        "pclass": RANDOM.integers(1, 4, ROWS),
        "sex": RANDOM.choice(["male", "female"], ROWS),
        "age": np.where(RANDOM.random(ROWS) < 0.2, np.nan, AGE),
        "fare": RANDOM.exponential(30, ROWS).round(2),
        "embarked": RANDOM.choice(["S", "C", "Q"], ROWS),
        "sibsp": RANDOM.poisson(0.5, ROWS),
        "ticket": [f"T {number}" for number in RANDOM.integers(0, 2 * ROWS, ROWS)],
    },
    "numbers of their own": {"id number": np.arange(ROWS), "sex": AGE % 2, "kind": CITY % 3},
}


def by_person(persons: int = 300) -> pl.DataFrame:
    person = RANDOM.integers(0, persons, ROWS)
    sex, birth = RANDOM.integers(0, 2, persons), RANDOM.integers(1940, 2005, persons)
    measured = RANDOM.normal(size=ROWS)
    return prepared({"pérsona": person, "sex": sex[person], "birth": birth[person], "x": measured})


@pytest.mark.parametrize("kind", [float, int, str])
def test_the_individuals_of_modechoice_are_suspected_and_named(kind: type) -> None:
    features, choice = survey("modechoice", "choice")
    features["individual"] = features["individual"].astype(int).astype(kind)
    (found,) = suspected_groups(prepared(features, choice).lazy(), list(features))
    assert found.kind is Kind.groups
    assert "data.group=individual" in found.message
    assert "share hinc, psize too" in found.message
    assert "121" in found.examples or all(name.isdecimal() for name in found.examples)


def test_individuals_that_stay_in_one_part_are_no_leak() -> None:
    features, choice = survey("modechoice", "choice")
    part = np.where(features["individual"] % 4 == 0, "test", "train")
    table = prepared(features, choice).with_columns(part=pl.Series(part))
    assert suspected_groups(table.lazy(), list(features)) == []


def test_persons_that_share_attributes_are_suspected_whatever_their_name() -> None:
    table = by_person()
    (found,) = suspected_groups(table.lazy(), ["pérsona", "sex", "birth", "x"])
    assert "data.group=pérsona" in found.message


def test_persons_with_one_attribute_and_one_answer_each_are_suspected() -> None:
    table = by_person()
    table = table.with_columns(target=pl.col("pérsona") * 7919 % 3)
    (found,) = suspected_groups(table.lazy(), ["pérsona", "sex", "x"])
    assert "share target, sex too" in found.message


@pytest.mark.parametrize("name", HONEST)
def test_honest_columns_are_not_suspected(name: str) -> None:
    table = prepared(HONEST[name])
    assert suspected_groups(table.lazy(), list(HONEST[name])) == []


@pytest.mark.parametrize("name", ["breast_cancer", "wine", "diabetes", "iris", "digits"])
def test_measurements_are_not_suspected(name: str) -> None:
    features, target = classic(name)
    assert suspected_groups(prepared(features, target).lazy(), list(features)) == []


@pytest.mark.parametrize(
    ("name", "target"),
    [("fair", "affairs"), ("anes96", "vote"), ("star98", "NABOVE"), ("spector", "GRADE")],
)
def test_surveys_are_not_suspected(name: str, target: str) -> None:
    features, answers = survey(name, target)
    assert suspected_groups(prepared(features, answers).lazy(), list(features)) == []


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_hardly_any_rows_are_not_suspected(rows: int) -> None:
    assert suspected_groups(by_person().head(rows).lazy(), ["pérsona", "sex", "birth"]) == []


def test_constant_and_missing_columns_are_not_suspected() -> None:
    table = prepared({"constant": np.ones(100), "missing": np.full(100, np.nan)})
    table = table.with_columns(pl.lit(None).alias("absent"))
    assert suspected_groups(table.lazy(), ["constant", "missing", "absent"]) == []
    assert suspected_groups(table.lazy(), []) == []
