"""Verbs as functions: what the fixtures ``invoke`` and ``pipeline`` call them with."""

from collections.abc import Callable
from pathlib import Path

Invoke = Callable[..., None]  # invoke(main, "key=value", ...), as the console script would
Link = Callable[[Path, Path], None]  # link(place, target)
RunOnce = Callable[..., Path]  # run_once(name, "key=value", ...): the project, whoever ran it

STAGES = (
    "compose",
    "ingest",
    "prepare",
    "audit",
    "train",
    "baselines",
    "score",
    "evaluate",
    "report",
)
QUICK = [
    "optimizer=adamw",
    "trainer=cpu",
    "trainer.max_epochs=3",
    "baselines.trials=2",
    "evaluation.resamples=100",
]
