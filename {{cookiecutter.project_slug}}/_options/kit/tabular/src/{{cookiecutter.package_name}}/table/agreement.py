"""The contract of the project's table: where it lies, what the configuration says otherwise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import polars as pl

from ..config.kit import TaskChoice
from ..contract.checks import check_roles
from ..contract.contract import Contract, Task
from ..runtime.errors import UserError, nearest
from ..splits import SPLITS, Split, fold_of, split_of
from .encoding import column, key_of

FILE = "file"  # the source that is no code
TRIES = 32  # salts of which the one with the most even split is kept
MOST_WEIGHED = 100_000  # rows; a larger table is even with any salt
FEWEST_DIFFERENT = 50  # rows, so that every fold and part gets some
FIFTHS = 5  # of a target that is a value

Roles = dict[str, str | None]  # target, key, group, time: what the configuration names


def table_name(contract: str | None, source: str, path: str | None) -> str:
    """Return the name of the table, after which its contract is called.

    Raises:
        UserError: for a file without a name.
    """
    if contract is not None:
        return Path(contract).stem
    if source != FILE:
        return f"{source}_{path}" if path else source
    if path is None:
        raise UserError("data.path=null: expected a file, a folder or a URL: your own table.")
    return _last_part(path).split(".")[0] or "table"


def require_own(file: Path, path: str) -> None:
    """Refuse a contract that was written for another source, as for a table of the same name.

    Raises:
        UserError: unless ``file`` says that it is for a source called like ``path``.
    """
    source = Contract.load(file).source
    if _last_part(source) != _last_part(path):
        name = file.stem
        raise UserError(
            f"contracts/{name}.yaml is the contract of {source}, not of {path}. Give the new one "
            f"another name (data.contract=my_{name}), or say that both are the same kind of table "
            f"(data.contract={name})."
        )


def _last_part(path: str) -> str:
    return Path(urlsplit(path).path).name


def agreed(folder: Path, name: str, roles: Roles, task: TaskChoice) -> Contract:
    """Read the contract of the table ``name``, with the roles that the configuration gives.

    Raises:
        UserError: when there is none, or a role is given to a column that there is not.
    """
    file = folder / f"{name}.yaml"
    if not file.is_file():
        known = nearest(name, [other.stem for other in folder.glob("*.yaml")])
        raise UserError(
            f"contracts/{name}.yaml: not there yet. {known} `uv run ingest data.source=file "
            "data.path=FILE data.target=COLUMN` writes it, for you to review and commit."
        )
    contract = Contract.load(file)
    changes: dict[str, Any] = {role: name for role, name in roles.items() if name is not None}
    wanted = replace(contract, **changes)
    if task is not TaskChoice.contract:
        wanted = replace(wanted, task=Task(task.value))
    try:
        check_roles(wanted)
    except ValueError as error:
        raise UserError(f"contracts/{name}.yaml with data.*: {error}") from error
    return wanted.with_names


def even_salt(table: pl.LazyFrame, contract: Contract, split: Split) -> int:
    """Return the salt whose split and folds hold about the same share of each class.

    This is how the splits are stratified: by hash all the same, so that later rows move no old one.
    Of a value, its fifths are the classes. Choosing among draws by the balance they happen to have,
    before any result is seen, is rerandomisation (Morgan & Rubin, 2012).

    Raises:
        UserError: when so few rows differ that most splits would have none.
    """
    key = key_of(contract.key, contract.group, list(contract.columns))
    rows = table.select(key.alias("key"), column(contract.target).alias("target"))
    rows = rows.head(MOST_WEIGHED).collect()
    different = rows["key"].n_unique()
    if different < FEWEST_DIFFERENT and contract.group is None:
        raise UserError(
            f"{contract.source}: only {different} rows differ, and equal rows stay in one split: "
            f"expected {FEWEST_DIFFERENT} or more. Name the column that tells rows apart: data.key."
        )
    if contract.task is Task.regression:
        rows = rows.with_columns(pl.col("target").qcut(FIFTHS, allow_duplicates=True))
    folds = split.folds_for(len(rows))
    return min(
        range(TRIES),
        key=lambda salt: _unevenness(rows, replace(split, salt=split.salt + salt), folds),
    )


def _unevenness(rows: pl.DataFrame, split: Split, folds: int) -> float:
    """Return the largest distance of a class's share in a part from what it should be."""
    parts = [(split_of(pl.col("key"), split), dict(zip(SPLITS, _shares(split), strict=True)))]
    if folds:
        fold = fold_of(pl.col("key"), split, folds).cast(pl.String)
        parts.append((fold, {str(number): 1 / folds for number in range(folds)}))
    worst = 0.0
    for part, shares in parts:
        counts = rows.group_by("target", part.alias("part")).len()
        totals = counts.group_by("target").agg(pl.col("len").sum().alias("total"))
        found = {(row["target"], row["part"]): row["len"] for row in counts.to_dicts()}
        for total in totals.to_dicts():
            for name, share in shares.items():
                count = found.get((total["target"], name), 0)
                # In units of what chance would give: rare classes differ by more.
                spread = (share * (1 - share) * total["total"]) ** 0.5
                worst = max(worst, abs(count - share * total["total"]) / max(spread, 1e-9))
    return worst


def _shares(split: Split) -> tuple[float, float, float]:
    return 1 - split.val - split.test, split.val, split.test
