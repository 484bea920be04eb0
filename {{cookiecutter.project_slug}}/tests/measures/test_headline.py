from typing import Any

import pytest

from {{ cookiecutter.package_name }}.measures.headline import headline

NETWORK = {"value": 0.9, "low": 0.875, "high": 0.925}
AHEAD = {"value": 0.05, "low": 0.021, "high": 0.08}


def metrics(verdict: str, **changes: Any) -> dict[str, Any]:
    """What metrics.json says, as far as the sentence needs it."""
    behind = {"value": -0.1, "low": -0.13, "high": -0.07}
    comparison = {
        "metric": changes.pop("metric", "accuracy"),
        "best_baseline": "knn",
        "differences": {"knn": AHEAD, "forest": behind if verdict == "worse" else AHEAD},
    }
    return {
        "verdict": verdict,
        "level": 0.95,
        "test_set": {"rows": 400, "folds": changes.pop("folds", 0)},
        "models": {"network": {comparison["metric"]: NETWORK}},
        "comparison": comparison | changes,
    }


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("better", "it beats every baseline (+5.0 points [+2.1, +8.0] against knn, the best of"),
        ("no_difference", "no clear difference to the baselines (+5.0 points"),
        ("too_few_rows", "under 300 rows, too few to call a winner (+5.0 points"),
        ("worse", "a baseline beats it (-10.0 points [-13.0, -7.0] against forest, the furthest"),
    ],
)
def test_each_verdict_has_its_claim_and_the_numbers_behind_it(verdict: str, words: str) -> None:
    found = headline(metrics(verdict))
    assert words in found
    claims = ("beats every", "no clear difference", "too few", "a baseline beats")
    assert sum(claim in found for claim in claims) == 1


def test_the_whole_sentence_for_classes() -> None:
    assert headline(metrics("better")) == (
        "The network is right on 90.0% [87.5, 92.5] of 400 test rows; it beats every baseline "
        "(+5.0 points [+2.1, +8.0] against knn, the best of them on validation; 95% intervals)."
    )


def test_the_whole_sentence_for_values() -> None:
    assert headline(metrics("no_difference", metric="mae")) == (
        "The network errs by 0.9 [0.875, 0.925] on average over 400 test rows; no clear difference "
        "to the baselines (+0.05 [+0.021, +0.08] closer than knn, the best of them on validation; "
        "95% intervals)."
    )


@pytest.mark.parametrize("metric", ["accuracy", "mae"])
def test_in_folds_the_sentence_says_that_no_model_had_seen_the_row(metric: str) -> None:
    found = headline(metrics("better", metric=metric, folds=5))
    assert "400 rows, each predicted by a model that had not seen it (5 folds); it beats" in found
    assert "test rows" not in found
