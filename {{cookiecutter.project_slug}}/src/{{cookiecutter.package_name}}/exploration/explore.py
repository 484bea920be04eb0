"""data/prepared -> reports/data.html: what the data are like. By hand, of no stage."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ..runtime.command import guarded
from ..runtime.errors import UserError, nearest
from ..runtime.files import (
    Workspace,
    find_project,
    known_runs,
    run_workspace,
    stage_workspace,
    write_text,
)

HELP = """\
explore            write reports/data.html: what data/prepared holds, for people to read
explore run=NAME   the same of the data of a run by hand, to runs/NAME/reports/data.html
"""


@guarded
def main() -> None:
    """Write the page about the data."""
    if {"-h", "--help"} & set(sys.argv[1:]):
        print(HELP, end="")
        return
    workspace = _workspace(sys.argv[1:])
    prepared = workspace.reads("data/prepared")
    from .frame import exploration_data
    from .page import render

    file = workspace.output / "reports" / "data.html"
    package = str(__package__).partition(".")[0]
    write_text(file, render(exploration_data(prepared), name=package))
    print(f"explore: {os.path.relpath(file)}")


def _workspace(arguments: list[str]) -> Workspace:
    project = find_project(Path.cwd())
    if not arguments:
        return stage_workspace(project, "explore")
    key, _, run = arguments[-1].partition("=")
    if len(arguments) > 1 or key != "run":
        raise UserError(f"{' '.join(arguments)}: expected run=NAME, or nothing.")
    workspace = run_workspace(project, run)
    if not workspace.output.is_dir():
        raise UserError(f"run={run}: no such run. {nearest(run, known_runs(project))}")
    return workspace


if __name__ == "__main__":
    main()
