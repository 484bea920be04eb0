"""Whether what a contract says fits together, wherever it comes from."""

from __future__ import annotations

from datetime import UTC, datetime

from .contract import MISSING, Column, Contract, Kind, Task, nearest_columns

ROLES = ("target", "key", "group", "time")
ONE_OF_BOTH = "the parts of a split in time share groups. Expected one of the two, and null for it."


def check_roles(contract: Contract) -> None:
    """Check that every role is played by a column that can.

    Raises:
        ValueError: naming the role and the nearest columns.
    """
    _check_names(contract)
    columns, target, time = contract.columns, contract.columns[contract.target], contract.time
    fit = (Kind.category, Kind.boolean) if contract.task is Task.classification else (Kind.number,)
    if target.kind not in fit:
        expected = " or ".join(each.value for each in fit)
        other = next(each for each in Task if each is not contract.task)
        raise ValueError(
            f"columns.{contract.target}.kind={target.kind.value}: expected {expected} for the "
            f"target of task: {contract.task.value}; for the other, data.task={other.value}."
        )
    if target.kind is Kind.category and not target.values:
        raise ValueError(f"columns.{contract.target}.values: expected the list of classes.")
    if time and columns[time].kind not in (Kind.time, Kind.number):
        found = columns[time].kind.value
        raise ValueError(f"columns.{time}.kind={found}: expected time or number.")
    if time and contract.group:
        raise ValueError(f"group={contract.group}, time={time}: {ONE_OF_BOTH}")
    if time:
        _check_borders(contract)


def border(contract: Contract, name: str) -> datetime | float | None:
    """Return the time that a part of the split begins at: val_from or test_from.

    Raises:
        ValueError: when it is no time of the kind that the time column has.
    """
    text, kind = getattr(contract.split, name), contract.columns[str(contract.time)].kind
    if text is None:
        return None
    try:
        if kind is Kind.number:
            return float(text)
        time = datetime.fromisoformat(text)
    except ValueError:
        expected = "a number" if kind is Kind.number else "an ISO 8601 time, such as 2026-01-31"
        raise ValueError(f"split.{name}={text}: expected {expected}.") from None
    return time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time


def _check_borders(contract: Contract) -> None:
    val, test = border(contract, "val_from"), border(contract, "test_from")
    if val is not None and test is not None and not val < test:  # type: ignore[operator]
        raise ValueError(f"split.val_from={val}: expected less than test_from={test}.")


def _check_names(contract: Contract) -> None:
    roles = {role: getattr(contract, role) for role in ROLES}
    for role, name in roles.items():
        if name is not None and name not in contract.columns:
            raise ValueError(_no_column(role, name, contract))
    for name in contract.forbidden:
        if name not in contract.columns:
            raise ValueError(_no_column("forbidden", name, contract))
        if name == contract.target:
            raise ValueError(f"forbidden={name}: is the target, which the model never sees anyway.")
    for role in ROLES[1:]:
        if roles[role] == contract.target:
            raise ValueError(f"{role}={contract.target}: is the target already.")


def check_columns(contract: Contract) -> None:
    """Check that what is said of each column goes together.

    Raises:
        ValueError: naming column, key and value.
    """
    for name, column in contract.columns.items():
        _check_column(f"columns.{name}", column)


def _check_column(place: str, column: Column) -> None:
    if not 0 <= column.missing <= 1:
        raise ValueError(f"{place}.missing={column.missing}: expected a share from 0 to 1.")
    number, category = column.kind is Kind.number, column.kind is Kind.category
    for key, value, fits in (
        ("min", column.min, number),
        ("max", column.max, number),
        ("decimal_comma", column.decimal_comma or None, number),
        ("values", column.values, category),
    ):
        if value is not None and not fits:
            expected = "category" if key == "values" else "number"
            raise ValueError(f"{place}.{key}: is for kind: {expected}, not {column.kind.value}.")
    if column.min is not None and column.max is not None and column.min > column.max:
        raise ValueError(f"{place}.min={column.min:g}: expected at most max={column.max:g}.")
    if column.values is not None:
        if not column.values or len({*column.values}) < len(column.values):
            raise ValueError(f"{place}.values: expected at least one, and each only once.")
        for value in column.values:
            if value.strip() in MISSING or value.strip() != value:
                raise ValueError(
                    f"{place}.values: {value!r} is never read: cells lose the spaces around them, "
                    f"and {', '.join(map(repr, MISSING))} stand for no value."
                )


def _no_column(role: str, name: str, contract: Contract) -> str:
    return f"{role}={name}: no such column. {nearest_columns(name, contract.columns)}"
