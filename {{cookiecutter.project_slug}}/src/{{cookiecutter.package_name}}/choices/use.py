"""Make a configuration the project's own: what the pipeline and every command start from."""

from __future__ import annotations

import sys
from pathlib import Path

from ..config import typed
from .command import guarded
from .composition import (
    CURRENT,
    check_overrides,
    compose,
    current_overrides,
    merge_overrides,
    recorded_overrides,
)
from .errors import UserError, nearest
from .files import find_project, run_workspace, write_text

HELP = """\
use KEY=VALUE ...   make these choices the project's own, beside those made before
use run=NAME        make the configuration of a run by hand, runs/NAME, the project's own
use --reset         go back to what conf/ says
use                 show the current choices
Then: uv run dvc repro
"""


@guarded
def main() -> None:
    """Write conf/current.yaml, after checking that it composes."""
    from omegaconf import OmegaConf

    arguments = sys.argv[1:]
    if {"-h", "--help"} & set(arguments):
        print(HELP, end="")
        return
    chosen = current_overrides()
    if arguments:
        chosen = _choose(chosen, arguments)
        typed(compose(chosen))
        write_text(CURRENT, OmegaConf.to_yaml(OmegaConf.create(chosen)))
    beyond = "".join(f"\n  {override}" for override in chosen)
    print(f"current configuration: conf/config.yaml{' with' if chosen else ''}{beyond}")
    if arguments:
        print("`uv run dvc repro` makes everything follow.")


def _choose(current: list[str], arguments: list[str]) -> list[str]:
    if arguments == ["--reset"]:
        return []
    for argument in arguments:
        if "=" not in argument or argument.startswith("-"):
            raise UserError(f"{argument}: expected KEY=VALUE, run=NAME or --reset.")
    chosen = current
    for argument in check_overrides(arguments):
        key, _, value = argument.partition("=")
        if key == "run":
            project = find_project(Path.cwd())
            if not (run_workspace(project, value).output / "overrides.yaml").is_file():
                known = [path.parent.name for path in (project / "runs").glob("*/overrides.yaml")]
                raise UserError(f"run={value}: no such run. {nearest(value, known)}")
            chosen = merge_overrides(chosen, recorded_overrides(project, value))
        else:
            chosen = merge_overrides(chosen, [argument])
    return [override for override in chosen if not override.startswith("run=")]


if __name__ == "__main__":
    main()
