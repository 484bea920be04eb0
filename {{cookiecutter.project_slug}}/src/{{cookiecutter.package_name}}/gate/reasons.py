"""Why an equal model should take over: said by people, and checked where it can be measured."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..runtime.errors import UserError, nearest
from .contender import facts_of

REASONS = {
    "faster": "a row takes at most 0.8 of the time",
    "cheaper": "it has at most 0.8 of the parameters",
    "simpler": "it has fewer parameters",
    "fresher": "it was trained on other data",
    "security": "the one in use must not stay",
}
SAVED = 0.8


def known_reason(reason: str) -> str:
    """Refuse a reason that nobody has heard of."""
    if reason not in REASONS:
        raise UserError(f"reason={reason}: unknown. {nearest(reason, REASONS)}")
    return reason


def check_reason(reason: str, challenger: Path, champion: Path, ratios: dict[str, Any]) -> str:
    """Return the reason in words.

    Raises:
        UserError: when what was measured speaks against it.
    """
    new, old = facts_of(challenger), facts_of(champion)
    share = new["parameters"] / old["parameters"]
    holds = {
        "faster": bool(ratios) and ratios["p50"].value <= SAVED,
        "cheaper": share <= SAVED,
        "simpler": share < 1,
        "fresher": new["data_hashes"] != old["data_hashes"],
        "security": True,
    }
    if not holds[reason]:
        found = f"{share:.2f} of the parameters"
        if ratios:
            found += f", {ratios['p50'].value:.2f} of the time"
        raise UserError(f"reason={reason}: expected that {REASONS[reason]}; it has {found}.")
    return f"{reason}: {REASONS[reason]}"
