"""conf/ -> params.yaml: the resolved configuration, whose keys the other stages depend on."""

from __future__ import annotations

import sys
from pathlib import Path

from .config import typed
from .runtime.command import guarded
from .runtime.composition import compose, current_overrides
from .runtime.files import find_project, stage_workspace, write_text
from .runtime.processes import only_run_of


@guarded
def main() -> None:
    """Write params.yaml as a stage; by hand, print what it would hold."""
    if sys.argv[1:] == ["--stage"]:
        project = find_project(Path.cwd())
        workspace = stage_workspace(project, "compose")
        with only_run_of("compose", project), workspace.publishes("params.yaml") as file:
            write_text(file, resolved())
    else:
        print(resolved(), end="")


def resolved() -> str:
    """Return the project's current configuration as YAML text, checked against its types."""
    from omegaconf import OmegaConf

    composed = compose(current_overrides())
    typed(composed)
    return OmegaConf.to_yaml(composed, resolve=True, sort_keys=False)


if __name__ == "__main__":
    main()
