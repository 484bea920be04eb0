"""What each column holds, and what about it deserves a second look."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .data import ExplorationData
from .levels import as_text, quantiles, shorten
from .outliers import FAR, robust_scale

SPARSE = 0.5  # share of missing values
DOMINANT = 0.99  # share of one value
HEAVY_TAIL = 6.0  # middle 98 % over middle 50 %: 3.4 normal, 5.9 Student's t of 3 degrees
FREQUENT = 0.005  # share of rows that repeat a far value
MANY_VALUES = 50
SHOWN_VALUES = 3

Flags = dict[str, list[str]]


def describe(data: ExplorationData) -> pd.DataFrame:
    """Describe every feature and the target, over all rows.

    Returns a row per column: ``kind``, ``missing`` (share), ``distinct``, ``mean``, ``spread``
    (standard deviation), ``minimum``, ``median``, ``maximum`` (NaN for categories), ``frequent``
    (the usual values, for categories) and ``flags`` (a list of words).
    """
    target = [data.target]
    numbers = [*data.numbers, *(target if data.is_regression else [])]
    categories = [*data.categories, *([] if data.is_regression else target)]
    described, flags = _describe_numbers(data, numbers)
    others = [_describe_category(data.frame[name]) for name in categories]
    described = pd.concat(
        [described, pd.DataFrame([facts for facts, _ in others], pd.Index(categories))]
    )
    flags |= {name: marks for name, (_, marks) in zip(categories, others, strict=True)}
    for name, twin in _twins(data).items():
        flags[name].append(f"same as {shorten(twin)}")
    described = described.reindex(list(data.frame.columns))
    described["frequent"] = described.get("frequent", pd.Series(dtype=str)).fillna("")
    described["flags"] = [flags[name] for name in data.frame.columns]
    return described.rename_axis("column")


def _describe_numbers(data: ExplorationData, names: list[str]) -> tuple[pd.DataFrame, Flags]:
    values = data.matrix(names)
    known = np.isfinite(values)
    present = known.sum(axis=1)
    mean = np.where(known, values, 0).sum(axis=1) / np.maximum(present, 1)
    square = np.where(known, values - mean[:, None], 0) ** 2
    deviation = np.sqrt(square.sum(axis=1) / np.maximum(present - 1, 1))
    low, median, high = quantiles(values, [0.0, 0.5, 1.0]).T
    ordered = np.sort(values, axis=1)
    steps = np.isfinite(ordered[:, 1:]) & (ordered[:, 1:] != ordered[:, :-1])
    described = pd.DataFrame(
        {
            "kind": "number",
            "missing": 1 - present / values.shape[1],
            "distinct": np.where(present > 0, steps.sum(axis=1) + 1, 0),
            "mean": np.where(present > 0, mean, np.nan),
            "spread": np.where(present > 1, deviation, np.nan),
            "minimum": low,
            "median": median,
            "maximum": high,
        },
        index=pd.Index(names),
    )
    outside = data.frame[names].notna().to_numpy().sum(axis=0) - present
    return described, _flag_numbers(values, described, outside)


def _flag_numbers(
    values: NDArray[np.float64], described: pd.DataFrame, outside: NDArray[np.int64]
) -> Flags:
    low, median, high = (
        described[name].to_numpy(np.float64) for name in ("minimum", "median", "maximum")
    )
    missing, distinct = described["missing"].to_numpy(), described["distinct"].to_numpy()
    present = np.maximum(np.isfinite(values).sum(axis=1), 1)
    p01, p25, p75, p99 = quantiles(values, [0.01, 0.25, 0.75, 0.99]).T
    scale = robust_scale(values)
    heavy = (p99 - p01 > HEAVY_TAIL * (p75 - p25)) & (p75 > p25)
    usual = (values == median[:, None]).sum(axis=1) / present
    marks = {
        "no values": distinct == 0,
        "constant": distinct == 1,
        "mostly missing": (missing > SPARSE) & (distinct > 0),
        "infinite values": outside > 0,
        "one value in most rows": (usual > DOMINANT) & (distinct > 1),
        "heavy tail": heavy,
        "outliers": (np.maximum(high - median, median - low) > 2 * FAR * scale) & ~heavy,
    }
    flags = {
        str(name): [mark for mark, found in marks.items() if found[place]]
        for place, name in enumerate(described.index)
    }
    names = list(flags)
    for end in (low, high):
        count = (values == end[:, None]).sum(axis=1)
        far = (np.abs(end - median) > FAR * scale) & (distinct > 2)
        for place in np.flatnonzero(far & (count > 2) & (count / present > FREQUENT)):
            share = count[place] / present[place]
            code = f"{as_text(float(end[place]))} in {share:.1%}: a code?"
            flags[names[place]].append(code)
    return flags


def _describe_category(column: pd.Series) -> tuple[dict[str, float | str], list[str]]:
    codes, values = pd.factorize(column)
    counts = np.bincount(codes[codes >= 0], minlength=len(values))
    names = [str(value) for value in values]
    order = sorted(range(len(names)), key=lambda place: (-counts[place], names[place]))
    present, missing = max(int(counts.sum()), 1), float((codes < 0).mean())
    shown = [
        f"{shorten(names[place], 24)} {counts[place] / present:.0%}"
        for place in order[:SHOWN_VALUES]
    ]
    spellings = {" ".join(name.split()).casefold() for name in names}
    marks = {
        "no values": not names,
        "constant": len(names) == 1,
        "mostly missing": missing > SPARSE and len(names) > 0,
        "one value in most rows": len(names) > 1 and counts.max() > DOMINANT * present,
        "every value differs": len(names) == present > 1,
        "many values": MANY_VALUES < len(names) < present,
        "one value in several spellings": len(spellings) < len(names),
    }
    described: dict[str, float | str] = {
        "kind": "category",
        "missing": missing,
        "distinct": len(names),
        "frequent": ", ".join(shown) + (", …" if len(names) > SHOWN_VALUES else ""),
    }
    return described, [mark for mark, found in marks.items() if found]


def _twins(data: ExplorationData) -> dict[str, str]:
    """Features that repeat an earlier one, row by row, and are not constant."""
    columns = dict(zip(data.numbers, data.matrix(data.numbers), strict=True))
    columns |= {name: pd.factorize(data.frame[name])[0] for name in data.categories}
    twins: dict[str, str] = {}
    seen: dict[bytes, str] = {}
    for name in data.features:
        column = columns[name]
        if (column[1:] != column[:-1]).any() and not np.isnan(column).all():
            first = seen.setdefault(column.tobytes(), name)
            twins |= {} if first == name else {name: first}
    return twins
