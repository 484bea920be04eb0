"""What was guessed, and what a person should look at, in a few lines however wide the table."""

from __future__ import annotations

import re

import polars as pl

from ..contract.contract import Contract, Kind, listed
from .kinds import is_owner, numbers_of
from .profile import Profile
from .suspicions import stand_ins

MOST_NAMED = 8


def notes_on(
    table: pl.LazyFrame, contract: Contract, profiles: dict[str, Profile], copies: list[str]
) -> list[str]:
    """Return a note for each thing to look at."""
    return [
        *_on_roles(contract, profiles),
        *_on_forbidden(contract, profiles, copies),
        *_on_values(table, contract, profiles),
    ]


def _on_roles(contract: Contract, profiles: dict[str, Profile]) -> list[str]:
    notes = []
    if contract.key is None:
        notes.append("key: none found; rows are told apart by their content")
    else:
        notes.append(f"key: {contract.key}")
    for role in ("target", "key", "group", "time"):
        name = getattr(contract, role)
        lacking = profiles[name].rows - profiles[name].present if name else 0
        if lacking:
            notes.append(
                f"{name}: no value in {lacking} rows, which the {role} must have: add it, remove "
                "the rows, or data.on_bad=quarantine"
            )
    groups = [
        name
        for name in contract.features
        if is_owner(name) and contract.columns[name].kind is not Kind.boolean
    ]
    if groups and contract.group is None:
        notes.append(
            f"{_names(groups)}: whose rows these are, by the name. If rows of one belong together, "
            f"keep them in one split: {_as_word('data.group', groups[0])}; else put it under "
            "forbidden"
        )
    times = [name for name, column in contract.columns.items() if column.kind is Kind.time]
    if times and contract.time is None:
        notes.append(
            f"{_names(times)}: time, which is no feature. If the rows to predict come later than "
            f"these, split by it: {_as_word('data.time', times[0])}"
        )
    return notes


def _as_word(key: str, value: str) -> str:
    """Return KEY=VALUE as it can be pasted."""
    return f"{key}={value}" if re.fullmatch(r"[A-Za-z0-9_.-]+", value) else f"'{key}=\"{value}\"'"


def _on_forbidden(contract: Contract, profiles: dict[str, Profile], copies: list[str]) -> list[str]:
    rest = [profiles[name] for name in contract.forbidden if name not in copies]
    empty = [each.name for each in rest if not each.present]
    constant = [each.name for each in rest if each.constant]
    ids = [each.name for each in rest if each.name not in {*empty, *constant}]
    texts = [name for name, column in contract.columns.items() if column.kind is Kind.text]
    texts = [name for name in texts if name not in {*contract.never_missing, *contract.forbidden}]
    said = {
        f"forbidden, as it says the same as {contract.target}": copies,
        "forbidden, without any value": empty,
        "forbidden, the same in every row": constant,
        "forbidden, an id": ids,
        "not used, as it is text": texts,
    }
    return [f"{_names(names)}: {what}" for what, names in said.items() if names]


def _on_values(table: pl.LazyFrame, contract: Contract, profiles: dict[str, Profile]) -> list[str]:
    notes = []
    sensitive = [name for name, column in contract.columns.items() if column.sensitive]
    if sensitive:
        notes.append(f"{_names(sensitive)}: sensitive by the name; correct where it is not")
    numbers = [
        profiles[name]
        for name, column in contract.columns.items()
        if column.kind is Kind.number and name not in contract.forbidden
    ]
    for each in [each for each in numbers if numbers_of(each).count < each.present][:MOST_NAMED]:
        odd = each.present - numbers_of(each).count
        notes.append(
            f"{each.name}: {odd} of {each.present} values are no numbers, such as {each.odd!r}: "
            "correct them, or set kind: category, or data.on_bad=quarantine"
        )
    commas = [each.name for each in numbers if contract.columns[each.name].decimal_comma]
    if commas:
        notes.append(f"{_names(commas)}: read with a decimal comma, 1,5 as one and a half")
    thousands = [
        each.name
        for each in profiles.values()
        if each.thousands and not contract.columns[each.name].decimal_comma
    ]
    if thousands:
        notes.append(
            f"{_names(thousands)}: 1,234 may be 1234 or 1.234: write it without a comma, or say "
            "kind: number, decimal_comma: true"
        )
    for name, what in stand_ins(table, numbers).items():
        notes.append(f"{name}: {what}. If that means unknown, leave those cells empty")
    return notes


def _names(names: list[str]) -> str:
    return listed(names, MOST_NAMED)
