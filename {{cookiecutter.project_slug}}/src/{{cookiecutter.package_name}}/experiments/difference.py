"""Compare this project's network with the one of another checkout of the project."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..runtime.command import guarded
from ..runtime.errors import UserError
from ..runtime.files import find_project

if TYPE_CHECKING:
    from ..measures.uncertainty import Uncertainty
    from ..predictions import Predictions

HELP = """\
difference FOLDER   the network here against the one in FOLDER, another checkout of this project in
                    which the pipeline ran: paired, on the validation rows that both know
It prints Markdown. What uncommitted changes do, for example:
  git worktree add ../before HEAD
  uv run dvc repro             # there, and here
  uv run difference ../before
One network each: another seed may turn a small difference round. To decide: uv run compare
"""
TABLE = "predictions/network/val.parquet"


@guarded
def main() -> None:
    """Print the difference with its interval."""
    arguments = sys.argv[1:]
    if {"-h", "--help"} & set(arguments):
        print(HELP, end="")
        return
    if len(arguments) != 1:
        raise UserError(f"expected one folder, got {len(arguments)}. See: uv run difference --help")
    from omegaconf import OmegaConf

    from ..config import typed
    from ..measures.uncertainty import Uncertainty

    project = find_project(Path.cwd())
    before, now = _read(Path(arguments[0])), _read(project)
    config = typed(OmegaConf.load(project / "params.yaml"))
    own = config.evaluation
    how = Uncertainty(own.level, own.resamples, config.seed, own.margin)
    print("\n".join(told(*on_common_rows(before, now), how)))


def _read(folder: Path) -> Predictions:
    from ..predictions import Predictions

    file = folder / TABLE
    if not file.exists():
        raise UserError(f"{file}: not there yet. `uv run dvc repro` in {folder} makes it.")
    return apart(Predictions.load(file))


def apart(table: Predictions) -> Predictions:
    """Return a table without folds, in which what several networks say of one row is one group."""
    if table.fold is None:
        return table
    import polars as pl

    from ..predictions import GROUP

    grouped = table.facts is not None and GROUP in table.facts.columns
    facts = table.facts if grouped else pl.DataFrame({GROUP: table.ids})
    ids = [f"{name} fold {fold}" for name, fold in zip(table.ids, table.fold, strict=True)]
    return replace(table, ids=ids, fold=None, facts=facts)


def on_common_rows(before: Predictions, now: Predictions) -> tuple[Predictions, Predictions]:
    """Return both tables on the rows that both have, with the same target, in one order.

    Raises:
        UserError: when the classes differ, or no row is in both.
    """
    import numpy as np

    if before.classes != now.classes:
        raise UserError("the classes are others than before: nothing can be compared row by row.")
    places = {row: place for place, row in enumerate(_rows(before))}
    pairs = [(places[row], place) for place, row in enumerate(_rows(now)) if row in places]
    if not pairs:
        raise UserError("no validation row is the same as before: nothing can be compared.")
    old, new = np.array(pairs).T
    return before.select(old), now.select(new)


def _rows(table: Predictions) -> list[tuple[str, Any]]:
    return list(zip(table.ids, table.targets.tolist(), strict=True))


def told(before: Predictions, now: Predictions, how: Uncertainty) -> list[str]:
    """Return the lines of Markdown."""
    from ..measures import classification, regression
    from ..measures.tables import outputs_hash
    from ..stats.verdict import FEWEST_ROWS

    rows = f"{len(now.ids):,} validation rows"
    if outputs_hash(before) == outputs_hash(now):
        return [f"The network says of {rows} what it said before, to the fourth digit."]
    measures: Any = classification if now.classes else regression
    ahead = measures.compare(now, before, how)
    if len(now.ids) < FEWEST_ROWS:
        verdict = f"Nothing is concluded from fewer than {FEWEST_ROWS} rows."
    elif ahead["low"] <= 0 <= ahead["high"]:
        needed = ahead["rows_needed"]
        more = f" {needed:,} rows would show {how.margin:g}." if needed else ""
        verdict = f"**The difference may be chance.**{more}"
    else:
        verdict = f"**The network is {'better' if ahead['low'] > 0 else 'worse'}.**"
    low, high = f"{ahead['low']:+.4g}", f"{ahead['high']:+.4g}"
    values = [f"{measures.value_of(table, how).value:.4g}" for table in (before, now)]
    return [
        f"{verdict} ({rows}, one network each; {ahead['method']})",
        "",
        f"| | before | now | ahead by | {100 * how.level:g} % interval |",
        "|---|---|---|---|---|",
        f"| {measures.PRIMARY} | {' | '.join(values)} | {ahead['value']:+.4g} | {low} to {high} |",
    ]


if __name__ == "__main__":
    main()
