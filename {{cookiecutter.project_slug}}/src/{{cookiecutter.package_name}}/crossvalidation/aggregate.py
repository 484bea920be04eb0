"""Put runs by hand over folds and seeds together, and compare procedures on the same of them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from ..runtime.command import guarded
from ..runtime.files import find_project, write_text

HELP = """\
aggregate             put all runs by hand together that trained a network
aggregate NAME ...    only these; a name may hold * as in 'wide-*'
For example, after: uv run train -m data.fold=0,1,2,3,4 seed=0,1,2
It prints a table, and writes it to runs/aggregate.json.
"""


@guarded
def main() -> None:
    """Print one line for each procedure, and how it compares with the first."""
    names = sys.argv[1:]
    if {"-h", "--help"} & set(names):
        print(HELP, end="")
        return
    from .cells import find_cells
    from .procedures import compare, summarise

    project = find_project(Path.cwd())
    cells = find_cells(project, names)
    procedures = summarise(cells)
    for entry in procedures:
        value, low, high = (f"{entry[key]:.4g}" for key in ("value", "low", "high"))
        spread = "" if entry["sd"] is None else f", sd over seeds {entry['sd']:.2g}"
        print(
            f"aggregate: {entry['procedure'] or 'as configured'}: {entry['metric']} {value} "
            f"[{low}, {high}] on {entry['rows']} rows, {entry['seeds']} seeds{spread}"
        )
    differences = compare(cells)
    for entry in differences:
        value, low, high = (f"{entry[key]:+.4g}" for key in ("value", "low", "high"))
        print(
            f"aggregate: {entry['procedure']} minus {entry['reference'] or 'as configured'}: "
            f"{value} [{low}, {high}] over {entry['pairs']} pairs, {entry['method']}"
        )
    found = {"procedures": procedures, "differences": differences}
    write_text(project / "runs" / "aggregate.json", json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
