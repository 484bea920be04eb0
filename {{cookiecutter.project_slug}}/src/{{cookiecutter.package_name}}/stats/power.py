"""How many rows or runs a question needs, before anything is computed to answer it."""

import math

from . import require


def rows_for_difference(
    difference: float, disagreement: float, power: float = 0.8, level: float = 0.95
) -> int:
    """Rows that show a paired difference of two accuracies with probability `power` (Connor 1987).

    `disagreement` is the share of rows on which one model is right and the other wrong. It decides:
    a point is seen with a tenth of the rows where two models disagree on 2 % instead of 20 %.
    """
    require.share("difference", difference)
    if not difference < require.share("disagreement", disagreement):
        raise ValueError(
            f"disagreement is {disagreement}: expected more than the difference, {difference}"
        )
    alpha, beta = _quantile((1 + require.level(level)) / 2), _quantile(require.level(power))
    spread = alpha * math.sqrt(disagreement) + beta * math.sqrt(disagreement - difference**2)
    return math.ceil(spread**2 / difference**2)


def rows_for_mean_difference(
    difference: float, deviation: float, power: float = 0.8, level: float = 0.95
) -> int:
    """Rows that show a mean paired difference where single rows differ with `deviation` (sd)."""
    if not (difference > 0 and deviation > 0):
        raise ValueError(f"difference {difference}, deviation {deviation}: expected both above 0")
    reach = _quantile((1 + require.level(level)) / 2) + _quantile(require.level(power))
    return max(2, math.ceil((reach * deviation / difference) ** 2))


def rows_for_narrower(
    rows: int, half_width: float, difference: float, power: float = 0.8, level: float = 0.95
) -> int:
    """Rows that show `difference`, where `rows` of them gave an interval of +-`half_width`.

    For intervals over folds or groups, for which no formula knows the spread: an interval gets
    narrower with the root of the rows.
    """
    require.count("rows", rows, least=1)
    if not (difference > 0 and half_width > 0):
        raise ValueError(f"difference {difference}, half_width {half_width}: expected both above 0")
    alpha, beta = _quantile((1 + require.level(level)) / 2), _quantile(require.level(power))
    return math.ceil(rows * (half_width / difference * (alpha + beta) / alpha) ** 2)


def detectable_difference(
    rows: int, disagreement: float, power: float = 0.8, level: float = 0.95
) -> float:
    """Return the smallest paired difference that `rows` show with probability `power`.

    It is at most `disagreement`: with few rows nothing smaller than all of it can be seen.
    """
    require.count("rows", rows, least=1)
    low, high = 0.0, require.share("disagreement", disagreement)
    for _ in range(40):
        middle = (low + high) / 2
        enough = rows_for_difference(middle, disagreement, power, level) <= rows
        low, high = (low, middle) if enough else (middle, high)
    return high


def _quantile(share: float) -> float:
    from scipy.stats import norm

    return float(norm.ppf(share))
