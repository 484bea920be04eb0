"""Slices that conf/evaluation declares, held against the facts of the data before all else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from ..arrays import load_split
from ..config.evaluation import Slice
from ..predictions import Predictions
from ..runtime.errors import UserError, nearest
from ..schema import Manifest
from .declared import rows_where
from .facts import facts_of

ROWS = 100  # of a split, that conditions are tried on


def require_facts(prepared: Path, slices: list[Slice], sensitive: list[str]) -> set[str]:
    """Return the facts that slices and sensitive columns name.

    Raises:
        UserError: when a condition is none, or names a fact that rows do not have.
    """
    named = {*sensitive, *(name for one in slices for name in _named_in(one.where))}
    manifest, rows = Manifest.load(prepared), load_split(prepared, "val")
    ids, inputs = rows.ids[:ROWS], np.array(rows.inputs[:ROWS])
    facts = facts_of(prepared, ids, inputs, named)
    outputs = np.zeros((len(ids), len(manifest.classes)) if manifest.classes else len(ids))
    example = Predictions(ids, manifest.classes, rows.targets[:ROWS], outputs, facts=facts)
    for one in slices:
        rows_where(example, one.where, one.name)
    for name in sensitive:
        if name not in facts.columns:
            hint = nearest(name, facts.columns)
            raise UserError(f"evaluation.sensitive: {name}: no such fact. {hint}")
    return named


def _named_in(where: str) -> list[str]:
    try:
        return pl.sql_expr(where).meta.root_names()
    except pl.exceptions.PolarsError:  # rows_where says what is wrong
        return []
