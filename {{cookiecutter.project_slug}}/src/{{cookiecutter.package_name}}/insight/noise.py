"""What Lightning says that nobody needs: lines of information, and warnings of no meaning here."""

from __future__ import annotations

import logging
import warnings

# Beginnings of warnings. Every other one is shown: this list is what we know to be no news.
NOISE = {
    r".*isinstance\(treespec, LeafSpec\)": "Lightning's own use of something old",
    r"Checkpoint directory .* exists and is not empty": "a training that goes on finds its files",
    r"The '\w+' does not have many workers": "batches are cut from arrays; debug=profile says more",
    r"It is recommended to use `self\.log\(": "each process has all of the validation split",
    r"You're resuming from a checkpoint that ended before": "the next batch is the right one",
    r"The AccumulateGrad node's stream": "DDP on a GPU: Lightning builds it on another stream",
    r"Grad strides do not match bucket view": "DDP: where an axis has length 1, both are the same",
    r"(Warning: )?Profiler clears events": "debug=profile has one cycle, and reads it",
    r".*available but not used": "trainer=cpu is a choice; `uv run doctor` knows the hardware",
}


def quieten() -> None:
    """Silence Lightning's lines of information (and its adverts), and the warnings of ``NOISE``."""
    import lightning.pytorch  # noqa: F401  # it sets the level of its loggers as it is imported

    for name in ("lightning.pytorch", "lightning.fabric"):
        logging.getLogger(name).setLevel(logging.WARNING)
    for beginning in NOISE:
        warnings.filterwarnings("ignore", beginning)
