"""Make a configuration the project's own: what the pipeline and every command start from."""

from __future__ import annotations

import sys
from pathlib import Path

from ..config import typed
from ..runtime.command import guarded
from ..runtime.composition import (
    check_overrides,
    compose,
    current_overrides,
    merge_overrides,
    recorded_overrides,
    write_current,
)
from ..runtime.errors import UserError, nearest
from ..runtime.files import find_project, known_runs, run_workspace

HELP = """\
use KEY=VALUE ...   make these choices the project's own, beside those made before
use run=NAME        make the configuration of a run by hand, runs/NAME, the project's own
use --reset         go back to what conf/ says, on the same data
use                 show the current choices
Then: uv run dvc repro
"""
# Which data they are, and the slices that belong to them.
OF_THE_DATA = {"data", "evaluation"}
OF_THE_DATA |= {f"data.{key}" for key in ("source", "path", "sha256", "contract", "target", "task")}
OF_THE_DATA |= {f"data.{key}" for key in ("key", "group", "time")}
NOT_TO_RELEASE = {"debug": "a way to look into training", "search": "a space to search in"}


@guarded
def main() -> None:
    """Write conf/current.yaml, after checking that it composes."""
    arguments = sys.argv[1:]
    if {"-h", "--help"} & set(arguments):
        print(HELP, end="")
        return
    chosen = current_overrides()
    if arguments:
        chosen = _choose(chosen, arguments)
        typed(compose(chosen))
        write_current(chosen)
    beyond = "".join(f"\n  {override}" for override in chosen)
    print(f"current configuration: conf/config.yaml{' with' if chosen else ''}{beyond}")
    if arguments:
        print("`uv run dvc repro` makes everything follow.")


def _choose(current: list[str], arguments: list[str]) -> list[str]:
    if arguments == ["--reset"]:
        return [item for item in current if item.partition("=")[0] in OF_THE_DATA]
    for argument in arguments:
        if "=" not in argument or argument.startswith("-"):
            raise UserError(f"{argument}: expected KEY=VALUE, run=NAME or --reset.")
    runs = [argument for argument in check_overrides(arguments) if argument.startswith("run=")]
    chosen = _configuration_of(runs[-1].partition("=")[2]) if runs else current
    chosen = merge_overrides(chosen, arguments)
    for override in chosen:
        kind = override.partition("=")[0]
        if kind in NOT_TO_RELEASE:
            raise UserError(f"{override}: {NOT_TO_RELEASE[kind]}, and nothing to release.")
    return [override for override in chosen if not override.startswith(("run=", "resume="))]


def _configuration_of(run: str) -> list[str]:
    project = find_project(Path.cwd())
    recorded = recorded_overrides(project, run_workspace(project, run).output.name)
    if not recorded:
        raise UserError(f"run={run}: no such run. {nearest(run, known_runs(project))}")
    return recorded


if __name__ == "__main__":
    main()
