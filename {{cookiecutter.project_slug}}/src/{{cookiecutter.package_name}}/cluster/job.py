"""The script of a SLURM job that trains one run, in as many turns as SLURM gives it."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from ..config.training import Slurm, Trainer
from ..runtime.errors import check

PACKAGE = __name__.partition(".")[0]
PREEMPTED = 75  # EX_TEMPFAIL: what a training exits with that was told to stop, and can go on
WARNED = 138  # 128 + SIGUSR1: what it exits with that was told so before it listened

SCRIPT = """\
#!/bin/bash
# Written by `uv run submit`. Options on the command line of sbatch win over these.
{options}
set -e
{setup}
# Processes that are told to stop do not end at once: the first must not take the others with it.
status=0
srun --cpus-per-task={cpus} --kill-on-bad-exit=0 --wait=0 \\
    {command} || status=$?
if [ "$status" -eq {preempted} ] || [ "$status" -eq {warned} ]; then # the same job goes on
    scontrol requeue "$SLURM_JOB_ID" || echo "not requeued; sbatch this script again to go on" >&2
fi
exit "$status"
"""


def job_script(
    run: str, project: Path, trainer: Trainer, slurm: Slurm, overrides: list[str]
) -> str:
    """Return a script for ``sbatch`` that trains with ``overrides`` and goes on after each stop.

    Args:
        run: the name of the run; its folder stays the same over all turns.
        project: the folder that the job starts in.
        trainer: how many nodes, and processes on each.
        slurm: what the job asks for.
        overrides: what ``train`` is called with.
    """
    training = [sys.executable, "-m", f"{PACKAGE}.train", *overrides]  # uv may not be there
    options = directives(run, project, trainer, slurm)
    return SCRIPT.format(
        options="\n".join(f"#SBATCH {option}" for option in options),
        setup=slurm.setup or "",
        cpus=slurm.cpus,
        command=shlex.join(training),
        preempted=PREEMPTED,
        warned=WARNED,
    )


def directives(run: str, project: Path, trainer: Trainer, slurm: Slurm) -> list[str]:
    """Return the options for sbatch, one for each line of the script."""
    on_gpus = trainer.accelerator in ("gpu", "cuda")
    log = f"runs/{run}/".replace("%", "%%") + "slurm-%j.out"
    values = {
        "job-name": f"{run}-train",  # 'bash' alone would pass for a shell that somebody works in
        "chdir": project,
        "output": log,
        "open-mode": "append",
        "nodes": trainer.nodes,
        "ntasks-per-node": trainer.devices,
        "gpus-per-node": trainer.devices if on_gpus else None,
        "cpus-per-task": slurm.cpus,
        "mem": slurm.memory,
        "time": slurm.time,
        "partition": slurm.partition,
        "account": slurm.account,
        "signal": f"USR1@{slurm.grace}",  # without `B:` it reaches the processes, not this script
    }
    given = {f"--{name}": str(value) for name, value in values.items() if value is not None}
    for name, value in given.items():
        check(value.isprintable(), name, repr(value), "one line, for sbatch")
    return [f"{name}={shlex.quote(value)}" for name, value in given.items()] + ["--requeue"]
