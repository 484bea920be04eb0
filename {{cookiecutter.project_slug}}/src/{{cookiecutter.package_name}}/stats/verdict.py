"""What may be concluded from the paired differences of one model to several others."""

from typing import Any

FEWEST_ROWS = 300  # below this a difference is described, and nothing is concluded from it
ROWS_FOR_TWO_POINTS = 1000  # from which two models can be called equal within 0.02,
ROWS_FOR_ONE_POINT = 3000  # and within 0.01: with fewer, equal models pass too seldom
TWO_POINTS, ONE_POINT = 0.02, 0.01
INVALID = "invalid"  # in place of a verdict, where the rows cannot answer the question


def decide(differences: dict[str, dict[str, Any]], best: str, rows: int, level: float) -> str:
    """Return "better", "worse", "no_difference" or "too_few_rows".

    The model is better only when it beats every other by more than chance explains: each interval
    `low` to `high` must lie above 0, and no correction is needed for a claim that all must meet.
    One other suffices to call it worse. For `best`, which was named before these rows were looked
    at, its interval alone decides; any other one also has to be ahead by `p_adjusted`, since one of
    several is ahead by luck sooner.
    """
    if rows < FEWEST_ROWS:
        return "too_few_rows"
    if all(difference["low"] > 0 for difference in differences.values()):
        return "better"
    if any(
        difference["high"] < 0 and (name == best or difference["p_adjusted"] <= 1 - level)
        for name, difference in differences.items()
    ):
        return "worse"
    return "no_difference"


def rows_to_be_equal(margin: float) -> int:
    """Return the test rows from which models can be called equal within ``margin``."""
    if margin >= TWO_POINTS:
        return ROWS_FOR_TWO_POINTS
    return round(ROWS_FOR_ONE_POINT * max(1.0, (ONE_POINT / margin) ** 2))
