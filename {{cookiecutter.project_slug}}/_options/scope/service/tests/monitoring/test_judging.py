from typing import Any

import numpy as np
import polars as pl
import pytest

from {{ cookiecutter.package_name }}.monitoring.columns import (
    CONFIDENCE,
    PREDICTION,
    Reference,
)
from {{ cookiecutter.package_name }}.monitoring.judging import Findings, Labelled, findings
from {{ cookiecutter.package_name }}.monitoring.quality import Quality
from {{ cookiecutter.package_name }}.monitoring.settings import Settings

SETTINGS = Settings("", None, 200, 0.05, 0.1, 0.02, 90.0)
RANDOM = np.random.default_rng(0)
REFERENCE = Reference(
    pl.DataFrame({"size": RANDOM.normal(size=2000)}),
    pl.DataFrame({PREDICTION: ["a", "b"] * 500, CONFIDENCE: RANDOM.uniform(0.5, 1, 1000)}),
    np.zeros(100),
)


def served(*shifts: float, rows: int = 200) -> pl.DataFrame:
    """A window for each shift of the column, one after the other."""
    random, tables = np.random.default_rng(1), list[pl.DataFrame]()
    for number, shift in enumerate(shifts):
        shares = random.uniform(0.5, 1, rows)
        table: dict[str, Any] = {"time": [f"2026-11-{number + 1:02d}"] * rows}
        table |= {
            "prediction": ["a", "b"] * (rows // 2),
            "input size": random.normal(shift, 1, rows),
        }
        table["probabilities"] = [{"a": share, "b": 1 - share} for share in shares]
        tables.append(pl.DataFrame(table))
    return pl.concat(tables)


def found(rows: pl.DataFrame, quality: Quality | None = None, age: float = 1.0) -> Findings:
    return findings(REFERENCE, rows, Labelled(quality, []), age, SETTINGS)


@pytest.mark.parametrize(
    ("shifts", "alarms"),
    [
        ([0, 0, 0], []),
        ([0, 0, 1], []),  # one window may be an accident
        ([0, 1, 0], []),
        ([0, 1, 1], ["size has changed"]),
        ([1], []),
    ],
)
@pytest.mark.ml_test_score("mon-2")
def test_an_alarm_needs_two_windows_after_one_another(
    shifts: list[float], alarms: list[str]
) -> None:
    assert found(served(*shifts)).alarms == alarms


def test_the_last_rows_are_judged_and_older_ones_shown() -> None:
    rows = served(*[0.0] * 20)
    result = found(rows.head(rows.height - 50))
    assert len(result.windows) == 12
    assert {window.rows for window in result.windows} == {200}
    assert result.windows[-1].last == rows["time"][-51]


def test_predictions_are_watched_too() -> None:
    rows = served(0, 0).with_columns(prediction=pl.lit("a"))
    assert found(rows).alarms == [f"{PREDICTION} has changed"]


@pytest.mark.ml_test_score("mon-4")
def test_worse_answers_and_an_old_model_are_alarms() -> None:
    worse = Quality(100, 0.3, 0.1, 0.001, worse=True)
    assert found(served(0, 0), worse, 91.0).alarms == [
        "the answers are worse: error 0.3, on test 0.1",
        "the model is stale: in use for 91 days, more than 90",
    ]
    assert found(served(0, 0), Quality(100, 0.1, 0.1, 0.5, worse=False), 89.0).alarms == []
