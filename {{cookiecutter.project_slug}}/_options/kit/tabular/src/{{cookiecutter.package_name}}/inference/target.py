"""The column to predict: whether there is one, whether it can be learned, and as what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from ..contract.casting import text_of
from ..contract.contract import Column, Kind, Task, listed, nearest_columns
from ..runtime.errors import UserError
from .kinds import MOST_DISTINCT_SHARE, in_order
from .profile import MOST_DISTINCT, Profile

MOST_GUESSED_CLASSES = 20  # among numbers: where there are more, they are amounts
MOST_IN_DOUBT = 100  # different numbers that might be either
FEWEST_ROWS_OF_NUMBER = 10  # for a number to be taken for a class


def find_target(target: str | Sequence[str] | None, columns: Sequence[str]) -> str:
    """Return the one column to predict.

    Raises:
        UserError: when none or several are given, or there is no such column.
    """
    if isinstance(target, str) and target not in columns and "," in target:
        target = [name.strip(" []'\"") for name in target.split(",")]
    if not isinstance(target, str) and target is not None and len(target) == 1:
        target = target[0]
    if not target:
        raise UserError(
            f"data.target=null: expected the column to predict. Columns: {listed(columns)}."
        )
    if not isinstance(target, str):
        raise UserError(
            f"data.target={listed(target)}: one column is predicted. Choose one, such as "
            f"data.target={target[0]}, and list the others under forbidden in the contract: a "
            "model must not see them if they are unknown when it predicts. For several, make a "
            "project or a run of each."
        )
    if target not in columns:
        raise UserError(f"data.target={target}: no such column. {nearest_columns(target, columns)}")
    return target


def class_counts(table: pl.LazyFrame, target: Profile) -> dict[str, int]:
    """Return the rows of each value of the target; empty where there are too many for classes."""
    if target.distinct is None or target.dtype.is_nested():
        return {}
    values = text_of(table, target.name).drop_nulls()
    counts = values.group_by("value").len().collect(engine="streaming")
    return dict(counts.iter_rows())


def task_of(
    target: Profile, column: Column, counts: dict[str, int], given: Task | None
) -> tuple[Task, str | None]:
    """Return what is predicted, and a note where it was guessed.

    Raises:
        UserError: when the target has no or one value, or cannot be what is asked for.
    """
    place = f"data.target={target.name}"
    if not target.present:
        raise UserError(f"{place}: it has no value in any row. Choose another column.")
    if len(counts) == 1:
        raise UserError(
            f"{place}: it is {next(iter(counts))!r} in every row, so that there is nothing to "
            "learn. Choose another column, or add rows with other values."
        )
    guess = Task.regression if _is_amount(target, column, counts) else Task.classification
    task = given or guess
    if task is Task.regression and column.kind is not Kind.number:
        raise UserError(
            f"data.task=regression: {target.name!r} holds {column.kind.value}, such as "
            f"{next(iter(counts), target.odd)!r}: expected numbers. Use data.task=classification, "
            "or another data.target."
        )
    if task is Task.classification:
        _check_classes(place, target, column, counts)
    if given or column.kind is not Kind.number or not 2 < len(counts) <= MOST_IN_DOUBT:
        return task, None
    other = Task.regression if task is Task.classification else Task.classification
    return task, (
        f"task: {task.value}, guessed from the {len(counts)} different numbers in {target.name}; "
        f"otherwise data.task={other.value}"
    )


def target_column(column: Column, task: Task, counts: dict[str, int]) -> Column:
    """Return what the target must be: it lists all classes, however many, in the source's words."""
    several_words = column.kind is Kind.boolean and len(counts) > 2  # Yes and yes
    if task is Task.regression or several_words:
        return replace(column, missing=0)
    return Column(Kind.category, values=in_order({*counts}), missing=0, sensitive=column.sensitive)


def _is_amount(target: Profile, column: Column, counts: dict[str, int]) -> bool:
    if column.kind is not Kind.number:
        return False
    if len(counts) == 2:
        return False
    few = 0 < len(counts) <= MOST_GUESSED_CLASSES and target.plain.whole
    return not few or min(counts.values()) < FEWEST_ROWS_OF_NUMBER


def _check_classes(place: str, target: Profile, column: Column, counts: dict[str, int]) -> None:
    if column.kind is Kind.time:
        raise UserError(f"{place}: it holds times. Choose another column, or make it a number.")
    most = max(2, min(MOST_DISTINCT, MOST_DISTINCT_SHARE * target.present))
    if not counts or len(counts) > most:
        number = f"{len(counts):,}" if counts else f"more than {MOST_DISTINCT:,}"
        instead = "free text cannot be predicted: choose another column"
        if column.kind is Kind.number:
            instead = "use data.task=regression for an amount"
        raise UserError(
            f"{place}: {number} different values in {target.present:,} rows are too many classes "
            f"(at most {int(most):,}); {instead}, or merge rare values."
        )
    rare = [value for value, rows in sorted(counts.items()) if rows == 1]
    if rare:
        raise UserError(
            f"{place}: only one row each of class {listed(rare, 5)}: expected at least two, so "
            "that one can be learned from and one tested. Add rows, merge the class with another, "
            "or remove the row" + ("; for amounts data.task=regression." if column.min else ".")
        )
