import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.insight.noise import NOISE, quieten

FIT = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
import tiny_training
from lightning.pytorch.callbacks import EarlyStopping, ModelCheckpoint
quieten, tiny_training.quieten = tiny_training.quieten, lambda: None
for _ in range(2):  # the second time, its folder is not empty
    keep = ModelCheckpoint(Path({folder!r}), monitor="val/loss")
    stop = EarlyStopping("val/loss")
    tiny_training.fit_tiny(Path({folder!r}), [keep, stop], enable_checkpointing=True)
    print("fitted", flush=True)
    quieten()
"""


@pytest.mark.slow
def test_a_fit_says_nothing_that_is_not_ours(tmp_path: Path) -> None:
    code = FIT.format(tests=str(Path(__file__).parents[1]), folder=str(tmp_path))
    ran = subprocess.run(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",  # of the advert's lamp
        check=True,
    )
    loud, _, quiet = ran.stdout.partition("fitted\n")
    assert "litlogger" in loud
    assert quiet == "fitted\n"


@pytest.mark.parametrize(
    "beginning",
    [
        "The AccumulateGrad node's stream does not match the stream of the node that",
        "Grad strides do not match bucket view strides. This may indicate grad was not",
        "Warning: Profiler clears events at the end of each cycle.Only events from the",
    ],
)
def test_what_torch_says_on_a_gpu_and_means_nothing_here_is_not_shown(beginning: str) -> None:
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        quieten()
        warnings.warn(f"{beginning} ...", stacklevel=1)
    assert shown == []


def test_warnings_that_mean_something_are_still_shown() -> None:
    from lightning.pytorch.utilities.rank_zero import rank_zero_warn

    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        quieten()
        rank_zero_warn("The dataloader has no length, and training will never end")
        rank_zero_warn("Checkpoint directory runs/1 exists and is not empty.")
    assert [str(one.message)[:14] for one in shown] == ["The dataloader"]
    assert all(NOISE.values())  # each has a reason
