"""What a table must be: its columns, what each may hold, and which one is predicted."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path

MISSING = ("", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "none", "?", "-")  # as text
MOST_SHOWN = 20  # names in a message


class Task(Enum):
    """What is predicted: one of several classes, or a number."""

    classification = "classification"
    regression = "regression"


class Kind(Enum):
    """How the values of a column are read."""

    number = "number"
    category = "category"
    boolean = "boolean"
    time = "time"
    text = "text"


FEATURE_KINDS = (Kind.number, Kind.category, Kind.boolean)


@dataclass(frozen=True)
class Column:
    """What the values of one column may be."""

    kind: Kind
    unit: str | None = None  # for people; nothing is converted
    min: float | None = None  # numbers only, inclusive
    max: float | None = None
    values: tuple[str, ...] | None = None  # categories only; None: any
    missing: float = 0  # the largest share of rows without a value
    sensitive: bool = False  # what people may be treated unequally by
    decimal_comma: bool = False  # "1,5" is one and a half

    @property
    def as_name(self) -> Column:
        """The same for values that are compared as they are written."""
        return Column(Kind.text, unit=self.unit, sensitive=self.sensitive)


@dataclass(frozen=True)
class SplitRecord:
    """What the splits were made with, so that they are made alike again."""

    salt: int = 0
    val_from: str | None = None  # ISO time (or number) of the first validation row, split by time
    test_from: str | None = None


@dataclass(frozen=True)
class Contract:
    """What every row of a table keeps to, and the roles that columns play."""

    source: str  # where the table came from, for messages
    target: str
    task: Task
    columns: dict[str, Column]  # all of the table, in its order
    key: str | None = None  # names a row: unique, never missing
    group: str | None = None  # rows of one group are never in two splits
    time: str | None = None  # the splits follow it
    forbidden: tuple[str, ...] = ()  # what the model must not see
    split: SplitRecord = field(default_factory=SplitRecord)

    @property
    def with_names(self) -> Contract:
        """The same, but no key or group is a number, which would lose the last of many digits."""
        columns = dict(self.columns)
        for name in (self.key, self.group):
            if name is not None and columns[name].kind is Kind.number:
                columns[name] = columns[name].as_name
        return replace(self, columns=columns)

    @property
    def features(self) -> list[str]:
        """The columns that the model sees, in the order of the table."""
        others = {self.target, self.key, self.group, self.time, *self.forbidden}
        return [
            name
            for name, column in self.columns.items()
            if column.kind in FEATURE_KINDS and name not in others
        ]

    @property
    def never_missing(self) -> set[str]:
        """The columns without which a row cannot be used: target, key, group and time."""
        roles = (self.target, self.key, self.group, self.time)
        return {name for name in roles if name is not None}

    @property
    def classes(self) -> list[str]:
        """What the target may be, in order; empty for regression."""
        if self.task is Task.regression:
            return []
        return list(self.columns[self.target].values or ("false", "true"))

    def save(self, file: Path) -> None:
        """Write the contract as YAML for people to review, one line a column."""
        from ..runtime.files import write_text
        from .writing import as_yaml

        write_text(file, as_yaml(self))

    @classmethod
    def load(cls, file: Path) -> Contract:
        """Read a contract.

        Raises:
            UserError: when there is no such file, or it is no contract; it names line and key.
        """
        from .reading import read_contract

        return read_contract(file)


def nearest_columns(name: str, columns: Collection[str]) -> str:
    """Say which columns were probably meant, and list some of them: there may be thousands."""
    names = list(columns)
    folded = {column.strip().casefold(): column for column in reversed(names)}
    wanted = name.strip().casefold()
    close = difflib.get_close_matches(wanted, folded, n=3, cutoff=0.6)
    close = [wanted] if wanted in folded else close
    guess = " or ".join(repr(folded[match]) for match in close)
    return (f"Did you mean {guess}? " if guess else "") + f"Columns: {listed(names)}."


def listed(names: Collection[str], most: int = MOST_SHOWN) -> str:
    """Return the first names in a row, and how many more there are."""
    shown = ", ".join(list(names)[:most]) or "none"
    return shown + (f" and {len(names) - most} more" if len(names) > most else "")
