"""What the columns of a table hold, seen once, batch by batch, in bounded memory."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from ..contract.casting import NUMBER, TEXT, as_typed, is_native, texts
from ..contract.contract import Column, Kind
from ..validation.batches import batches, column_groups

MOST_DISTINCT = 1000  # values that are remembered; of more, the number is estimated
TIME, COMMA = Column(Kind.time), Column(Kind.number, decimal_comma=True)
THOUSANDS = r"^[+-]?\d{1,3}(,\d{3})+$"  # "1,234" may be 1234, or one and a bit
PADDED = r"^[+-]?0\d"  # "007" is a code


@dataclass
class Numbers:
    """Those values of a column that are numbers."""

    count: int = 0
    low: float = math.inf
    high: float = -math.inf
    whole: bool = True
    infinite: int = 0

    def add(self, values: pl.Series) -> None:
        """Take the Float64 ``values`` into account; null is none."""
        numbers = values.to_numpy()  # null becomes NaN
        finite = numbers[np.isfinite(numbers)]
        present = values.len() - values.null_count()
        self.count += present
        self.infinite += present - finite.size
        if finite.size:
            self.low = min(self.low, float(finite.min()))
            self.high = max(self.high, float(finite.max()))
            self.whole = self.whole and bool((np.floor(finite) == finite).all())


@dataclass
class Profile:
    """What was seen of one column so far."""

    name: str
    dtype: pl.DataType
    rows: int = 0
    present: int = 0  # values that are not missing
    plain: Numbers = field(default_factory=Numbers)
    comma: Numbers = field(default_factory=Numbers)  # with a decimal comma, which ``plain`` lacks
    thousands: int = 0
    times: int = 0
    padded: bool = False  # some number starts with 0
    odd: str | None = None  # a value that is no number
    distinct: set[str] | None = field(default_factory=set)  # None: more than MOST_DISTINCT
    unique: bool = True  # no batch has a value twice; only known where it may be a key

    @property
    def is_text(self) -> bool:
        """Whether the values come as text, so that their kind must be guessed."""
        return isinstance(self.dtype, pl.String | pl.Categorical | pl.Enum | pl.Binary)

    @property
    def needs_text(self) -> bool:
        """Whether the next batch must be looked at as text, which costs more than numbers."""
        return self.is_text or self.distinct is not None or self.may_be_key

    @property
    def constant(self) -> bool:
        """Whether there is only one value."""
        return self.distinct is not None and len(self.distinct) == 1

    @property
    def may_be_key(self) -> bool:
        """Whether nothing seen so far speaks against a key."""
        return self.unique and self.present == self.rows and not self.dtype.is_nested()


def profile(table: pl.LazyFrame, rows: int) -> dict[str, Profile]:
    """Return what each column holds, in one pass over the table."""
    schema = table.collect_schema()
    profiles = {name: Profile(name, dtype) for name, dtype in schema.items()}
    for names in column_groups(schema.names(), rows):
        part = [profiles[name] for name in names]
        for _, frame in batches(table, names):
            _see(part, frame)
    return profiles


def _see(profiles: list[Profile], frame: pl.DataFrame) -> None:
    written = texts(frame, {each.name: TEXT for each in profiles if each.needs_text})
    native = {each.name: NUMBER for each in profiles if is_native(NUMBER, each.dtype)}
    read = as_typed(written, {each.name: NUMBER for each in profiles if each.is_text})
    series = [*read, *as_typed(frame, native)]
    numbers = {values.name: values.alias("values") for values in series}
    for each in profiles:
        known = written if each.needs_text else numbers if each.name in numbers else frame
        values = known[each.name].alias("values")  # a series reads its name as a pattern
        present = values.len() - values.null_count()
        each.rows += values.len()
        each.present += present
        _see_distinct(each, values, present)
        if each.name in numbers:
            each.plain.add(numbers[each.name])
            if each.is_text:
                _see_text(each, values, numbers[each.name])


def _see_distinct(profile: Profile, values: pl.Series, present: int) -> None:
    if profile.distinct is not None:
        found = values.unique().drop_nulls()
        profile.unique = profile.unique and found.len() == present
        if found.len() <= MOST_DISTINCT:
            profile.distinct |= {*found.to_list()}
        if max(found.len(), len(profile.distinct)) > MOST_DISTINCT:
            profile.distinct = None
    elif profile.may_be_key:
        profile.unique = values.n_unique() == present


def _see_text(profile: Profile, values: pl.Series, numbers: pl.Series) -> None:
    """Look at text that may be numbers, which are null where it is not, or times."""
    if profile.plain.whole and not profile.padded:
        profile.padded = values.filter(numbers.is_not_null()).str.contains(PADDED).any()
    if numbers.null_count() == values.null_count():
        return
    others = values.filter(numbers.is_null()).drop_nulls()
    profile.odd = profile.odd or str(others[0])
    if others.str.contains(",", literal=True).any():
        profile.comma.add(_cast(others, COMMA))
        profile.thousands += int(others.str.contains(THOUSANDS).sum())
    if (others.str.slice(4, 1) == "-").any():
        profile.times += _cast(others, TIME).count()


def _cast(values: pl.Series, column: Column) -> pl.Series:
    return as_typed(pl.DataFrame([values]), {values.name: column}).to_series()
