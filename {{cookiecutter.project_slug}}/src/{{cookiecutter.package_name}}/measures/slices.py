"""How a model does within parts of the rows: declared ones, sensitive groups, and found ones."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..config.evaluation import Slice
from ..predictions import Predictions
from ..runtime.errors import UserError, nearest
from ..slices.declared import facts_with_target, rows_where
from ..stats.bootstrap import bootstrap_mean
from ..stats.intervals import Interval, wilson
from ..stats.multiplicity import holm
from ..stats.unpaired import more_errors_p
from .bins import bins_of
from .discovery import discover, halves
from .uncertainty import Uncertainty

Entry = dict[str, Any]


def declared(
    measures: ModuleType,
    network: Predictions,
    other: Predictions,
    slices: list[Slice],
    how: Uncertainty,
) -> list[Entry]:
    """Return an entry of each declared slice: its value, and how it compares with ``other`` there.

    A slice with fewer than its ``least_rows`` is listed as not measured, and has no numbers.
    """
    entries: list[Entry] = []
    for one in slices:
        inside = rows_where(network, one.where, one.name)
        entry: Entry = {"name": one.name, "where": one.where, "reason": one.reason}
        entry |= {"rows": int(inside.sum()), "margin": one.margin}
        entry["measured"] = entry["rows"] >= one.least_rows
        if entry["measured"]:
            chosen = network.select(inside)
            entry[measures.PRIMARY] = measures.value_of(chosen, how).as_dict()
            entry["difference"] = measures.compare(chosen, other.select(inside), how)
        else:
            entry["why"] = f"{entry['rows']} rows, fewer than {one.least_rows}"
        entries.append(entry)
    _adjust([entry["difference"] for entry in entries if entry["measured"]])
    return entries


def sensitive(
    measures: ModuleType,
    network: Predictions,
    columns: list[str],
    least_rows: int,
    how: Uncertainty,
) -> list[Entry]:
    """Return an entry of each group of each sensitive column: does it fare worse than the rest?"""
    entries: list[Entry] = []
    errors, facts = measures.errors_of(network), facts_with_target(network)
    for column in columns:
        if column not in facts.columns:
            known = nearest(column, facts.columns)
            raise UserError(f"evaluation.sensitive: {column}: no such fact. {known}")
        codes, names = bins_of(facts[column], np.ones(len(errors), np.bool_))
        for code in np.unique(codes).tolist():
            inside = codes == code
            entry: Entry = {"column": column, "group": names[code], "rows": int(inside.sum())}
            entry["measured"] = entry["rows"] >= least_rows
            if entry["measured"]:
                entry[measures.PRIMARY] = measures.value_of(network.select(inside), how).as_dict()
                entry["p_value"] = more_errors_p(errors[inside], errors[~inside])
            else:
                entry["why"] = f"{entry['rows']} rows, fewer than {least_rows}"
            entries.append(entry)
    _adjust([entry for entry in entries if entry["measured"]])
    return entries


def discovered(measures: ModuleType, table: Predictions, how: Uncertainty) -> list[Entry]:
    """Return the slices found in one half of ``table``, and whether the other half confirms them.

    ``table`` is of the validation split: what is found there can still be mended.
    """
    table, errors = once_each(table, measures.errors_of(table))
    first = halves(table.ids)
    entries: list[Entry] = []
    for candidate in discover(table, errors):
        inside, elsewhere = candidate.rows & ~first, ~candidate.rows & ~first
        entry: Entry = {"name": candidate.name, "rows": int(inside.sum())}
        entry["found_on"] = _value(errors, candidate.rows & first)
        if inside.any() and elsewhere.any():
            entry["error"] = _error(errors[inside], how).as_dict()
            entry["elsewhere"] = _value(errors, elsewhere)
            entry["p_value"] = more_errors_p(errors[inside], errors[elsewhere])
            entries.append(entry)
    _adjust(entries)
    for entry in entries:
        entry["confirmed"] = entry["p_adjusted"] <= 1 - how.level
    return entries


def once_each(
    table: Predictions, errors: NDArray[np.float64]
) -> tuple[Predictions, NDArray[np.float64]]:
    """Return each row once, with its mean error over the networks that predicted it."""
    ids, first, place = np.unique(table.ids, return_index=True, return_inverse=True)
    return table.select(first), np.bincount(place, errors) / np.bincount(place, minlength=len(ids))


def _error(errors: NDArray[np.float64], how: Uncertainty) -> Interval:
    """Return the mean error; of rows that are right or wrong by Wilson, who doubts none of none."""
    if np.isin(errors, (0.0, 1.0)).all():
        return wilson(int(errors.sum()), len(errors), how.level)
    return bootstrap_mean(errors, **how.bootstrap)


def _value(errors: NDArray[np.float64], rows: NDArray[np.bool_]) -> Entry:
    return {"rows": int(rows.sum()), "mean_error": float(errors[rows].mean())}


def _adjust(entries: list[Entry]) -> None:
    """Add Holm's adjusted p value to the entries of one family."""
    if entries:
        adjusted = holm([entry["p_value"] for entry in entries])
        for entry, value in zip(entries, adjusted.tolist(), strict=True):
            entry["p_adjusted"] = value
