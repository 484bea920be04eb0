"""Do the processes that were started fit the configuration? Else they would wait for each other.

Asked before torch is imported: a job that cannot work ends in its first second.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..config.training import Trainer
from ..runtime.errors import UserError, check
from ..runtime.processes import in_slurm_job, in_slurm_step, under_torchrun

NO_GPU = ("", "-1", "NoDevFiles")  # what CUDA_VISIBLE_DEVICES says where there is none
HELP = "docs/devices.md has the command."


def preflight(trainer: Trainer, environment: Mapping[str, str]) -> None:
    """Compare what ``trainer`` needs with what SLURM or torchrun say in ``environment``.

    Raises:
        UserError: names the key of the configuration, and the variable that disagrees with it.
    """
    if under_torchrun(environment):
        _compare_torchrun(trainer, environment)
    elif in_slurm_job(environment):
        _compare_slurm(trainer, environment)
    elif trainer.nodes > 1 and "NODE_RANK" not in environment:
        raise UserError(
            f"trainer.nodes={trainer.nodes}: neither srun nor torchrun started this. {HELP}"
        )
    else:
        return  # one machine, and Lightning starts the processes: it knows the devices
    if trainer.accelerator in ("gpu", "cuda"):
        _compare_gpus(trainer.devices, environment)


def _compare_torchrun(trainer: Trainer, environment: Mapping[str, str]) -> None:
    of_node, all_of_them = (_number(environment, n) for n in ("LOCAL_WORLD_SIZE", "WORLD_SIZE"))
    if of_node is not None:
        _check_devices(trainer, of_node, f"LOCAL_WORLD_SIZE={of_node}, --nproc-per-node")
    if of_node and all_of_them is not None and all_of_them != trainer.world_size:
        said = f"WORLD_SIZE={all_of_them}, --nnodes times --nproc-per-node"
        _check_nodes(trainer, all_of_them // of_node, said)


def _compare_slurm(trainer: Trainer, environment: Mapping[str, str]) -> None:
    names = ("SLURM_NNODES", "SLURM_NTASKS", "SLURM_NTASKS_PER_NODE")
    nodes, tasks, of_node = (_number(environment, name) for name in names)
    if nodes is not None:
        _check_nodes(trainer, nodes, f"SLURM_NNODES={nodes}")
    if of_node is not None:
        _check_devices(trainer, of_node, f"SLURM_NTASKS_PER_NODE={of_node}")
    if tasks is not None and tasks != trainer.world_size:
        here = tasks // (nodes or 1)
        _check_devices(trainer, here, f"SLURM_NTASKS={tasks}, SLURM_NNODES={nodes}")
        raise UserError(f"SLURM_NTASKS={tasks}: expected {trainer.world_size}, nodes x devices.")
    if trainer.world_size > 1 and of_node is None:
        wanted = f"--ntasks-per-node={trainer.devices}"
        raise UserError(f"SLURM_NTASKS={tasks}: ask SLURM for {wanted}, not for --ntasks.")
    if trainer.world_size > 1 and not in_slurm_step(environment):
        raise UserError(
            f"SLURM_NTASKS={tasks}: this process was not started by srun, and would wait for the "
            "others forever. `uv run submit` writes a job that starts them all."
        )


def _compare_gpus(devices: int, environment: Mapping[str, str]) -> None:
    allotted = _number(environment, "SLURM_GPUS_ON_NODE")
    if allotted is not None:
        known = f"at most {allotted}, because SLURM_GPUS_ON_NODE={allotted} (--gpus-per-node)"
        check(devices <= allotted, "trainer.devices", devices, known)
    visible = environment.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        seen = _count_visible(visible)
        known = f"at most {seen}, because CUDA_VISIBLE_DEVICES={visible} (every process must see "
        check(devices <= seen, "trainer.devices", devices, known + "all GPUs of its node)")


def _count_visible(listed: str) -> int:
    """How many GPUs CUDA finds: it stops reading at the first that there is not."""
    names = [name.strip() for name in listed.split(",")]
    return next((index for index, name in enumerate(names) if name in NO_GPU), len(names))


def _check_nodes(trainer: Trainer, started: int, said: str) -> None:
    check(trainer.nodes == started, "trainer.nodes", trainer.nodes, f"{started}, because {said}")


def _check_devices(trainer: Trainer, started: int, said: str) -> None:
    expected = f"{started}, because {said}"
    check(trainer.devices == started, "trainer.devices", trainer.devices, expected)


def _number(environment: Mapping[str, str], name: str) -> int | None:
    value = environment.get(name, "")
    return int(value) if value.isdecimal() else None
