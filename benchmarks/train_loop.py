"""Training against the best loop by hand, and against the usual one; and how soon it begins.

On a GPU: `train_loop.py --gpu`, in an environment whose torch has CUDA. How soon training begins
is not measured again there: imports take that time.
"""

import argparse
import json
import shutil
import subprocess
import time
from pathlib import Path

from page import NAMES, PAGE, read_results, write_page
from project import PACKAGE, UV, environment, generate, machine

HERE = Path(__file__).resolve().parent
IMAGES = ["trainer.max_epochs=1", "data.batch_size=128"]
# Random images: how many, of how many pixels a side and channels, and who learns them. The second
# is for a GPU: its bare step takes milliseconds there too. The usual loop would mostly decode.
SYNTHETIC = {
    "CNN": (["60000", "28", "1"], ["model.width=4", "model.blocks=2"]),
    "ResNet": (
        ["8192", "224", "3"],
        ["model=resnet", "model.width=64", "model.stages=4", "model.blocks=2", "--ways=bare,ours"],
    ),
}
STAGES = ["compose", "ingest", "prepare", "audit"]
IMPORTS = "import torch, lightning.pytorch"
FIRST_STEP = f"""
import os, sys
from {PACKAGE} import train
from torch.optim.optimizer import register_optimizer_step_post_hook
register_optimizer_step_post_hook(lambda *_: os._exit(0))
sys.argv = ["train", "run=first-step"]
train.main()
"""


def compare(project, prepared, rounds, overrides):
    """Run loops.py in the project: one process, the ways in turns."""
    usual = ["--usual-rounds", str(max(3, rounds // 2))]
    choices = ["--rounds", str(rounds), *usual, *overrides]
    said = run_python(project, str(HERE / "loops.py"), str(prepared), *choices)
    return json.loads(said.splitlines()[-1])


def start_up(project, rounds):
    """Seconds until the first step of the optimizer, and of the imports alone, in each round."""
    pairs = []
    for _ in range(rounds + 1):
        shutil.rmtree(project / "runs", ignore_errors=True)
        seconds = []
        for code in (FIRST_STEP, IMPORTS):
            begun = time.perf_counter()
            run_python(project, "-c", code)
            seconds.append(time.perf_counter() - begun)
        pairs.append(seconds)
    return pairs[1:]


def run_python(project, *arguments):
    """Return what Python prints in the project's environment."""
    command = [UV, "run", "--no-sync", "--quiet", "python", *arguments]
    done = subprocess.run(
        command, cwd=project, env=environment(), capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return done.stdout


def main():
    """Measure a small CNN on 60,000 images, and the default of both kits; write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--gpu", action="store_true")
    parser.add_argument("--only", choices=NAMES, help="the others stay as they were found last")
    options = parser.parse_args()
    more = ["trainer=gpu"] if options.gpu else []
    more += ["trainer.patience=1000"]  # the loops by hand do not stop early
    name, rounds = "train_loop_gpu" if options.gpu else "train_loop", options.rounds
    found = read_results(name) if options.only else {}
    training, first_step = found.get("training", {}), found.get("first step", {})
    all_of_them = NAMES if options.gpu else [line for line in NAMES if line != "ResNet"]
    for line in [options.only] if options.only else all_of_them:
        project = generate("image" if line in SYNTHETIC else line)
        prepared, network = project / "data/prepared", []
        if line in SYNTHETIC:
            shutil.rmtree(prepared, ignore_errors=True)
            size, network = SYNTHETIC[line]
            run_python(project, str(HERE / "synthetic.py"), str(prepared), *size)
            network = [*IMAGES, *network]
        else:
            for stage in STAGES:
                run_python(project, "-m", f"{PACKAGE}.{stage}", "--stage")
            if not options.gpu:
                first_step[line] = start_up(project, rounds)
        training[line] = compare(project, prepared, rounds, [*more, *network])
        # At once: a run that is cut short keeps its lines.
        write_page(name, {**machine(), "training": training, "first step": first_step})
    print(PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
