"""A search: what a trial costs beside its training, and two workers against one.

Trials of a small network, one after the other and two at a time, in turns. What a trial costs is
the time of the search that no training took, for each trial; it is compared with the start of one
process that imports what any training imports, taken between the searches.
"""

import json
import os
import shutil
import signal
import statistics
import subprocess
import time

from project import PACKAGE, UV, environment, generate, machine, run_stages, save, show

TRIALS, ROUNDS = 6, 3
SEARCH = [
    "search=quick",
    f"tune.trials={TRIALS}",
    f"tune.quasi_random={TRIALS}",
    "tune.pruner=none",
    "tracking.enabled=false",
]
IMPORTS = "import torch, lightning.pytorch"
TOLD = "tune: best"  # the first line after the last trial
OF_TRAINING = f"""
import json, sys
from pathlib import Path
import optuna
from {PACKAGE}.search.storage import open_storage
folder = Path(sys.argv[1])
study = optuna.load_study(study_name=folder.name, storage=open_storage(None, folder))
print(json.dumps([one.user_attrs["seconds"] for one in study.trials]))
"""


def searched(project, workers):
    """Return the seconds of a search until its last trial has ended, and of each training in it."""
    study = f"workers-{workers}"
    shutil.rmtree(project / "runs/tune" / study, ignore_errors=True)
    words = [*SEARCH, f"tune.workers={workers}", f"tune.study={study}"]
    command = [UV, "run", "--no-sync", "--quiet", "tune", *words]
    begun = time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=project,
        env=environment(),
        stdout=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,  # to be killed with what uv has started
    ) as process:
        for line in process.stdout:
            if line.startswith(TOLD):
                break
        seconds = time.perf_counter() - begun
        os.killpg(process.pid, signal.SIGKILL)
    said = run_python(project, OF_TRAINING, str(project / "runs/tune" / study))
    return seconds, json.loads(said)


def run_python(project, code, *arguments):
    """Return what Python prints in the project's environment."""
    command = [UV, "run", "--no-sync", "--quiet", "python", "-c", code, *arguments]
    return subprocess.run(
        command,
        cwd=project,
        env=environment(),
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    ).stdout


def main():
    """Measure, show the ratios, and keep the numbers in build/."""
    project = generate("image")
    run_stages(project, "audit")
    rounds = []
    for number in range(ROUNDS + 1):
        found = {}
        for workers in (1, 2) if number % 2 else (2, 1):
            found[workers] = searched(project, workers)
            begun = time.perf_counter()
            run_python(project, IMPORTS)
            found[f"imports {workers}"] = time.perf_counter() - begun
        if number:  # the first one fills caches
            rounds.append(found)
            alone, pair = found[1][0], found[2][0]
            cost = (alone - sum(found[1][1])) / TRIALS
            told = f"{cost:.1f} s a trial beside training, imports {found['imports 1']:.1f} s"
            show(f"2 workers {alone / pair:.2f} times as fast; {told}")
    costs = [(f[1][0] - sum(f[1][1])) / TRIALS / f["imports 1"] for f in rounds]
    faster = [f[1][0] / f[2][0] for f in rounds]
    for name, values in (("cost of a trial / imports", costs), ("1 worker / 2 workers", faster)):
        spread = f"{min(values):.2f} to {max(values):.2f}"
        show(f"{name}: {statistics.median(values):.2f} ({spread})")
    save("search", {**machine(), "trials": TRIALS, "rounds": rounds})


if __name__ == "__main__":
    main()
