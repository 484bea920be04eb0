import numpy as np
import polars as pl

from {{ cookiecutter.package_name }}.leaks.tied import tied_columns

RANDOM = np.random.default_rng(0)
GROUP = np.arange(600) // 3
ABOUT_GROUP = RANDOM.integers(0, 9, 200)[GROUP]
ROWS = pl.DataFrame(
    {
        "group": GROUP,
        "about": ABOUT_GROUP,
        "also": RANDOM.integers(0, 4, 200)[GROUP],
        "follows": ABOUT_GROUP // 2,
        "in order": GROUP // 40,
        "recoded": RANDOM.permutation(200)[GROUP],
        "noise": RANDOM.integers(0, 9, 600),
        "constant": np.ones(600),
    }
)
OTHERS = ROWS.columns[1:]


def test_only_what_is_told_of_a_group_is_tied_to_it() -> None:
    assert tied_columns(ROWS, "group", OTHERS) == ["about", "also"]


def test_a_few_slips_do_not_untie_a_column() -> None:
    slips = pl.when(pl.int_range(600) % 60 == 0).then(99).otherwise("about").alias("about")
    assert tied_columns(ROWS.with_columns(slips), "group", ["about"]) == ["about"]


def test_the_order_of_groups_named_by_digits_is_that_of_numbers() -> None:
    text = ROWS.with_columns(pl.col("group").cast(pl.String))
    assert tied_columns(text, "group", ["in order"]) == []


def test_groups_of_one_row_are_tied_to_nothing() -> None:
    alone = ROWS.with_columns(group=pl.int_range(600))
    assert tied_columns(alone, "group", OTHERS) == []
    assert tied_columns(ROWS.head(1), "group", OTHERS) == []
    assert tied_columns(ROWS.head(0), "group", OTHERS) == []
