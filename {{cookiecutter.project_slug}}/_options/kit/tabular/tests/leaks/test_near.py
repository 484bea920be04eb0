import numpy as np
import polars as pl
import pytest
from leak_rows import classic, copied, prepared, survey

from {{ cookiecutter.package_name }}.leaks import near
from {{ cookiecutter.package_name }}.leaks.finding import Kind
from {{ cookiecutter.package_name }}.leaks.near import near_duplicates

NATURAL = [("fair", "affairs"), ("anes96", "vote"), ("star98", "NABOVE"), ("spector", "GRADE")]
FEATURES, TARGET = classic("breast_cancer")
NAMES = list(FEATURES)


def with_copies(copies: pl.DataFrame) -> pl.LazyFrame:
    return pl.concat([prepared(FEATURES, TARGET), copies]).lazy()


@pytest.fixture
def copies() -> pl.DataFrame:
    return copied(prepared(FEATURES, TARGET), 20)


@pytest.mark.parametrize(("name", "target"), NATURAL)
def test_surveys_of_few_discrete_columns_have_natural_neighbors(name: str, target: str) -> None:
    features, answers = survey(name, target)
    assert near_duplicates(prepared(features, answers).lazy(), list(features)) == []


@pytest.mark.parametrize("name", ["breast_cancer", "wine", "diabetes", "iris", "digits"])
def test_clean_measurements_have_none(name: str) -> None:
    features, target = classic(name)
    assert near_duplicates(prepared(features, target).lazy(), list(features)) == []


@pytest.mark.parametrize("seed", range(3))
def test_travellers_of_one_trip_are_no_leak_when_persons_stay_in_one_part(seed: int) -> None:
    features, answers = survey("modechoice", "choice")
    person = features.pop("individual").astype(int)
    drawn = np.random.default_rng(seed).choice(["train", "val", "test"], person.max() + 1)
    table = prepared(features, answers).with_columns(part=pl.Series(drawn[person]))
    assert near_duplicates(table.lazy(), list(features)) == []


def test_copies_with_one_other_value_are_found_with_the_column(copies: pl.DataFrame) -> None:
    copies = copies.with_columns(f7=pl.col("f7") * 2)
    (found,) = near_duplicates(with_copies(copies), NAMES)
    assert (found.kind, found.rows) == (Kind.duplicates, 20)
    assert "in every feature but one (most often f7)" in found.message
    assert found.examples[0].startswith("copy of r")


@pytest.mark.parametrize("noise", [1e-12, 1e-9, 1e-6])
def test_copies_with_noise_in_every_value_are_found(copies: pl.DataFrame, noise: float) -> None:
    random = np.random.default_rng(0)
    noisy = [pl.col(name) * (1 + noise * pl.Series(random.normal(size=20))) for name in NAMES]
    (found,) = near_duplicates(with_copies(copies.with_columns(noisy)), NAMES)
    assert found.rows >= 18


def test_exact_copies_are_left_to_the_test_of_duplicates(copies: pl.DataFrame) -> None:
    assert near_duplicates(with_copies(copies), NAMES) == []


def test_copies_with_two_other_values_are_not_near(copies: pl.DataFrame) -> None:
    copies = copies.with_columns(f7=pl.col("f7") * 2, f8=pl.col("f8") * 2)
    assert near_duplicates(with_copies(copies), NAMES) == []


def test_text_is_near_whatever_its_case() -> None:
    names = ["title", "text"]
    table = prepared({name: [f"{name} {row} über" for row in range(200)] for name in names})
    copies = copied(table, 5).with_columns(pl.col("title", "text").str.to_uppercase() + " ")
    (found,) = near_duplicates(pl.concat([table, copies]).lazy(), names)
    assert found.rows == 5


def test_rows_are_drawn_where_there_are_many(
    copies: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near, "MOST_QUERIES", 100)
    monkeypatch.setattr(near, "BATCH_CELLS", 1)
    (found,) = near_duplicates(with_copies(copies.with_columns(f7=pl.lit(0.0))), NAMES)
    assert found.message.startswith("near duplicates: about ")
    assert 5 <= found.rows <= 40


def test_what_a_column_is_called_does_not_matter() -> None:
    random = np.random.default_rng(3)
    names = ["same", "key", "twin", "7", "größe, 'x'"]
    table = prepared({name: random.normal(size=300) for name in names})
    copies = copied(table, 9).with_columns(pl.lit(9.0).alias("same"))
    (found,) = near_duplicates(pl.concat([table, copies]).lazy(), names)
    assert found.rows == 9


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_hardly_any_rows_have_none(rows: int) -> None:
    table = prepared(FEATURES, TARGET).head(rows)
    assert near_duplicates(table.lazy(), NAMES) == []
    assert near_duplicates(table.with_columns(part=pl.lit("train")).lazy(), NAMES) == []


def test_constant_and_missing_columns_identify_nothing() -> None:
    names = ["constant", "missing", "absent"]
    table = prepared({"constant": np.ones(100), "missing": np.full(100, np.nan)})
    table = table.with_columns(pl.lit(None).alias("absent"))
    assert near_duplicates(table.lazy(), names) == []
    assert near_duplicates(table.lazy(), []) == []
