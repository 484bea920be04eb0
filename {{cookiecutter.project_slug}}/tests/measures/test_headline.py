from typing import Any

import pytest

from {{ cookiecutter.package_name }}.measures.headline import headline

NETWORK = {"value": 0.9, "low": 0.875, "high": 0.925}
AHEAD = {"value": 0.05, "low": 0.021, "high": 0.08, "rows_needed": 300}
EVEN = {"value": 0.01, "low": -0.02, "high": 0.04, "rows_needed": 1960}
BEHIND = {"value": -0.1, "low": -0.13, "high": -0.07, "rows_needed": 300}


def metrics(verdict: str, **changes: Any) -> dict[str, Any]:
    """What metrics.json says, as far as the sentence needs it."""
    other = {"worse": BEHIND, "no_difference": EVEN}.get(verdict, AHEAD)
    comparison = {
        "metric": changes.pop("metric", "accuracy"),
        "best_baseline": "knn",
        "differences": changes.pop("differences", {"knn": AHEAD, "forest": other}),
    }
    return {
        "verdict": verdict,
        "problems": ["every test row has the target a"],
        "level": 0.95,
        "margin": 0.02,
        "test_set": {"rows": 400, "folds": changes.pop("folds", 0)},
        "models": {"network": {comparison["metric"]: NETWORK}},
        "comparison": comparison | changes,
    }


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("better", "it beats every baseline (+5.0 points [+2.1, +8.0] against knn, the best of"),
        ("too_few_rows", "under 300 rows, too few to call a winner (+5.0 points"),
        ("worse", "a baseline beats it (-10.0 points [-13.0, -7.0] against forest, the furthest"),
        (
            "no_difference",
            "it does not clearly beat every baseline (+1.0 points [-2.0, +4.0] against forest, "
            "the nearest; 95% intervals); 1,960 rows would show a difference of 2 points.",
        ),
    ],
)
def test_each_verdict_has_its_claim_and_the_numbers_behind_it(verdict: str, words: str) -> None:
    found = headline(metrics(verdict))
    assert words in found
    claims = ("it beats every", "does not clearly beat", "too few", "a baseline beats")
    assert sum(claim in found for claim in claims) == 1


def test_the_numbers_shown_never_contradict_the_claim() -> None:
    behind = BEHIND | {"high": -0.001}  # ahead by luck, as one of several may be
    for differences in ({"knn": EVEN, "forest": behind}, {"knn": EVEN, "forest": AHEAD}):
        found = headline(metrics("no_difference", differences=differences))
        assert "(+1.0 points [-2.0, +4.0] against knn, the best of them on validation;" in found


def test_rows_that_can_answer_nothing_give_no_number() -> None:
    assert headline(metrics("invalid")) == "No conclusion: every test row has the target a."


def test_enough_rows_are_not_asked_for() -> None:
    for needed in (400, None):
        entry: dict[str, Any] = EVEN | {"rows_needed": needed}
        found = headline(metrics("no_difference", differences={"knn": entry}))
        assert found.endswith("95% intervals).")


def test_the_whole_sentence_for_classes() -> None:
    assert headline(metrics("better")) == (
        "The network is right on 90.0% [87.5, 92.5] of 400 test rows; it beats every baseline "
        "(+5.0 points [+2.1, +8.0] against knn, the best of them on validation; 95% intervals)."
    )


def test_the_level_is_the_one_of_the_intervals() -> None:
    assert headline(metrics("better") | {"level": 0.9}).endswith("on validation; 90% intervals).")


def test_the_whole_sentence_for_values() -> None:
    assert headline(metrics("better", metric="mae")) == (
        "The network errs by 0.900 [0.875, 0.925] on average over 400 test rows; it beats every "
        "baseline (0.050 less [0.021, 0.080] than knn, the best of them on validation; "
        "95% intervals)."
    )
    assert "a baseline beats it (0.100 more [0.070, 0.130] than forest, the" in headline(
        metrics("worse", metric="mae")
    )
    assert "; 1,960 rows would show a difference of 2%." in headline(
        metrics("no_difference", metric="mae")
    )


@pytest.mark.parametrize("metric", ["accuracy", "mae"])
def test_in_folds_the_sentence_says_that_no_model_had_seen_the_row(metric: str) -> None:
    found = headline(metrics("better", metric=metric, folds=5))
    assert "400 rows, each predicted by a model that had not seen it (5 folds); it beats" in found
    assert "test rows" not in found
