"""How often a model behaves as it should where no label is needed to tell (Ribeiro et al. 2020)."""

from __future__ import annotations

from typing import Any

import polars as pl

from ..stats.intervals import wilson


def behaviour(table: pl.DataFrame, level: float) -> list[dict[str, Any]]:
    """Return an entry of each check: on which share of the rows it held, with Wilson's interval.

    Args:
        table: check, kind, hard, id, held: a row for each row that was tried.
        level: of the intervals.
    """
    entries: list[dict[str, Any]] = []
    for (check, kind, hard), rows in table.group_by("check", "kind", "hard", maintain_order=True):
        held = int(rows["held"].sum())
        share = wilson(held, len(rows), level).as_dict()
        passed = held == len(rows) if hard else None
        entries.append(
            {"check": check, "kind": kind, "hard": hard, "held": share, "passed": passed}
        )
    return entries
