"""Write the script of a SLURM job that trains: the configuration is checked before it queues."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

from ..config import typed
from ..runtime.arguments import read_arguments
from ..runtime.command import begin_run, guarded
from ..runtime.composition import compose
from ..runtime.errors import UserError
from ..runtime.files import MADE_FROM, find_project, run_workspace, write_text
from .job import job_script

HELP = """\
submit run=NAME trainer=slurm KEY=VALUE ...   write runs/NAME/job.sbatch, and say how to start it

The job runs `train` with the same choices and resume=auto: after a stop it goes on in runs/NAME.
The group `trainer.slurm` says what the job asks for. docs/slurm.md tells the rest.
"""


@guarded
def main() -> None:
    """Check what ``train`` would check, begin the run, and write its job."""
    from omegaconf import OmegaConf

    words = sys.argv[1:]
    if {"-h", "--help"} & set(words):
        print(HELP, end="")
        return
    for word in words:
        if "=" not in word or word.startswith("-"):
            raise UserError(f"{word}: expected KEY=VALUE. A job trains one run.")
    _, overrides, notes = read_arguments("train", [*words, "resume=auto"])
    composed = compose(overrides)
    config = typed(composed)
    run, slurm = config.run, config.trainer.slurm
    if run is None:
        raise UserError("run=null: expected a name. Each turn of the job goes on in its folder.")
    if slurm is None:
        raise UserError("trainer.slurm=null: expected what the job asks for. Try trainer=slurm.")
    workspace = run_workspace(find_project(Path.cwd()), run)
    for name in MADE_FROM["models/network"]:  # one that is missing would be told hours later
        workspace.reads(name)
    script = job_script(run, workspace.project, config.trainer, slurm, overrides)
    begin_run("train", workspace, OmegaConf.to_yaml(composed, resolve=True), overrides, notes)
    write_text(workspace.output / "job.sbatch", script)
    shown = shlex.quote(os.path.relpath(workspace.output / "job.sbatch"))
    print(f"submit: wrote {shown}. This starts it:\nsbatch {shown}")


if __name__ == "__main__":
    main()
