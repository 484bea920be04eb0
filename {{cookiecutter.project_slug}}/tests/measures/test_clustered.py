from dataclasses import replace

import numpy as np
import pytest
from toy_tables import HOW, ROWS, grouped, table

from {{ cookiecutter.package_name }}.measures.clustered import compare_clustered
from {{ cookiecutter.package_name }}.measures.folds import compare_folds
from {{ cookiecutter.package_name }}.stats.power import rows_for_narrower

AHEAD = np.random.default_rng(0).normal(0.02, 0.3, ROWS)


def test_folds_are_compared_as_folds() -> None:
    fold = np.arange(ROWS) % 5
    found = compare_clustered(replace(table(300), fold=fold), AHEAD, 0.02, HOW)
    assert found.items() >= compare_folds(AHEAD, fold, HOW.test_share, HOW.level).items()


def test_rows_needed_follow_from_the_interval_that_these_rows_gave() -> None:
    found = compare_clustered(grouped(table(300), 4), AHEAD, 0.02, HOW)
    half_width = (found["high"] - found["low"]) / 2
    assert found["rows_needed"] == rows_for_narrower(ROWS, half_width, 0.02)
    assert found["rows_needed"] > ROWS
    assert found["method"] == "percentile bootstrap over 100 groups"


def test_models_that_never_differ_need_no_rows_named() -> None:
    found = compare_clustered(grouped(table(300), 4), np.zeros(ROWS), 0.02, HOW)
    assert found["rows_needed"] is None
    assert found["p_value"] == pytest.approx(1)
