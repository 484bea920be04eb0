"""Whether a table keeps its contract: every value, batch by batch, in bounded memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from ..contract.casting import check_names, text_of
from ..contract.contract import Contract
from .batches import batches, column_groups, count_rows
from .findings import MISSING_SHARE, MOST_EXAMPLES, UNIQUE, Example, Findings, Violation
from .report import broken
from .rules import Rules, overview, views
from .uniqueness import repeated


def violations(
    table: pl.LazyFrame,
    contract: Contract,
    *,
    source: str | None = None,
    shards: Mapping[str, int] | None = None,
) -> list[Violation]:
    """Return every rule that the table breaks, in the order of the columns.

    Forbidden columns need only be there. Rows are numbered from 1 without the header.

    Args:
        table: raw rows.
        contract: what they keep to.
        source: where the table is from, for messages; None: ``contract.source``.
        shards: the rows of each file that the table is made of, in order; then examples name
            the file, and the row in it.

    Raises:
        UserError: when columns are missing, or there are some that the contract does not know.
    """
    findings = inspect(table, contract, Findings(), source=source)
    order = {name: place for place, name in enumerate(contract.columns)}
    return findings.listed(order, shards or {})


def inspect(
    table: pl.LazyFrame,
    contract: Contract,
    findings: Findings,
    *,
    source: str | None = None,
) -> Findings:
    """Add to ``findings`` what breaks the contract; see ``violations``."""
    names = check_names(table.collect_schema().names(), contract, source=source)
    required, forbidden = contract.never_missing, {*contract.forbidden}
    rows = count_rows(table)
    checked = [
        Rules(name, contract.columns[name], required=name in required)
        for name in names
        if name not in forbidden or name in required
    ]
    for group in column_groups(checked, rows):
        missing, doubtful = overview(table, group)
        if doubtful:
            for start, frame in batches(table, [rules.name for rules in doubtful]):
                found = broken(views(frame, doubtful), doubtful)
                _add_broken(findings, frame, start, doubtful, found)
        _add_shares(findings, group, missing, rows)
    if contract.key is not None:
        _add_repeated(findings, table, contract.key, rows)
    return findings


def _add_broken(
    findings: Findings, frame: pl.DataFrame, start: int, group: Sequence[Rules], found: pl.DataFrame
) -> None:
    for rules in group if found.height else ():
        mine = found.filter(pl.col("column") == rules.name)
        for (rule,), part in mine.group_by("rule", maintain_order=True):
            examples = tuple(
                Example(start + row + 1, str(frame[rules.name][row]))
                for row in part["row"].head(MOST_EXAMPLES)
            )
            expected = rules.expected(str(rule))
            findings.add(Violation(rules.name, str(rule), expected, part.height, examples))
    findings.keep(found.with_columns(pl.col("row") + start))


def _add_shares(
    findings: Findings, group: Sequence[Rules], missing: dict[str, int], rows: int
) -> None:
    for rules in group:
        lacking, allowed = missing[rules.name], rules.column.missing
        if not rules.required and lacking > allowed * rows:
            expected = (
                f"at most {allowed:.4g} of the rows without a value, not {lacking / rows:.4g}"
            )
            findings.add(Violation(rules.name, MISSING_SHARE, expected, lacking))


def _add_repeated(findings: Findings, table: pl.LazyFrame, key: str, rows: int) -> None:
    found = repeated(table, key, rows)
    if found.is_empty():
        return
    first = found.head(MOST_EXAMPLES)
    shown = (
        text_of(table, key)
        .with_row_index("row")
        .filter(pl.col("row").is_in(first.implode()))
        .collect(engine="streaming")
    )
    examples = tuple(Example(row + 1, str(value)) for row, value in shown.sort("row").iter_rows())
    expected = "a value that no other row has"
    findings.add(Violation(key, UNIQUE, expected, found.len(), examples))
    marked = found.cast(pl.Int64).alias("row").to_frame()
    findings.keep(marked.with_columns(column=pl.lit(key), rule=pl.lit(UNIQUE)))
