import numpy as np
import polars as pl
import pytest
from leak_rows import prepared

from {{ cookiecutter.package_name }}.leaks.finding import Finding, Kind
from {{ cookiecutter.package_name }}.leaks.statistics import (
    Claim,
    foreign_statistics,
)

RANDOM = np.random.default_rng(0)
ROWS = 5000
TABLE = prepared(
    {
        "größe": RANDOM.normal(170, 10, ROWS),
        "year": RANDOM.integers(2010, 2021, ROWS),
        "city": RANDOM.choice(["Ulm", "Rom", "東京"], ROWS),
        "constant": np.ones(ROWS),
        "missing": np.full(ROWS, np.nan),
    },
    RANDOM.normal(size=ROWS),
)
TRAIN = TABLE.filter(pl.col("part") == "train")
NUMBERS = ["mean", "std", "quantile 0.25", "quantile 0.5", "quantile 0.99"]


def computed(table: pl.DataFrame, column: str, statistic: str) -> float:
    values = table[column].to_numpy()
    if statistic.startswith("quantile "):
        return float(np.quantile(values, float(statistic.removeprefix("quantile "))))
    return float(getattr(np, statistic)(values))


def found_in(*claims: Claim) -> list[Finding]:
    return foreign_statistics(claims, {}, TABLE.lazy())


@pytest.mark.parametrize("statistic", [*NUMBERS, "min", "max"])
@pytest.mark.parametrize("column", ["größe", "year", "target", "constant"])
def test_statistics_of_train_are_its_own(column: str, statistic: str) -> None:
    value = computed(TRAIN, column, statistic)
    assert found_in(Claim(column, statistic, value)) == []
    assert found_in(Claim(column, statistic, float(np.float32(value)))) == []


@pytest.mark.parametrize("statistic", ["mean", "std", "quantile 0.25", "quantile 0.5"])
@pytest.mark.parametrize("parts", [["train", "test"], ["train", "val", "test"], ["test"]])
def test_statistics_of_other_rows_are_noticed(statistic: str, parts: list[str]) -> None:
    rows = TABLE.filter(pl.col("part").is_in(parts))
    (found,) = found_in(Claim("größe", statistic, computed(rows, "größe", statistic)))
    assert found.kind is Kind.statistics
    assert f"{statistic} of größe is " in found.message


def test_the_message_says_what_it_should_be_and_where_it_comes_from() -> None:
    own, every = computed(TRAIN, "target", "mean"), computed(TABLE, "target", "mean")
    (found,) = found_in(Claim("target", "mean", every))
    assert f"is {every:.6g}, that of train is {own:.6g}, and it is that of all" in found.message
    (found,) = found_in(Claim("target", "mean", own + 1))
    assert "all rows" not in found.message


def test_both_kinds_of_standard_deviation_are_right() -> None:
    assert found_in(Claim("größe", "std", float(TRAIN["größe"].to_numpy().std(ddof=1)))) == []


@pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.75, 1])
def test_quantiles_may_be_interpolated_in_any_way(share: float) -> None:
    values = TRAIN["größe"].to_numpy()
    quantiles = [
        np.quantile(values, share),
        np.quantile(values, share, method="nearest"),
        np.quantile(values, share, method="lower"),
        np.quantile(values, share, method="higher"),
        np.quantile(values, share, method="weibull"),
    ]
    assert found_in(*(Claim("größe", f"quantile {share}", float(one)) for one in quantiles)) == []


def test_every_wrong_statistic_is_named() -> None:
    claims = [Claim("größe", statistic, 1000.0) for statistic in NUMBERS]
    claims += [Claim("year", "mean", computed(TRAIN, "year", "mean")), Claim("year", "std", 0.0)]
    (found,) = found_in(*claims)
    assert len(found.examples) == 6
    assert "and 1 more" in found.message


def test_a_stand_in_where_train_has_no_spread_is_no_leak() -> None:
    assert found_in(Claim("constant", "std", 1.0), Claim("missing", "mean", 0.0)) == []
    assert found_in(Claim("missing", "quantile 0.5", 0.0), Claim("missing", "mean", np.nan)) == []


def test_a_spread_that_only_other_rows_have_is_noticed() -> None:
    spread = pl.when(pl.col("part") == "train").then(1.0).otherwise(pl.col("größe"))
    table = TABLE.with_columns(constant=spread)
    claim = Claim("constant", "std", computed(table, "constant", "std"))
    (found,) = foreign_statistics([claim], {}, table.lazy())
    assert "that of train is 0" in found.message


def test_categories_that_train_never_has_are_named() -> None:
    oslo = pl.when(pl.col("id") == TABLE.filter(pl.col("part") == "test")["id"][0])
    table = TABLE.with_columns(city=oslo.then(pl.lit("Oslo")).otherwise("city"))
    claimed = sorted(table["city"].unique())
    (found,) = foreign_statistics([], {"city": claimed}, table.lazy())
    assert "categories of city hold 'Oslo', which train never has" in found.message


def test_categories_of_train_are_its_own_and_rare_ones_may_be_left_out() -> None:
    assert foreign_statistics([], {"city": ["Rom", "Ulm", "東京"]}, TABLE.lazy()) == []
    assert foreign_statistics([], {"city": ["Rom"], "year": ["2010"]}, TABLE.lazy()) == []


def test_a_statistic_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="skew of größe: expected one of mean, std, min, max"):
        found_in(Claim("größe", "skew", 0.0))


@pytest.mark.parametrize("part", ["train", "test"])
def test_one_row_or_no_train_is_judged_without_failing(part: str) -> None:
    table = TABLE.head(1).with_columns(part=pl.lit(part))
    claims = [Claim("größe", statistic, table["größe"][0]) for statistic in ("mean", "max")]
    assert foreign_statistics([*claims, Claim("größe", "std", 1.0)], {}, table.lazy()) == []
    assert foreign_statistics(claims, {"city": ["Rom"]}, table.head(0).lazy()) != []
