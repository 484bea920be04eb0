"""The same training three ways, in the environment of a generated project: for train_loop.py.

`ours` is what `train` does: Lightning's Trainer with checkpoints, metrics, history and MLflow.
`bare` is the best loop one would write by hand in PyTorch: rows in memory (or on the GPU), one
index for a batch, a fused optimizer, the best weights in memory. `usual` is in usual_loop.py.
"""

import argparse
import json
import logging
import math
import sys
import tempfile
import time
import warnings
from contextlib import nullcontext
from pathlib import Path

import torch
from gpu_speed import speed
from my_ml_project.augmentation import augment
from my_ml_project.config import typed
from my_ml_project.config.training import Reading
from my_ml_project.data import PreparedData
from my_ml_project.model import build
from my_ml_project.runtime.composition import compose
from my_ml_project.runtime.files import run_workspace
from my_ml_project.tracking.tracker import Tracker
from my_ml_project.training.fitting import new_learner
from my_ml_project.training.history import History
from my_ml_project.training.learner import rate_at
from my_ml_project.training.trainer import fit, make_trainer, start
from usual_loop import loss_of, usual


class Work:
    """What all three train: data, network, epochs."""

    def __init__(self, prepared, overrides):
        self.prepared, self.config = prepared, typed(compose(overrides))
        self.cuda = self.config.trainer.accelerator in ("gpu", "cuda")
        self.device = torch.device("cuda" if self.cuda else "cpu")
        self.epochs, self.batch = self.config.trainer.max_epochs, self.config.data.batch_size
        self.rows = len(self.data().targets)

    def data(self):
        of = self.config.data
        reading = Reading(of.batch_size, of.memory_share, of.workers)
        return PreparedData(self.prepared, reading, of.augmentation, fold=None, seed=0)

    def network(self, data):
        torch.manual_seed(0)
        return build(self.config.model, data.manifest)

    def autocast(self):
        mixed = self.config.trainer.precision == "bf16-mixed"
        return torch.autocast(self.device.type, torch.bfloat16) if mixed else nullcontext()

    def synchronize(self):
        if self.cuda:
            torch.cuda.synchronize()

    @property
    def steps(self):
        return self.epochs * -(-self.rows // self.batch)


def ours(work):
    """Seconds of a fit, and of what comes after it: MLflow takes the rest of the metrics."""
    config = work.config
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        (project / "dvc.yaml").touch()
        workspace = run_workspace(project, "one")
        workspace.output.mkdir(parents=True)
        workspace.config_file.write_text("{}", encoding="utf-8", newline="\n")
        data = work.data()
        start(0, config.trainer.threads)
        begun = time.perf_counter()
        with Tracker(config.tracking, workspace, "train") as tracker:
            learner = new_learner(data, config.model, config.optimizer, config.trainer)
            history = History(workspace.scratch / "history.csv", work.epochs, tracker)
            trainer = make_trainer(config.trainer, workspace.scratch, [history])
            fit(trainer, learner, data, None)
            work.synchronize()
            fitted = time.perf_counter()
        return fitted - begun, time.perf_counter() - fitted


def bare(work):
    """Seconds of a loop by hand."""
    config = work.config
    data = work.data()
    torch.use_deterministic_algorithms(False)  # the Trainer of `ours` has left them on
    start(0, config.trainer.threads)
    begun = time.perf_counter()
    place = {"device": work.device}
    inputs, targets = (
        torch.as_tensor(part, **place) for part in (data.train.inputs, data.train.targets)
    )
    held, truth = (torch.as_tensor(part, **place) for part in (data.val.inputs, data.val.targets))
    network = work.network(data).to(work.device, memory_format=torch.channels_last)
    if config.trainer.compile:
        network.compile()
    others = [weights for weights in network.parameters() if weights.ndim <= 1]
    decaying = [weights for weights in network.parameters() if weights.ndim > 1]
    groups = [{"params": decaying}, {"params": others, "weight_decay": 0.0}]
    choice = config.optimizer
    optimizer = torch.optim.AdamW(groups, choice.lr, weight_decay=choice.weight_decay, fused=True)
    step, best = 0, math.inf
    for _ in range(work.epochs):
        network.train()
        for rows in torch.randperm(len(targets), **place).split(work.batch):
            for group in optimizer.param_groups:
                group["lr"] = choice.lr * rate_at(step, work.steps, choice)
            with work.autocast():
                loss = loss_of(
                    network(augment(inputs[rows], config.data.augmentation)), targets[rows]
                )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            step += 1
        network.eval()
        with torch.inference_mode(), work.autocast():
            losses = [
                loss_of(network(x), y) * len(y)
                for x, y in zip(held.split(4096), truth.split(4096), strict=True)
            ]
            lowest = float(sum(losses)) / len(truth)
        if lowest < best:
            best = lowest
            {name: part.clone() for name, part in network.state_dict().items()}
    work.synchronize()
    return time.perf_counter() - begun, 0.0


WAYS = {"bare": bare, "ours": ours, "usual": usual}


def main():
    """Print one JSON object: for each way, seconds of every round, the first of which warms up."""
    parser = argparse.ArgumentParser()
    parser.add_argument("prepared", type=Path)
    parser.add_argument("--ways", default="bare,ours,usual")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--usual-rounds", type=int, help="of the slowest way, where fewer will do")
    parser.add_argument("overrides", nargs="*")
    options = parser.parse_intermixed_args()
    warnings.filterwarnings("ignore")
    for name in ("lightning.pytorch", "mlflow", "alembic"):
        logging.getLogger(name).setLevel(logging.ERROR)
    work = Work(options.prepared, options.overrides)
    ways = {name: WAYS[name] for name in options.ways.split(",")}
    said, sys.stdout = sys.stdout, sys.stderr
    rounds = {name: [] for name in ways}
    last = {"usual": options.usual_rounds or options.rounds}
    for number in range(options.rounds + 1):
        # Another begins each round: what slows down with time does not always slow the same.
        for name, way in reversed(ways.items()) if number % 2 else ways.items():
            if number <= last.get(name, number):
                rounds[name].append(way(work))
    kept = {name: some[1:] for name, some in rounds.items()}
    seconds = {name: [first for first, _ in some] for name, some in kept.items()}
    result = {
        "rows": work.rows,
        "batch": work.batch,
        "epochs": work.epochs,
        "steps": work.steps,
        "seconds": seconds,
        "afterwards": {name: [last for _, last in some] for name, some in kept.items()},
        "torch": torch.__version__,
    }
    if work.cuda:
        result |= speed(work, loss_of, seconds)
    sys.stdout = said
    print(json.dumps(result))


if __name__ == "__main__":
    main()
