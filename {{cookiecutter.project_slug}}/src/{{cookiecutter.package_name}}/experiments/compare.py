"""Train two procedures with the same seeds and folds, and say which is better, if that is sure."""

from __future__ import annotations

import sys
from pathlib import Path

from ..runtime.command import guarded
from ..runtime.files import find_project, stage_workspace

HELP = """\
compare --new NAME b="KEY=VALUE ..." [a="..."]
                  plan an experiment: write docs/experiments/NAME.yaml, to fill in and commit
compare NAME      carry it out: train what is missing, and write NAME.json and NAME.md beside it
compare NAME --again   once more, although it has its result
compare b="model.width=48" [a="..."] [seeds=5] [split=val] [margin=0.02] [folds=true]
                  explore without a plan: the result goes to runs/compare/ only
a and b are overrides of the project's configuration; without a, b is compared with that.
An interrupted comparison goes on with the same command. More: docs/experiments/README.md
"""


@guarded
def main() -> None:
    """Do what the arguments say."""
    arguments = sys.argv[1:]
    if not arguments or {"-h", "--help"} & set(arguments):
        print(HELP, end="")
        return
    from .asking import read

    asked = read(arguments)
    from ..config import typed
    from ..contrast.plan import is_contrast
    from ..contrast.procedure import carry_out_contrast
    from ..measures.uncertainty import Uncertainty
    from ..runtime.composition import compose, current_overrides
    from . import procedure
    from .plan import plan_file

    workspace = stage_workspace(find_project(Path.cwd()), "compare")
    config = typed(compose(current_overrides()))
    settings = config.evaluation
    how = Uncertainty(settings.level, settings.resamples, 0, settings.margin)
    if config.trainer.threads is not None:
        import torch

        torch.set_num_threads(config.trainer.threads)
    if asked.new:
        procedure.begin_plan(workspace, asked, how)
    elif asked.name and is_contrast(plan_file(workspace.project, asked.name)):
        carry_out_contrast(workspace, asked.name, how, again=asked.again)
    elif asked.name:
        procedure.carry_out(workspace, asked.name, how, again=asked.again)
    else:
        procedure.explore(workspace, asked, how)


if __name__ == "__main__":
    main()
