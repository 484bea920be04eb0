"""The page about the data: what the tables beside this file say, drawn and laid out by page.html.

Whatever relates a column to the target is computed from training rows. Other rows are only counted
and described, column by column.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from ..reporting.drawing import as_svg, css
from ..reporting.templates import templates_in
from . import drawings, multiples
from .association import associate
from .columns import describe
from .correlation import clustered, correlate, missing_together, strongest_pairs
from .data import ExplorationData
from .directions import find_directions
from .distributions import distribution, target_groups
from .findings import NEARLY_SAME, findings
from .levels import as_text
from .outliers import outlying_columns, outlying_rows
from .overview import overview, target_by_part
from .shift import FLOOR, compare_parts
from .slices import class_to_show, overall, slice_by

MOST_LISTED = 1000  # columns in the table
MOST_DRAWN = 60  # distributions
MOST_BARS = 30
MOST_MATRIX = 40
MOST_SLICED = 10  # beside those that are sensitive
MOST_PAIRS = 12
UNDRAWN = {"no values", "constant", "every value differs"}


def render(data: ExplorationData, *, name: str) -> str:
    """Return the page as HTML text: the same bytes for the same data."""
    data = data.sampled()
    found, described, parts = associate(data), describe(data), compare_parts(data)
    order = [str(column) for column in found.index]
    correlations = correlate(data, order)
    pairs = strongest_pairs(correlations, least=0.5, most=MOST_LISTED)
    flags = dict(zip(described.index, described["flags"], strict=True))
    drawn = [column for column in order if not UNDRAWN & set(flags[column])]
    templates = templates_in(Path(__file__).parent)
    templates.filters |= {"percent": "{:.1%}".format, "number": as_text, "css": css}
    counts = overview(data)
    return templates.get_template("data.html").render(
        name=name,
        data=data,
        overview=counts,
        findings=findings(data, described, found, parts, pairs, counts["across"]),
        target=_target(data),
        described=_records(described.loc[[data.target, *order][: MOST_LISTED + 1]]),
        found=_records(found[:MOST_BARS]),
        noise=int(found["noise"].sum()),
        associations=_svg(drawings.associations, found[:MOST_BARS]) if order else "",
        distributions=_distributions(data, drawn),
        drawable=len(drawn),
        groups=list(zip(target_groups(data).names, _colors(data), strict=False)),
        missing=_missing(data, described),
        matrix=_matrix(correlations),
        pairs=_records(pairs[:MOST_PAIRS]),
        directions=_directions(data, order),
        slices=_slices(data, _to_slice(data, found, correlations)),
        parts=_parts(parts),
        outliers=_records(outlying_columns(data)[:MOST_BARS]),
        outlying_rows=_records(outlying_rows(data)),
        pictures=[(caption, Markup(picture)) for caption, picture in data.pictures],  # noqa: S704
        most={"listed": MOST_LISTED, "drawn": MOST_DRAWN, "bars": MOST_BARS},
    )


def _svg(draw: Any, *values: object) -> Markup:
    return Markup(as_svg(draw, *values))  # noqa: S704 - Matplotlib escapes every text


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {"name": index, **dict(zip(table.columns, row[1:], strict=True))}
        for index, row in zip(table.index, table.itertuples(), strict=True)
    ]


def _unit(data: ExplorationData, column: str) -> str:
    return data.units.get(column, "")


def _colors(data: ExplorationData) -> list[str]:
    return drawings.ORDERED if data.is_regression else drawings.CLASSES


def _target(data: ExplorationData) -> dict[str, Any]:
    shares, table, edges = target_by_part(data)
    if edges is None:
        figure = _svg(drawings.target_shares, shares[:MOST_BARS])
    else:
        label = f"{data.target} [{_unit(data, data.target)}]".replace(" []", "")
        figure = _svg(drawings.target_histogram, edges, shares, label)
    return {"figure": figure, "table": table, "classes": len(shares) if edges is None else 0}


def _distributions(data: ExplorationData, columns: list[str]) -> list[dict[str, Any]]:
    groups, colors = target_groups(data), _colors(data)
    drawn = []
    for column in columns[:MOST_DRAWN]:
        spread = distribution(data, column, groups)
        if spread.edges is None:
            figure = _svg(multiples.bars, spread.shares, colors)
        else:
            unit = _unit(data, column)
            figure = _svg(multiples.histogram, spread.edges, spread.shares, colors, unit)
        drawn.append({"name": column, "figure": figure, "beyond": spread.beyond})
    return drawn


def _missing(data: ExplorationData, described: pd.DataFrame) -> dict[str, Any]:
    gaps = described["missing"].sort_values(ascending=False, kind="stable")
    gaps = gaps[gaps > 0]
    if gaps.empty:
        return {"columns": 0}
    partly = [str(name) for name in gaps[gaps < 1].index[:MOST_MATRIX]]
    together = strongest_pairs(missing_together(data, partly), least=0.3, most=MOST_PAIRS)
    return {
        "columns": len(gaps),
        "figure": _svg(drawings.bars, gaps[:MOST_BARS], "share of all rows"),
        "pairs": _records(together),
    }


def _matrix(correlations: pd.DataFrame) -> Markup | str:
    varying = correlations.dropna(how="all").index[:MOST_MATRIX]
    if len(varying) < 2:
        return ""
    names = clustered(correlations.loc[varying, varying])
    return _svg(drawings.matrix, correlations.loc[names, names])


def _directions(data: ExplorationData, order: list[str]) -> dict[str, Any]:
    directions = find_directions(data, order)
    if directions is None:
        return {}
    return {**vars(directions), "figure": _svg(drawings.directions, directions, _colors(data))}


def _to_slice(data: ExplorationData, found: pd.DataFrame, correlations: pd.DataFrame) -> list[str]:
    """The sensitive columns, and the strongest of those that do not repeat one another."""
    chosen: list[str] = []
    for column in map(str, found.index[~found["noise"]]):
        near = correlations.loc[column, :].abs() if column in correlations else pd.Series()
        if len(chosen) < MOST_SLICED and not (near.reindex(chosen) > NEARLY_SAME).any():
            chosen.append(column)
    return list(dict.fromkeys([*data.sensitive, *chosen]))


def _slices(data: ExplorationData, chosen: list[str]) -> list[dict[str, Any]]:
    drawn = []
    for column in chosen:
        shown = None if data.is_regression else class_to_show(data, column)
        table, everywhere = slice_by(data, column, shown), overall(data, shown)
        unit = _unit(data, column)
        label = f"mean of {data.target}" if shown is None else f"share of {shown}"
        figure = _svg(multiples.slices, table, everywhere, shown is not None, label)
        smallest = int(np.argmin(table["rows"]))
        drawn.append(
            {
                "name": column,
                "unit": unit,
                "figure": figure,
                "sensitive": column in data.sensitive,
                "smallest": f"{table.index[smallest]} ({table['rows'].iloc[smallest]:,} rows)",
                "few": int(table["few"].sum()),
            }
        )
    return drawn


def _parts(parts: pd.DataFrame) -> dict[str, Any]:
    if parts.empty:
        return {"figure": "", "flagged": []}
    columns = list(dict.fromkeys(parts["column"]))[:MOST_BARS]
    return {
        "figure": _svg(drawings.distances, parts[parts["column"].isin(columns)], FLOOR),
        "flagged": _records(parts[parts["flag"]][:MOST_BARS]),
    }
