"""What the rules do over many challengers: each draws its right and wrong rows at random."""

import numpy as np
import pytest

from {{ cookiecutter.package_name }}.gate.verdict import Case, Difference, Verdict, decide
from {{ cookiecutter.package_name }}.stats.paired import bonett_price
from {{ cookiecutter.package_name }}.stats.power import rows_for_difference

pytestmark = pytest.mark.slow

MARGIN = 0.02


def difference(gained: int, lost: int, rows: int) -> Difference:
    two_sided, one_sided = (bonett_price(gained, lost, rows, level) for level in (0.95, 0.90))
    return Difference(
        two_sided.value, two_sided.low, two_sided.high, one_sided.low, MARGIN, rows_needed=None
    )


def drawn(
    random: np.random.Generator, rows: int, effect: float, disagreement: float
) -> tuple[int, int]:
    """How many of the rows only the challenger has right, and how many only the champion."""
    shares = [(disagreement + effect) / 2, (disagreement - effect) / 2, 1 - disagreement]
    gained, lost, _ = random.multinomial(rows, shares)
    return int(gained), int(lost)


def verdicts(rows: int, effect: float, disagreement: float, times: int = 1000) -> list[Verdict]:
    random = np.random.default_rng(0)
    found: list[Verdict] = []
    for _ in range(times):
        lead = difference(*drawn(random, rows, effect, disagreement), rows)
        found.append(decide(Case([], rows, MARGIN, lead, None, [], None))[0])
    return found


def test_two_copies_of_one_model_are_promoted_at_most_as_often_as_chance_allows() -> None:
    for rows, disagreement in ((400, 0.04), (1000, 0.08), (3000, 0.2)):
        found = verdicts(rows, 0.0, disagreement)
        assert found.count(Verdict.PROMOTE) <= 35
        assert found.count(Verdict.REJECT) <= 50


def test_three_points_better_is_promoted_at_the_rows_that_it_is_said_to_need() -> None:
    for disagreement in (0.05, 0.1, 0.2):
        rows = rows_for_difference(0.03, disagreement)
        found = verdicts(rows, 0.03, disagreement, times=10_000)
        assert found.count(Verdict.PROMOTE) >= 8_000
        assert found.count(Verdict.REJECT) == 0


def stream(random: np.random.Generator, reason: str | None, *, anchored: bool) -> float:
    """How much accuracy is left of 30 challengers in a row, each 0.4 points worse than in use."""
    rows, disagreement, effect = 2000, 0.06, -0.004
    behind_anchor = lost = 0.0
    for _ in range(30):
        lead = difference(*drawn(random, rows, effect, disagreement), rows)
        anchor = None
        if anchored and behind_anchor < 0:
            anchor = difference(*drawn(random, rows, behind_anchor + effect, disagreement), rows)
        found, _ = decide(Case([], rows, MARGIN, lead, anchor, [], reason))
        if found in (Verdict.PROMOTE, Verdict.EQUIVALENT):
            lost += effect
            behind_anchor = 0.0 if found is Verdict.PROMOTE else behind_anchor + effect
    return lost


def test_thirty_slightly_worse_challengers_in_a_row_lose_next_to_nothing() -> None:
    random = np.random.default_rng(1)
    lost = [stream(random, None, anchored=True) for _ in range(100)]
    assert np.mean(lost) > -0.002


def test_the_anchor_stops_equal_models_from_creeping_down() -> None:
    random = np.random.default_rng(2)
    creeping = np.mean([stream(random, "fresher", anchored=False) for _ in range(40)])
    held = np.mean([stream(random, "fresher", anchored=True) for _ in range(40)])
    assert creeping < -0.08
    assert held > -0.02
