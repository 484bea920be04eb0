import pytest

from {{ cookiecutter.package_name }}.experiments.telling import Result, sentence


def result(verdict: str, metric: str, low: float, high: float, **more: object) -> Result:
    """A result with the middle of the interval as its value."""
    ahead = {"value": (low + high) / 2, "low": low, "high": high}
    usual: Result = {
        "verdict": verdict,
        "metric": metric,
        "ahead": ahead,
        "why": "",
        "level": 0.95,
        "seeds": [0, 1, 2, 3, 4],
        "folds": [],
        "rows": 3600,
        "margin": 0.02 if metric == "accuracy" else 1.0,
        "rows_needed": None,
        "rows_to_be_equal": 1000,
        "exploratory": False,
    }
    return usual | more


SEEDS = "5 paired seeds, n = 3,600"
ERROR = "in mean absolute error"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            result("better", "accuracy", 0.003, 0.033),
            f"b is better than a by 1.8 points, 95 % interval 0.3 to 3.3, {SEEDS}",
        ),
        (
            result("worse", "accuracy", -0.033, -0.003),
            f"b is worse than a by 1.8 points, 95 % interval 0.3 to 3.3, {SEEDS}",
        ),
        (
            result("better", "accuracy", 0.003, 0.015),
            "b is better than a by 0.9 points, 95 % interval 0.3 to 1.5, "
            f"{SEEDS}, less than the 2.0 points that matter",
        ),
        (
            result("equivalent", "accuracy", -0.004, 0.006),
            "b is equivalent to a within 2.0 points: it is ahead by 0.1 points, "
            f"95 % interval 0.4 behind to 0.6 ahead, {SEEDS}",
        ),
        (
            result("inconclusive", "accuracy", -0.03, 0.01, rows_needed=7847),
            "inconclusive: b is behind by 1.0 points, 95 % interval 3.0 behind to 1.0 ahead, "
            f"{SEEDS}; 7,847 rows would show a difference of 2.0 points",
        ),
        (
            result("inconclusive", "accuracy", -0.03, 0.01, rows_needed=900),
            "inconclusive: b is behind by 1.0 points, 95 % interval 3.0 behind to 1.0 ahead, "
            f"{SEEDS}; n is enough to see 2.0 points, and more seeds would narrow the interval",
        ),
        (
            result("inconclusive", "accuracy", -0.004, 0.016, rows_needed=395, rows=372),
            "inconclusive: b is ahead by 0.6 points, 95 % interval 0.4 behind to 1.6 ahead, "
            "5 paired seeds, n = 372; 1,000 rows could tell that it is equivalent",
        ),
        (
            result("descriptive", "accuracy", 0.0, 0.02, why="90 rows, fewer than 300", rows=90),
            "nothing is concluded (90 rows, fewer than 300): b is ahead by 1.0 points, "
            "95 % interval 0.0 to 2.0, 5 paired seeds, n = 90",
        ),
        (
            result("better", "mae", 14.6, 20.8),
            f"b is better than a by 17.7 {ERROR}, 95 % interval 14.6 to 20.8, {SEEDS}",
        ),
        (
            result("worse", "mae", -20.8, -14.6),
            f"b is worse than a by 17.7 {ERROR}, 95 % interval 14.6 to 20.8, {SEEDS}",
        ),
        (
            result("inconclusive", "mae", -1.5, 0.5),
            f"inconclusive: b is behind by 0.5 {ERROR}, "
            f"95 % interval 1.5 behind to 0.5 ahead, {SEEDS}",
        ),
        (
            result("equivalent", "mae", -0.2, 0.8),
            f"b is equivalent to a within 1.0 {ERROR}: it is ahead by 0.3 {ERROR}, "
            f"95 % interval 0.2 behind to 0.8 ahead, {SEEDS}",
        ),
        (
            result("better", "accuracy", 0.003, 0.033, folds=[0, 1, 2], exploratory=True),
            "exploratory: b is better than a by 1.8 points, 95 % interval 0.3 to 3.3, "
            "5 paired seeds in each of 3 folds, n = 3,600",
        ),
    ],
)
def test_the_sentence_follows_from_the_verdict_and_the_numbers(given: Result, told: str) -> None:
    assert sentence(given) == told
