from pathlib import Path

import numpy as np
import polars as pl
import pytest

from {{ cookiecutter.package_name }}.monitoring.quality import quality_of, read_labels
from {{ cookiecutter.package_name }}.runtime.errors import UserError

pytestmark = pytest.mark.ml_test_score("mon-7")

LIMITS = {"level": 0.05, "margin": 0.02}
BEFORE = np.repeat([1.0, 0.0], [50, 950])  # one answer in twenty was wrong


def served(rows: int) -> pl.DataFrame:
    return pl.DataFrame({"id": [str(n) for n in range(rows)], "prediction": ["a"] * rows})


def labels(rows: int, wrong: int) -> pl.DataFrame:
    names = ["b"] * wrong + ["a"] * (rows - wrong)
    return pl.DataFrame({"id": [str(n) for n in range(rows)], "label": names})


@pytest.mark.parametrize(
    ("wrong", "worse"),
    [(10, False), (14, False), (40, True)],
    ids=["as before", "by chance", "for sure"],
)
def test_more_errors_are_an_alarm_when_they_are_no_accident(wrong: int, worse: bool) -> None:
    found = quality_of(served(200), labels(200, wrong), BEFORE, **LIMITS)
    assert found is not None
    assert (found.rows, found.error, found.before) == (200, wrong / 200, 0.05)
    assert found.worse is worse


def test_what_does_not_matter_is_none_however_sure_it_is() -> None:
    found = quality_of(served(20_000), labels(20_000, 1300), np.tile(BEFORE, 100), **LIMITS)
    assert found is not None
    assert found.p_value < 0.001
    assert not found.worse


def test_values_are_compared_by_their_errors() -> None:
    random = np.random.default_rng(0)
    truth, rows = random.normal(size=300), [str(n) for n in range(300)]
    said = pl.DataFrame({"id": rows, "prediction": truth + random.normal(0, 2, 300)})
    known = pl.DataFrame({"id": rows, "label": truth})
    found = quality_of(said, known, np.abs(random.normal(size=300)), **LIMITS)
    assert found is not None
    assert found.worse


def test_few_labels_say_nothing_and_others_do_not_count() -> None:
    assert quality_of(served(200), labels(29, 29), BEFORE, **LIMITS) is None
    found = quality_of(served(50), labels(200, 0), BEFORE, **LIMITS)
    assert found is not None
    assert found.rows == 50


def test_the_last_label_of_an_id_counts(tmp_path: Path) -> None:
    file = tmp_path / "labels.csv"
    file.write_text("id,label,more\n1,a,x\n1,b,x\n", "utf-8")
    assert read_labels(file).rows() == [(1, "b")]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("none.csv", None, "labels=.*: no such file"),
        ("a.csv", b"id,lable\n1,a\n", r"no column label\. Did you mean 'lable'"),
        ("a.parquet", b"hello", "expected CSV or Parquet"),
    ],
)
def test_what_are_no_labels_is_told(
    name: str, content: bytes | None, message: str, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=message):
        read_labels(tmp_path / name)


def test_a_label_that_is_not_known_yet_is_none(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("id,label\n1,a\n2,\n3,b\n", "utf-8")
    assert read_labels(tmp_path / "labels.csv").sort("id")["label"].to_list() == ["a", "b"]
