"""Slices that nobody declared: where a model errs more than elsewhere (SliceLine, Sagadeeva 2021).

Who looks through hundreds of slices finds a bad one in any model. So they are looked for in one
half of the rows, and only what the other half confirms is a finding.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..predictions import Predictions
from ..slices.declared import TARGET, facts_with_target
from .bins import bins_of

MOST_COLUMNS = 30
FEWEST_ROWS, FEWEST_IN_SLICE = 100, 20  # of a half
MOST_SLICES, MOST_CONDITIONS = 5, 2
SIZE_MATTERS = 0.05  # SliceLine's 1 - alpha: how much a large slice is preferred to a bad one


@dataclass(frozen=True)
class Candidate:
    """A slice that was found in the one half."""

    name: str  # its conditions, as people read them
    rows: NDArray[np.bool_]  # which of all rows are in it


def halves(ids: list[str]) -> NDArray[np.bool_]:
    """Return which rows are in the half that is looked through (rows,), by a hash of their ids."""
    digests = [hashlib.blake2b(name.encode(), digest_size=1).digest()[0] for name in ids]
    return np.array(digests) % 2 == 0


def discover(table: Predictions, errors: NDArray[np.float64]) -> list[Candidate]:
    """Return the slices in which the first half of the rows errs most, the worst first.

    Args:
        table: with facts of each row.
        errors: of each row (rows,), 0 for none.
    """
    from sliceline.slicefinder import Slicefinder

    first = halves(table.ids)
    if first.sum() < FEWEST_ROWS or not errors[first].any():
        return []
    facts = facts_with_target(table)
    facts = facts.select([TARGET, *(name for name in facts.columns if name != TARGET)])
    binned = [bins_of(facts[name], first) for name in facts.columns[:MOST_COLUMNS]]
    kept = [(codes, names) for codes, names in binned if len(np.unique(codes[first])) > 1]
    if not kept:
        return []
    codes = np.stack([codes for codes, _ in kept], axis=1)
    finder: Any = Slicefinder(
        alpha=1 - SIZE_MATTERS,
        k=MOST_SLICES,
        max_l=min(MOST_CONDITIONS, len(kept)),
        min_sup=max(FEWEST_IN_SLICE, int(first.sum()) // 50),
        verbose=False,
    )
    finder.fit(codes[first], errors[first])
    # (slices, columns): a code, or None for any; slices of equal score are all there
    worst = finder.top_slices_[:MOST_SLICES]
    return [_candidate(conditions, codes, [names for _, names in kept]) for conditions in worst]


def _candidate(
    conditions: NDArray[np.object_], codes: NDArray[np.int64], names: list[dict[int, str]]
) -> Candidate:
    chosen = [(place, int(code)) for place, code in enumerate(conditions) if code is not None]
    inside = np.all([codes[:, place] == code for place, code in chosen], axis=0)
    return Candidate(" and ".join(names[place][code] for place, code in chosen), inside)
