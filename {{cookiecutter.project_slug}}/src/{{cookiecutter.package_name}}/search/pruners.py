"""Which trials are ended early: those that others have left behind."""

from __future__ import annotations

from optuna.pruners import BasePruner, HyperbandPruner, MedianPruner, NopPruner

FEWEST = 5  # trials that have ended before one is compared with them


def pruner_for(name: str, warmup: int, max_epochs: int) -> BasePruner:
    """Return the pruner of this name.

    Args:
        name: "median" ends who is worse than half of the others were at the same epoch,
            "hyperband" gives few trials many epochs and many trials few (Li et al., 2018), "none".
        warmup: epochs before which nobody is ended.
        max_epochs: of a training.
    """
    if name == "median":
        return MedianPruner(n_startup_trials=FEWEST, n_warmup_steps=warmup)
    if name == "hyperband":
        return HyperbandPruner(min_resource=max(1, warmup), max_resource=max(2, max_epochs))
    return NopPruner()
