"""Which of the processes of a distributed run is the first, whoever started them."""

import os
from pathlib import Path
from unittest.mock import patch

import pytest
from calling import Invoke

from {{ cookiecutter.package_name }}.runtime import command, processes
from {{ cookiecutter.package_name }}.runtime.errors import UserError

TORCHRUN = {"TORCHELASTIC_RUN_ID": "none", "WORLD_SIZE": "4", "LOCAL_WORLD_SIZE": "2"}
STEP = {"SLURM_NTASKS": "4", "SLURM_STEP_ID": "0", "SLURM_JOB_NAME": "mine-train"}
SHELL = STEP | {"SLURM_JOB_NAME": "bash"}


@pytest.mark.parametrize(
    ("environment", "worker"),
    [
        ({}, False),
        # Lightning's own: it starts the others of a node, and people the first one of each node.
        ({"LOCAL_RANK": "0", "NODE_RANK": "0"}, False),
        ({"LOCAL_RANK": "1", "NODE_RANK": "0"}, True),
        ({"LOCAL_RANK": "0", "NODE_RANK": "1"}, True),
        ({"NODE_RANK": "1"}, True),
        ({"GROUP_RANK": "1"}, True),
        ({"GROUP_RANK": "1", "NODE_RANK": "0"}, False),
        # torchrun: the first process of the second node has LOCAL_RANK 0.
        (TORCHRUN | {"RANK": "0", "LOCAL_RANK": "0", "GROUP_RANK": "0"}, False),
        (TORCHRUN | {"RANK": "2", "LOCAL_RANK": "0", "GROUP_RANK": "1"}, True),
        (TORCHRUN | STEP | {"RANK": "0", "SLURM_PROCID": "1"}, False),  # srun started torchrun
        (TORCHRUN | STEP | {"RANK": "1", "SLURM_PROCID": "0"}, True),
        # srun says nothing of LOCAL_RANK.
        (STEP | {"SLURM_PROCID": "0", "SLURM_LOCALID": "0"}, False),
        (STEP | {"SLURM_PROCID": "1", "SLURM_LOCALID": "1"}, True),
        (STEP | {"SLURM_PROCID": "2", "SLURM_LOCALID": "0"}, True),
        # A shell inside a job: there SLURM counts shells, and Lightning starts the processes.
        (SHELL | {"SLURM_PROCID": "1"}, False),
        (SHELL | {"SLURM_PROCID": "0", "LOCAL_RANK": "1"}, True),
        ({"SLURM_PROCID": "1"}, False),
        # Left from elsewhere.
        ({"RANK": "1", "WORLD_SIZE": "4"}, False),
    ],
)
def test_one_process_is_the_first(environment: dict[str, str], worker: bool) -> None:
    with patch.dict(os.environ, environment, clear=True):
        assert processes.is_worker() is worker


@pytest.mark.slow
@pytest.mark.parametrize(
    ("environment", "several"),
    [
        ({}, False),
        ({"NODE_RANK": "0"}, True),
        (TORCHRUN, True),
        (TORCHRUN | {"WORLD_SIZE": "1"}, False),
        (STEP, True),
        (STEP | {"SLURM_NTASKS": "1"}, False),
        (SHELL, False),
        ({"SLURM_NTASKS": "4"}, False),  # the script of a job runs once
    ],
)
def test_processes_that_start_together_must_meet_in_one_folder(
    environment: dict[str, str], several: bool, project: Path, invoke: Invoke
) -> None:
    def main(config: object, workspace: object) -> None: ...

    main.__module__ = "{{ cookiecutter.package_name }}.train"
    with patch.dict(os.environ, environment):
        if several:
            with pytest.raises(SystemExit) as caught:
                invoke(command.command(main))
            assert str(caught.value.code).startswith("train: run=null: expected a name, the same ")
        else:
            invoke(command.command(main))
        assert len(list((project / "runs").glob("*"))) == (not several)
        invoke(command.command(main), "run=mine")
    assert (project / "runs" / "mine" / "overrides.yaml").exists()


def test_only_the_first_process_writes_to_the_folder_of_the_run(
    project: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    def main(config: object, workspace: object) -> None: ...

    main.__module__ = "{{ cookiecutter.package_name }}.train"
    with patch.dict(os.environ, STEP | {"SLURM_PROCID": "3"}):
        invoke(command.command(main), "run=mine", "seed=7")
    assert list((project / "runs").rglob("*")) == [project / "runs" / "mine"]
    assert capsys.readouterr().out == ""


def test_a_process_that_fails_leaves_the_folder_to_the_first(project: Path, invoke: Invoke) -> None:
    def main(*_: object) -> None:
        raise UserError("broken")

    main.__module__ = "{{ cookiecutter.package_name }}.train"
    for rank, left in (("1", True), ("0", False)):
        with patch.dict(os.environ, STEP | {"SLURM_PROCID": rank}), pytest.raises(SystemExit):
            invoke(command.command(main), "run=mine")
        assert (project / "runs" / "mine").exists() is left
