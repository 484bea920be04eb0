"""What a column is, guessed from what was seen of it, and how far new values may go."""

from __future__ import annotations

import math
import re

import polars as pl

from ..contract.casting import BOOLEANS
from ..contract.contract import Column, Kind
from .profile import Numbers, Profile

MOSTLY = 0.9  # of the values: then the others are mistakes
MOST_VALUES = 50  # of a category that are listed
MOST_DISTINCT_SHARE = 1 / 3  # of the values: above it they are text
SENSITIVE = re.compile(
    r"age|sex|gender|race|racial|ethnic\w*|religi\w*|nationalit\w*|citizen\w*|country|birth\w*|dob|"
    r"marital|married|pregnan\w*|disab\w*|veteran|caste|orientation|zip|zipcode|postal|"
    r"postcode|plz|surname|firstname|lastname|email|phone|address|ssn|immigra\w*"
)
ID = re.compile(r"id|ids|uuid|guid|key|index|idx|rowid|rownames|identifier")
OWNER = re.compile(
    r"individual|person|patient|subject|customer|client|user|member|household|family|student|pupil|"
    r"employee|hospital|school|device|machine|session|visit|case|author|seller|store|site"
)


def words(name: str) -> list[str]:
    """Return the words of a name that is written in any of the usual ways, in lower case."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return [word for word in re.split(r"[\W_]+", apart.casefold()) if word]


def is_sensitive(name: str) -> bool:
    """Whether a column of this name often holds what people may be treated unequally by."""
    return any(SENSITIVE.fullmatch(word) for word in words(name))


def is_id(name: str) -> bool:
    """Whether a column of this name often numbers the rows."""
    parts = words(name)
    if not parts or parts[0] == "unnamed":  # an index that a data frame wrote
        return True
    return bool(ID.fullmatch(parts[-1])) or parts[0] == "id"


def is_owner(name: str) -> bool:
    """Whether a column of this name often says whose rows these are."""
    parts = words(name)
    return is_id(name) or bool(parts and OWNER.fullmatch(parts[-1]))


def column_of(profile: Profile, distinct: int) -> Column:
    """Return what the column is guessed to be.

    Args:
        profile: what was seen of it.
        distinct: how many different values it has; an estimate where they are many.
    """
    kind = kind_of(profile, distinct)
    numbers = numbers_of(profile)
    low, high = (None, None)
    if kind is Kind.number and numbers.low <= numbers.high:
        low, high = widened(numbers.low, numbers.high)
    listed = kind is Kind.category and profile.distinct is not None and distinct <= MOST_VALUES
    return Column(
        kind=kind,
        min=low,
        max=high,
        values=in_order(profile.distinct or set()) if listed else None,
        missing=allowed_missing(profile.rows - profile.present, profile.rows),
        sensitive=is_sensitive(profile.name),
        decimal_comma=kind is Kind.number and has_decimal_comma(profile),
    )


def kind_of(profile: Profile, distinct: int) -> Kind:
    """Return the kind that nearly all values are of."""
    if profile.dtype in (pl.Date, pl.Datetime):
        return Kind.time
    if profile.dtype == pl.Boolean:
        return Kind.boolean
    if not profile.is_text or not profile.present:
        return Kind.number if profile.plain.count else Kind.text
    return _kind_of_text(profile, distinct)


def _kind_of_text(profile: Profile, distinct: int) -> Kind:
    booleans = {word for words in BOOLEANS.values() for word in words}
    few = profile.distinct if len(profile.distinct or ()) <= MOST_VALUES else None
    if few and {value.lower() for value in few} <= booleans:
        return Kind.boolean
    if numbers_of(profile).count >= MOSTLY * profile.present and not profile.padded:
        return Kind.number
    if profile.times >= MOSTLY * profile.present:
        return Kind.time
    most = max(2, MOST_DISTINCT_SHARE * profile.present)
    return Kind.category if distinct <= most else Kind.text


def has_decimal_comma(profile: Profile) -> bool:
    """Whether numbers are written 1,5; not where the comma may part thousands, or 1.5 is there."""
    return 0 < profile.comma.count > profile.thousands and profile.plain.whole


def numbers_of(profile: Profile) -> Numbers:
    """Return the numbers of a column in the way in which it writes them."""
    plain, comma = profile.plain, profile.comma
    if not has_decimal_comma(profile):
        return plain
    low, high = min(plain.low, comma.low), max(plain.high, comma.high)
    return Numbers(plain.count + comma.count, low, high, comma.whole, plain.infinite)


def widened(low: float, high: float) -> tuple[float, float]:
    """Return a range that ordinary new values keep to, but no wrong unit and no stand-in.

    It goes beyond what was seen by as much as lies between the ends, but not across zero where all
    values were on one side of it, and ends in round numbers of two digits.
    """
    span = high - low or abs(high) or 1.0
    down = low - span if low < 0 or low >= span else 0.0
    up = high + span if high > 0 or high <= -span else 0.0
    if not 1e-300 < span < 1e300 or not math.isfinite(down) or not math.isfinite(up):
        return low, high
    step = 10.0 ** (math.floor(math.log10(span)) - 1)
    least, most = _round(math.floor(down / step), step), _round(math.ceil(up / step), step)
    return min(least, low), max(most, high)


def _round(steps: int, step: float) -> float:
    return float(f"{steps * step:.12g}")


def allowed_missing(missing: int, rows: int) -> float:
    """Return the share of missing values to allow: none where there was none, else up to twice."""
    share = missing / rows
    return min(1.0, round(max(2 * share, share + 0.05), 3)) if missing else 0.0


def in_order(values: set[str]) -> tuple[str, ...]:
    """Return ``values`` sorted, as numbers where all of them are."""
    try:
        return tuple(sorted(values, key=lambda value: (float(value), value)))
    except ValueError:
        return tuple(sorted(values))
