import numpy as np
import polars as pl
import pytest

from {{ cookiecutter.package_name }}.monitoring.contest import Contest, contests

LEVEL = 0.05


def recorded(ours: list[object], theirs: list[object]) -> pl.DataFrame:
    """Rows that the model in use and a candidate have both predicted."""
    ids = [str(number) for number in range(len(ours))]
    times = {"time": [f"2026-11-27T{number:06d}" for number in range(len(ours))]}
    known = {**times, "id": ids, "model_hash": "in use", "version": "3", "candidate": False}
    tried = {**times, "id": ids, "model_hash": "tried", "version": "4", "candidate": True}
    return pl.concat(
        [pl.DataFrame({**known, "prediction": ours}), pl.DataFrame({**tried, "prediction": theirs})]
    )


def labels(values: list[object]) -> pl.DataFrame:
    return pl.DataFrame({"id": [str(n) for n in range(len(values))], "label": values})


def names(rows: int, wrong: range) -> list[object]:
    return ["b" if number in wrong else "a" for number in range(rows)]


def contest(rows: int, ours: range, theirs: range) -> Contest:
    """Both are wrong on some of the rows."""
    table = recorded(names(rows, ours), names(rows, theirs))
    (found,) = contests(table, labels(["a"] * rows), LEVEL)
    return found


@pytest.mark.parametrize(
    ("ours", "theirs", "verdict"),
    [
        (range(60), range(20), "better"),
        (range(20), range(60), "worse"),
        (range(20), range(20, 45), "no_difference"),
        (range(20), range(20), "no_difference"),
    ],
)
@pytest.mark.ml_test_score("mon-7")
def test_a_candidate_is_judged_on_the_rows_that_both_predicted(
    ours: range, theirs: range, verdict: str
) -> None:
    found = contest(400, ours, theirs)  # judged on the first 300 of them
    assert (found.verdict, found.rows, found.version) == (verdict, 300, "4")
    assert found.gain.value == pytest.approx((len(ours) - len(theirs)) / 300)


def test_the_same_rows_tell_more_than_two_accuracies() -> None:
    found = contest(400, range(100, 130), range(100, 110))
    assert found.verdict == "better"
    share = np.array([30, 10]) / 300
    alone = 2.24 * np.sqrt((share * (1 - share) / 300).sum())  # of rows that are not the same
    assert found.gain.high - found.gain.low < 2 * alone


def test_few_labels_conclude_nothing() -> None:
    assert contest(100, range(0), range(100)).verdict == "too_few_rows"


def test_values_are_judged_by_their_errors() -> None:
    random = np.random.default_rng(0)
    truth = random.normal(size=500)
    close, far = (truth + random.normal(0, scale, 500) for scale in (0.5, 1.0))
    (found,) = contests(recorded(far.tolist(), close.tolist()), labels(truth.tolist()), LEVEL)
    assert found.verdict == "better"
    expected = (np.abs(far - truth) - np.abs(close - truth))[:300].mean()
    assert found.gain.value == pytest.approx(expected)


@pytest.mark.slow
def test_equal_candidates_are_seldom_called_worse_however_often_somebody_asks() -> None:
    random, worse = np.random.default_rng(1), 0
    for _ in range(100):
        ours, theirs = (np.where(random.random(5000) < 0.1, "b", "a").tolist() for _ in range(2))
        table, known = recorded(ours, theirs), labels(["a"] * 5000)
        asked = [contests(table, known.head(rows), LEVEL) for rows in range(300, 5001, 300)]
        worse += any(found.verdict == "worse" for (found,) in asked)
    assert worse / 100 < 0.06  # 0.025 meant


def test_rows_without_a_label_or_without_a_pair_are_left_out() -> None:
    table = recorded(names(400, range(0)), names(400, range(0)))
    found = contests(table.filter(pl.int_range(pl.len()) < 700), labels(["a"] * 350), LEVEL)
    assert [one.rows for one in found] == [300]
    assert contests(table.drop("candidate"), labels(["a"] * 400), LEVEL) == []
    assert contests(table.filter(~pl.col("candidate")), labels(["a"] * 400), LEVEL) == []
