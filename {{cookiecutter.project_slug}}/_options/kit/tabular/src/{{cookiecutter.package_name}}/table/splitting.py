"""Which split and which fold each row of a typed table belongs to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import polars as pl

from ..contract.checks import border
from ..contract.contract import Contract
from ..runtime.errors import UserError
from ..splits import Split, fold_of, split_of
from .encoding import column, key_of

# A table may have columns of any name; this character is in none that people type.
ROW, SPLIT, FOLD = "row\x1f", "split\x1f", "fold\x1f"


def with_splits(rows: pl.LazyFrame, contract: Contract, split: Split) -> tuple[pl.LazyFrame, int]:
    """Give each of the typed ``rows`` its SPLIT and its FOLD; return the number of folds, too."""
    count = int(rows.select(pl.len()).collect(engine="streaming").item())
    folds = 0 if contract.time else split.folds_for(count)
    salted = replace(split, salt=split.salt + contract.split.salt)
    key = key_of(contract.key, contract.group, list(contract.columns))
    part = _by_time(rows, contract, split) if contract.time else split_of(key, salted)
    return rows.with_columns(part.alias(SPLIT), fold_of(key, salted, folds).alias(FOLD)), folds


def _by_time(rows: pl.LazyFrame, contract: Contract, split: Split) -> pl.Expr:
    """Return the split of each row by time: what came later is for validation and test."""
    time = column(str(contract.time))
    borders = [border(contract, name) for name in ("val_from", "test_from")]
    if None in borders:
        val, test = time_borders(rows, contract, split)
        told = f"val_from: '{val}', test_from: '{test}'"
        raise UserError(
            f"the contract of {contract.source}: data.time={contract.time} needs the times at "
            "which validation and test rows begin, so that later rows move no old ones. For "
            f"shares of {split.val} and {split.test} write `split: {{{told}}}`."
        )
    val, test = map(pl.lit, borders)
    late = pl.when(time < test).then(pl.lit("val")).otherwise(pl.lit("test"))
    return pl.when(time < val).then(pl.lit("train")).otherwise(late)


def time_borders(rows: pl.LazyFrame, contract: Contract, split: Split) -> tuple[str, str]:
    """Return the times at which the last ``split.val + split.test`` rows begin, and the last."""
    time = column(str(contract.time))
    shares = (1 - split.val - split.test, 1 - split.test)
    found = rows.select(
        time.quantile(share, "higher").alias(str(share)) for share in shares
    ).collect(engine="streaming")
    val, test = found.row(0)
    if isinstance(val, datetime):
        return val.isoformat(), test.isoformat()
    return str(val), str(test)
