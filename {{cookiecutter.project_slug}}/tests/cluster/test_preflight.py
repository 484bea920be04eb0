"""Processes that do not fit the configuration are refused, and what disagrees is named."""

from dataclasses import replace
from itertools import product

import pytest
from configured import configured

from {{ cookiecutter.package_name }}.cluster.preflight import preflight
from {{ cookiecutter.package_name }}.config.training import Trainer
from {{ cookiecutter.package_name }}.runtime.errors import UserError

SLURM = {
    "SLURM_JOB_ID": "7",
    "SLURM_JOB_NAME": "mine-train",
    "SLURM_STEP_ID": "0",
    "SLURM_NNODES": "2",
    "SLURM_NTASKS": "8",
    "SLURM_NTASKS_PER_NODE": "4",
    "SLURM_GPUS_ON_NODE": "4",
    "CUDA_VISIBLE_DEVICES": "0,1,2,3",
}
TORCHRUN = {"TORCHELASTIC_RUN_ID": "none", "WORLD_SIZE": "8", "LOCAL_WORLD_SIZE": "4"}


@pytest.fixture(scope="module")
def eight() -> Trainer:
    """Two nodes with four GPUs each."""
    return configured("trainer=slurm", "trainer.nodes=2", "trainer.devices=4").trainer


def refusal(trainer: Trainer, environment: dict[str, str]) -> str:
    with pytest.raises(UserError) as caught:
        preflight(trainer, environment)
    return str(caught.value)


@pytest.mark.parametrize("started", [SLURM, TORCHRUN, SLURM | TORCHRUN, {"NODE_RANK": "1"}])
def test_processes_that_fit_are_let_through(eight: Trainer, started: dict[str, str]) -> None:
    preflight(eight, started)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"SLURM_NNODES": "4"}, "trainer.nodes=2: expected 4, because SLURM_NNODES=4."),
        (
            {"SLURM_NTASKS_PER_NODE": "2"},
            "trainer.devices=4: expected 2, because SLURM_NTASKS_PER_NODE=2.",
        ),
        (
            {"SLURM_NTASKS": "2", "SLURM_NTASKS_PER_NODE": ""},
            "trainer.devices=4: expected 1, because SLURM_NTASKS=2, SLURM_NNODES=2.",
        ),
        ({"SLURM_NTASKS": "9"}, "SLURM_NTASKS=9: expected 8, nodes x devices."),
        (
            {"SLURM_NTASKS_PER_NODE": ""},
            "SLURM_NTASKS=8: ask SLURM for --ntasks-per-node=4, not for --ntasks.",
        ),
        (
            {"SLURM_GPUS_ON_NODE": "1"},
            "trainer.devices=4: expected at most 1, because SLURM_GPUS_ON_NODE=1 ",
        ),
        (
            {"CUDA_VISIBLE_DEVICES": "3"},
            "trainer.devices=4: expected at most 1, because CUDA_VISIBLE_DEVICES=3 ",
        ),
    ],
)
def test_what_disagrees_with_slurm_is_named(
    eight: Trainer, change: dict[str, str], message: str
) -> None:
    assert refusal(eight, SLURM | change).startswith(message)


def test_a_job_whose_processes_no_srun_started_would_wait_forever(eight: Trainer) -> None:
    script = {name: value for name, value in SLURM.items() if name != "SLURM_STEP_ID"}
    assert "was not started by srun" in refusal(eight, script)
    names = ("SLURM_NNODES", "SLURM_NTASKS", "SLURM_NTASKS_PER_NODE")
    alone = dict.fromkeys(names, "1")  # dvc repro in a job of one process
    preflight(replace(eight, nodes=1, devices=1), script | alone)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"LOCAL_WORLD_SIZE": "2"}, "trainer.devices=4: expected 2, because LOCAL_WORLD_SIZE=2,"),
        ({"WORLD_SIZE": "4"}, "trainer.nodes=2: expected 1, because WORLD_SIZE=4,"),
        ({"CUDA_VISIBLE_DEVICES": "0,1"}, "trainer.devices=4: expected at most 2, because CUDA_"),
    ],
)
def test_what_disagrees_with_torchrun_is_named(
    eight: Trainer, change: dict[str, str], message: str
) -> None:
    assert refusal(eight, SLURM | TORCHRUN | change).startswith(message)


@pytest.mark.parametrize("environment", [{}, SLURM | {"SLURM_JOB_NAME": "bash"}])
def test_several_nodes_that_nobody_started_would_wait_forever(
    eight: Trainer, environment: dict[str, str]
) -> None:
    assert refusal(eight, environment).startswith("trainer.nodes=2: neither srun nor torchrun")


@pytest.mark.parametrize("name", ["bash", "interactive"])
def test_a_shell_inside_a_job_is_a_machine_like_any_other(eight: Trainer, name: str) -> None:
    preflight(replace(eight, nodes=1, devices=2), SLURM | {"SLURM_JOB_NAME": name})


@pytest.mark.parametrize(
    ("visible", "count"),
    [("", 0), ("NoDevFiles", 0), ("-1", 0), ("0,-1,1", 1), ("GPU-8932,GPU-77a1", 2), ("0, 1", 2)],
)
def test_visible_gpus_are_counted_as_cuda_counts_them(
    eight: Trainer, visible: str, count: int
) -> None:
    environment = TORCHRUN | {"CUDA_VISIBLE_DEVICES": visible}
    assert refusal(eight, environment).startswith(f"trainer.devices=4: expected at most {count},")


def test_processes_on_a_cpu_need_no_gpu(eight: Trainer) -> None:
    without = SLURM | {"SLURM_GPUS_ON_NODE": "0", "CUDA_VISIBLE_DEVICES": ""}
    preflight(replace(eight, accelerator="cpu"), without)


def test_exactly_what_submit_asks_for_is_let_through(eight: Trainer) -> None:
    for nodes, devices in product((1, 2, 3), repeat=2):
        numbers = {"NNODES": nodes, "NTASKS": nodes * devices, "NTASKS_PER_NODE": devices}
        job = SLURM | {f"SLURM_{name}": str(number) for name, number in numbers.items()}
        for asked in product((1, 2, 3), repeat=2):
            trainer = replace(eight, nodes=asked[0], devices=asked[1])
            if asked == (nodes, devices):
                preflight(trainer, job)
            else:
                assert refusal(trainer, job).startswith("trainer.")
