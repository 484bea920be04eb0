"""Slices that people declare: a condition over facts of a row, in the words of SQL."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ..predictions import Predictions
from ..runtime.errors import UserError, nearest

TARGET = "target"


def rows_where(table: Predictions, where: str, name: str) -> NDArray[np.bool_]:
    """Return which rows fulfil ``where`` (rows,); a row whose fact is missing does not.

    Raises:
        UserError: for a condition that is no SQL, or names a fact that rows do not have.
    """
    facts = facts_with_target(table)
    place = f"evaluation.slices, {name}: where: {where}"
    try:
        condition = pl.sql_expr(where)
        named = condition.meta.root_names()
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"{place}: no SQL condition ({reason}). One is: {TARGET} = 'a'") from error
    for column in named:
        if column not in facts.columns:
            raise UserError(f"{place}: {column}: no such fact. {nearest(column, facts.columns)}")
    try:
        found = facts.select(condition.cast(pl.Boolean).fill_null(value=False)).to_series()
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"{place}: {reason}") from error
    if len(found) != len(table.ids):
        raise UserError(f"{place}: expected a condition for each row, and no summary of all rows")
    return found.to_numpy()


def facts_with_target(table: Predictions) -> pl.DataFrame:
    """Return the facts of each row, and its target by name."""
    named = [table.classes[number] for number in table.targets] if table.classes else table.targets
    target = pl.Series(TARGET, named)
    return target.to_frame() if table.facts is None else table.facts.with_columns(target)
