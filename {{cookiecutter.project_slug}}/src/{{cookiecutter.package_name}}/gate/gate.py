"""Judge the pipeline's model against the one in use, and let the better one be it."""

from __future__ import annotations

import sys
from pathlib import Path

from ..runtime.command import guarded
from ..runtime.errors import UserError, nearest
from ..runtime.files import find_project, stage_workspace

HELP = """\
gate               judge models/network against the champion of MLflow's registry
gate reason=WHY    the same, and let a model take over that is equal for sure, because it is
                   faster, cheaper, simpler, fresher (trained on other data) or for security
gate rollback      put the champion before this one back into use
gate show          say which versions are in use
A model that takes over ends with 0, one that does not with 3, a mistake with 1.
Each decision is written to records/decisions and to the registry's tags (docs/gate.md).
"""
NOT_PROMOTED = 3  # exit code
ACTIONS = ("rollback", "show")


@guarded
def main() -> None:
    """Do what the arguments say."""
    arguments = sys.argv[1:]
    if {"-h", "--help"} & set(arguments):
        print(HELP, end="")
        return
    action, reason = _read(arguments)
    from omegaconf import OmegaConf

    from ..config import typed
    from .procedure import judge_pipeline
    from .registry import Registry
    from .rollback import roll_back
    from .telling import tell_in_use

    workspace = stage_workspace(find_project(Path.cwd()), "gate")
    if not workspace.config_file.exists():
        raise UserError("params.yaml: not there yet. `uv run dvc repro` makes it.")
    params = OmegaConf.load(workspace.config_file)
    config = typed(params)
    name = str(__package__).partition(".")[0]
    registry = Registry(config.tracking, workspace.project, name)
    with registry.explained():
        if action == "show":
            tell_in_use(registry)
        elif action == "rollback":
            roll_back(registry, workspace)
        elif not judge_pipeline(registry, workspace, (config.evaluation, config.gate), reason):
            sys.exit(NOT_PROMOTED)


def _read(arguments: list[str]) -> tuple[str, str | None]:
    from .reasons import known_reason

    action, reason = "", None
    for argument in arguments:
        key, separator, value = argument.partition("=")
        if separator and key == "reason":
            reason = known_reason(value)
        elif argument in ACTIONS and len(arguments) == 1:
            action = argument
        else:
            known = [*ACTIONS, "reason=WHY"]
            raise UserError(f"{argument}: unknown. {nearest(argument, known)}")
    return action, reason


if __name__ == "__main__":
    main()
