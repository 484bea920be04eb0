"""What may be concluded from the paired differences of one model to several others."""

from typing import Any

FEWEST_ROWS = 300  # below this a difference is described, and nothing is concluded from it


def decide(differences: list[dict[str, Any]], rows: int, level: float) -> str:
    """Return "better", "worse", "no_difference" or "too_few_rows".

    The model is better only when it beats every other by more than chance explains: each interval
    `low` to `high` must lie above 0, and no correction is needed for a claim that all must meet.
    One other suffices to call it worse, by interval and `p_value`: that claim is corrected for
    their number (Bonferroni).
    """
    if rows < FEWEST_ROWS:
        return "too_few_rows"
    if all(difference["low"] > 0 for difference in differences):
        return "better"
    if any(
        difference["high"] < 0 and difference["p_value"] * len(differences) <= 1 - level
        for difference in differences
    ):
        return "worse"
    return "no_difference"
