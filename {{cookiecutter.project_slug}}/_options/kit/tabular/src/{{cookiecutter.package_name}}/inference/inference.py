"""Table -> contract: what it probably must be, for a person to review.

One pass sees every column batch by batch; a few more look at single columns: how many different
values a text has (estimated within a few percent, exact up to 1,000, because exact counts of many
values cost memory), whether the key is unique (exact), and what says the same as the target.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from ..contract.casting import TEXT, texts
from ..contract.checks import ONE_OF_BOTH
from ..contract.contract import Column, Contract, Kind, Task, nearest_columns
from ..runtime.errors import UserError
from ..validation.batches import count_rows
from ..validation.uniqueness import repeated
from .kinds import MOSTLY, column_of, is_id, numbers_of
from .notes import notes_on
from .profile import Profile, profile
from .suspicions import copies_of_target
from .target import class_counts, find_target, target_column, task_of

FEWEST_ROWS = 50  # fewer cannot be learned from and tested on


def infer(
    table: pl.LazyFrame,
    *,
    source: str,
    target: str | Sequence[str] | None,
    task: Task | None = None,
    key: str | None = None,
    group: str | None = None,
    time: str | None = None,
) -> tuple[Contract, list[str]]:
    """Guess the contract of a table.

    Args:
        table: raw rows: all text (from CSV), or of any types.
        source: where they came from, for messages.
        target: the column to predict.
        task: what is predicted; None: guessed from the target.
        key: the column that names a row; None: guessed.
        group: the column whose equal values stay in one split.
        time: the column that the splits follow.

    Returns:
        The contract, and notes on what was guessed and should be looked at.

    Raises:
        UserError: when there are too few rows, no such columns, or nothing to learn.
    """
    names = table.collect_schema().names()
    target = find_target(target, names)
    for role, name in {"key": key, "group": group, "time": time}.items():
        if name is not None and name not in names:
            raise UserError(f"data.{role}={name}: no such column. {nearest_columns(name, names)}")
        if name == target:
            raise UserError(f"data.{role}={name}: is the target already. Choose another column.")
    if group and time:
        raise UserError(f"data.group={group}, data.time={time}: {ONE_OF_BOTH}")
    rows = _check_rows(count_rows(table), source)
    profiles = profile(table, rows)
    columns = _columns(table, profiles)
    counts = class_counts(table, profiles[target])
    task, note = task_of(profiles[target], columns[target], counts, task)
    columns[target] = target_column(columns[target], task, counts)
    _check_time(time, columns)
    notes = [*([note] if note else []), *_on_given_key(table, key, rows)]
    ids = [name for name in _ids(profiles, columns) if name not in {target, group, time}]
    key = key or next((name for name in ids if repeated(table, name, rows).is_empty()), None)
    columns = {n: c.as_name if n in {key, group} else c for n, c in columns.items()}
    contract = Contract(source, target, task, columns, key, group, time)
    contract = replace(contract, forbidden=_useless(contract, profiles))
    copies = copies_of_target(table, contract, rows)
    contract = replace(contract, forbidden=_in_file_order(columns, [*contract.forbidden, *copies]))
    if not contract.features:
        raise UserError(f"{source}: no column is left to predict {target} from. Add columns.")
    return contract, [*notes, *notes_on(table, contract, profiles, copies)]


def _check_rows(rows: int, source: str) -> int:
    if rows < FEWEST_ROWS:
        raise UserError(
            f"{source}: {rows} rows: expected at least {FEWEST_ROWS}. From fewer nothing can be "
            "learned that a test could confirm: add rows."
        )
    return rows


def _check_time(time: str | None, columns: dict[str, Column]) -> None:
    kind = columns[time].kind if time else Kind.time
    if kind not in (Kind.time, Kind.number):
        raise UserError(
            f"data.time={time}: it holds {kind.value}: expected ISO 8601 times, such as "
            "2026-01-31 or 2026-01-31T12:00:00, or numbers."
        )


def _on_given_key(table: pl.LazyFrame, key: str | None, rows: int) -> list[str]:
    shared = repeated(table, key, rows).len() if key else 0
    if not shared:
        return []
    return [
        f"{key}: {shared} rows share their value with another, which a key must not: choose "
        "another data.key, leave it null, or data.on_bad=quarantine"
    ]


def _columns(table: pl.LazyFrame, profiles: dict[str, Profile]) -> dict[str, Column]:
    many = [
        each
        for each in profiles.values()
        if each.is_text and each.distinct is None and numbers_of(each).count < MOSTLY * each.present
    ]
    written = texts(table, {each.name: TEXT for each in many})
    counted = written.select(pl.all().approx_n_unique()).collect(engine="streaming")
    found = counted.row(0) if many else ()
    several = dict(zip((each.name for each in many), found, strict=True))
    return {
        name: column_of(each, several.get(name, len(each.distinct or ()) or each.present))
        for name, each in profiles.items()
    }


def _ids(profiles: dict[str, Profile], columns: dict[str, Column]) -> list[str]:
    """Return the columns that may name rows: those called so first, then texts."""
    unique = [each for each in profiles.values() if each.may_be_key]
    called = [
        each.name
        for each in unique
        if is_id(each.name) and (columns[each.name].kind is not Kind.number or each.plain.whole)
    ]
    texts = [each.name for each in unique if columns[each.name].kind is Kind.text]
    return [*called, *(name for name in texts if name not in called)]


def _useless(contract: Contract, profiles: dict[str, Profile]) -> tuple[str, ...]:
    """Return the columns that cannot help: without a value, always the same, or another id."""
    others = [name for name in contract.columns if name not in contract.never_missing]
    useless = {name for name in others if not profiles[name].present or profiles[name].constant}
    ids = {*_ids(profiles, contract.columns)} & {*contract.features}
    return _in_file_order(contract.columns, [*useless, *ids])


def _in_file_order(columns: dict[str, Column], names: list[str]) -> tuple[str, ...]:
    chosen = {*names}
    return tuple(name for name in columns if name in chosen)
