"""Put runs by hand over folds and seeds together, and compare procedures on the same of them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from ..runtime.command import guarded
from ..runtime.errors import UserError, nearest
from ..runtime.files import find_project, write_text

HELP = """\
aggregate             put all runs by hand together that trained a network, on their test rows
aggregate NAME ...    only these; a name may hold * as in 'wide-*'
aggregate split=val   on validation rows: test rows count as a look at the test set each time
For example, after: uv run train -m data.fold=0,1,2,3,4 seed=0,1,2
It prints a table, and writes it to runs/aggregate.json. To decide between two: uv run compare
"""
SPLITS = ("test", "val")


@guarded
def main() -> None:
    """Print one line for each procedure, and how it compares with the first."""
    arguments = sys.argv[1:]
    if {"-h", "--help"} & set(arguments):
        print(HELP, end="")
        return
    names = [word for word in arguments if "=" not in word]
    split = _split_in([word for word in arguments if "=" in word])
    from ..config import typed
    from ..measures.uncertainty import Uncertainty
    from ..runtime.composition import compose, current_overrides
    from .cells import find_cells
    from .looking import note_looks
    from .procedures import compare, summarise

    project = find_project(Path.cwd())
    cells = find_cells(project, names, split)
    config = typed(compose(current_overrides())).evaluation
    how = Uncertainty(config.level, config.resamples, 0, config.margin)
    procedures, differences = summarise(cells, how), compare(cells, how)
    for line in [*map(told, procedures), *map(told_difference, differences)]:
        print(f"aggregate: {line}")
    warned = note_looks(project, cells) if split == "test" else ""
    if warned:
        print(f"aggregate: {warned}")
    found = {"split": split, "procedures": procedures, "differences": differences}
    write_text(project / "runs" / "aggregate.json", json.dumps(found, indent=1) + "\n")


def told(entry: dict[str, Any]) -> str:
    """Return how good a procedure is, in a line."""
    value, low, high = (f"{entry[key]:.4g}" for key in ("value", "low", "high"))
    spread = "" if entry["sd"] is None else f", sd over seeds {entry['sd']:.2g}"
    return (
        f"{entry['procedure'] or 'as configured'}: {entry['metric']} {value} [{low}, {high}] "
        f"on {entry['rows']} rows, {entry['seeds']} seeds{spread}"
    )


def told_difference(entry: dict[str, Any]) -> str:
    """Return how a procedure compares with the first, in a line."""
    from ..measures.amounts import amount, digits_for, ends, side, unit

    metric, low, high = entry["metric"], entry["low"], entry["high"]
    digits = digits_for(metric, high - low)
    value, first, last = (amount(metric, entry[key], digits) for key in ("value", "low", "high"))
    return (
        f"{entry['procedure']} against {entry['reference'] or 'as configured'}: "
        f"{side(entry['value'])} by {value}{unit(metric)} [{ends(low, high, (first, last))}] "
        f"over {entry['pairs']} pairs, {entry['method']}"
    )


def _split_in(words: list[str]) -> str:
    for word in words:
        key, _, value = word.partition("=")
        if key != "split" or value not in SPLITS:
            known = [f"split={split}" for split in SPLITS]
            raise UserError(f"{word}: unknown. {nearest(word, known)}")
    return words[-1].partition("=")[2] if words else SPLITS[0]


if __name__ == "__main__":
    main()
