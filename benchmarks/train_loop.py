"""Training against the best loop by hand, and against the usual one; and how soon it begins.

On a GPU: `train_loop.py --gpu`, in an environment whose torch has CUDA.
"""

import argparse
import json
import shutil
import statistics
import subprocess
from pathlib import Path

from project import BUILD, UV, environment, generate, measure, save, show

HERE = Path(__file__).resolve().parent
IMAGES = ["trainer.max_epochs=1", "data.batch_size=128", "model.width=4", "model.blocks=2"]
IMPORTS = "import torch, lightning.pytorch"
FIRST_STEP = """
import os, sys
from my_ml_project import train
from torch.optim.optimizer import register_optimizer_step_post_hook
register_optimizer_step_post_hook(lambda *_: os._exit(0))
sys.argv = ["train", "run=first-step"]
train.main()
"""


def compare(project, prepared, rounds, ways, overrides):
    """Run loops.py in the project: one process, the ways in turns."""
    command = [UV, "run", "--no-sync", "--quiet", "python", str(HERE / "loops.py"), str(prepared)]
    command += ["--rounds", str(rounds), "--ways", ways, *overrides]
    done = subprocess.run(
        command, cwd=project, env=environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return json.loads(done.stdout.splitlines()[-1])


def told(name, result):
    """Print the ratios of one comparison, each round's to the same round by hand."""
    seconds, steps = result["seconds"], result["steps"]
    step = statistics.median(seconds["bare"]) / steps * 1000
    show(f"{name}: {result['rows']} rows, {steps} steps of {step:.2f} ms by hand")
    for way in seconds.keys() - {"bare"}:
        ratios = [a / b for a, b in zip(seconds[way], seconds["bare"], strict=True)]
        result[f"{way} ratio"] = statistics.median(ratios)
        show(f"  {way}: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
    return result


def start_up(project, rounds):
    """Compare the time to the first step of the optimizer with that of the imports alone."""
    for stage in ("compose", "ingest", "prepare", "audit"):
        command = [UV, "run", "--no-sync", "--quiet", stage, "--stage"]
        subprocess.run(command, cwd=project, env=environment(), check=True, capture_output=True)
    pairs = []
    for _ in range(rounds + 1):
        shutil.rmtree(project / "runs", ignore_errors=True)
        imports = measure(project, IMPORTS)["seconds"]
        pairs.append((measure_until_exit(project, FIRST_STEP), imports))
    ratios = [first / imports for first, imports in pairs[1:]]
    show(f"first step: {statistics.median(ratios):.2f} of the imports ({max(ratios):.2f} at most)")
    return {"seconds": pairs, "ratio": statistics.median(ratios)}


def measure_until_exit(project, code):
    """Seconds until the process ends itself."""
    import time

    command = [UV, "run", "--no-sync", "--quiet", "python", "-c", code]
    begun = time.perf_counter()
    subprocess.run(command, cwd=project, env=environment(), check=True, capture_output=True)
    return time.perf_counter() - begun


def main():
    """Print ratios for a small CNN on 60,000 images, and for the default of both kits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--gpu", action="store_true")
    options = parser.parse_args()
    image, results = generate("image"), {}
    shutil.rmtree(BUILD / "benchmark-images", ignore_errors=True)
    made = [str(BUILD / "benchmark-images"), "60000", "28", "1"]
    command = [UV, "run", "--no-sync", "--quiet", "python", str(HERE / "synthetic.py"), *made]
    subprocess.run(command, cwd=image, env=environment(), check=True)
    more = ["trainer=gpu"] if options.gpu else []
    rounds, ways = options.rounds, "bare,ours,usual"
    found = compare(image, made[0], max(2, rounds // 2), ways, [*more, *IMAGES])
    results["28x28"] = told("a CNN at 28x28", found)
    for kit, project in (("image", image), ("tabular", generate("tabular"))):
        results[f"start {kit}"] = start_up(project, rounds)
        found = compare(project, project / "data/prepared", rounds, ways, more)
        results[kit] = told(f"the default of the kit {kit}", found)
    save("benchmark-train-loop", results)


if __name__ == "__main__":
    main()
