"""The script of a job, run by a real shell with a cluster of our own around it."""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from configured import configured

from {{ cookiecutter.package_name }}.cluster.job import PREEMPTED, WARNED, job_script
from {{ cookiecutter.package_name }}.config.training import Slurm, Trainer
from {{ cookiecutter.package_name }}.runtime.errors import UserError

BASH = shutil.which("bash")
needs_bash = pytest.mark.skipif(BASH is None or os.name == "nt", reason="needs bash")
RUN = "it's 50% $HOME #1"
OVERRIDES = [f"run={RUN}", "trainer=slurm", 'model.note="a; b"', "resume=auto"]
FAKE = """
import json, os, pathlib, signal, sys
here = pathlib.Path(__file__).parent
name, *arguments = sys.argv[1:]
with (here / "calls.jsonl").open("a") as calls:
    calls.write(json.dumps([name, *arguments]) + "\\n")
if name == "srun":
    (here / "module").write_text(os.environ.get("MODULE", ""))
    codes = json.loads((here / "codes").read_text())
    (here / "codes").write_text(json.dumps(codes[1:]))
    if (here / "cancelled").exists():
        os.kill(os.getppid(), signal.SIGTERM)
    sys.exit(codes[0])
sys.exit(int((here / "refused").exists()))
"""


@pytest.fixture(scope="module")
def trainer() -> Trainer:
    return configured("trainer=slurm").trainer


def slurm_of(trainer: Trainer) -> Slurm:
    assert trainer.slurm is not None
    return trainer.slurm


@pytest.fixture
def cluster(tmp_path: Path) -> Path:
    """A folder for PATH with a srun that ends as the file ``codes`` says, and a scontrol."""
    folder = tmp_path / "cluster"
    folder.mkdir()
    fake = folder / "fake.py"
    fake.write_text(FAKE, "utf-8")
    for name in ("srun", "scontrol"):
        command = shlex.join([sys.executable, str(fake), name])
        file = folder / name
        file.write_text(f'#!/bin/sh\nexec {command} "$@"\n', "utf-8")
        file.chmod(0o755)
    return folder


def start(script: Path, cluster: Path, codes: list[int]) -> "subprocess.CompletedProcess[str]":
    """Run the script as SLURM would, in a job whose processes end with ``codes``, one each turn."""
    (cluster / "codes").write_text(json.dumps(codes), "utf-8")
    path = os.pathsep.join([str(cluster), os.environ["PATH"]])
    environment = {"PATH": path, "HOME": "/nowhere", "SLURM_JOB_ID": "42"}
    command = [str(BASH), str(script)]
    return subprocess.run(
        command, env=environment, capture_output=True, encoding="utf-8", check=False
    )


def calls(cluster: Path) -> list[list[str]]:
    return [json.loads(line) for line in (cluster / "calls.jsonl").read_text("utf-8").splitlines()]


def written(tmp_path: Path, trainer: Trainer, setup: str | None = None) -> Path:
    slurm = replace(slurm_of(trainer), setup=setup)
    script = tmp_path / "job.sbatch"
    script.write_text(job_script(RUN, tmp_path, trainer, slurm, OVERRIDES), "utf-8")
    return script


@needs_bash
@pytest.mark.parametrize("setup", [None, "module load cuda", "export A='1'; export B=2"])
def test_a_shell_can_read_the_script(tmp_path: Path, trainer: Trainer, setup: str | None) -> None:
    script = written(tmp_path, trainer, setup)
    subprocess.run([str(BASH), "-n", str(script)], check=True)


@needs_bash
@pytest.mark.parametrize("code", [PREEMPTED, WARNED])
def test_a_training_that_was_stopped_is_queued_again_and_goes_on(
    tmp_path: Path, trainer: Trainer, cluster: Path, code: int
) -> None:
    script = written(tmp_path, trainer, "export MODULE=cuda")
    first = start(script, cluster, [code, 0])
    started, requeued = calls(cluster)
    assert started[0] == "srun"
    training = [sys.executable, "-m", "{{ cookiecutter.package_name }}.train", *OVERRIDES]
    assert started[-len(training) :] == training
    assert requeued == ["scontrol", "requeue", "42"]
    assert first.returncode == code
    assert (cluster / "module").read_text("utf-8") == "cuda"
    second = start(script, cluster, [0])
    assert second.returncode == 0
    assert calls(cluster)[2:] == [started]  # the same again, and nothing after it


@needs_bash
def test_the_processes_get_their_cores_and_end_on_their_own(
    tmp_path: Path, trainer: Trainer, cluster: Path
) -> None:
    start(written(tmp_path, trainer), cluster, [0])
    ((_, *words),) = calls(cluster)
    options = set(words[: words.index(sys.executable)])
    assert options == {"--cpus-per-task=8", "--kill-on-bad-exit=0", "--wait=0"}


@needs_bash
@pytest.mark.parametrize("code", [1, 137])
def test_a_training_that_failed_is_not_queued_again(
    tmp_path: Path, trainer: Trainer, cluster: Path, code: int
) -> None:
    assert start(written(tmp_path, trainer), cluster, [code]).returncode == code
    assert [name for name, *_ in calls(cluster)] == ["srun"]


@needs_bash
def test_a_cluster_that_does_not_queue_again_is_told_of(
    tmp_path: Path, trainer: Trainer, cluster: Path
) -> None:
    (cluster / "refused").touch()
    ended = start(written(tmp_path, trainer), cluster, [PREEMPTED])
    assert ended.returncode == PREEMPTED
    assert ended.stderr == "not requeued; sbatch this script again to go on\n"


@needs_bash
def test_a_job_that_somebody_cancels_is_not_queued_again(
    tmp_path: Path, trainer: Trainer, cluster: Path
) -> None:
    (cluster / "cancelled").touch()  # SLURM tells the script and the processes
    assert start(written(tmp_path, trainer), cluster, [PREEMPTED]).returncode == -signal.SIGTERM
    assert [name for name, *_ in calls(cluster)] == ["srun"]


@needs_bash
def test_nothing_is_trained_where_the_setup_fails(
    tmp_path: Path, trainer: Trainer, cluster: Path
) -> None:
    assert start(written(tmp_path, trainer, "module load cuda"), cluster, [0]).returncode != 0
    assert not (cluster / "calls.jsonl").exists()


def test_a_name_means_to_sbatch_what_it_says(tmp_path: Path, trainer: Trainer) -> None:
    script = job_script("50%j of bash", tmp_path, trainer, slurm_of(trainer), [])
    assert "#SBATCH --output='runs/50%%j of bash/slurm-%j.out'\n" in script
    script = job_script("bash", tmp_path, trainer, slurm_of(trainer), [])
    assert "#SBATCH --job-name=bash-train\n" in script  # `bash` alone is a shell, to Lightning


def test_a_value_cannot_give_sbatch_a_second_option(tmp_path: Path, trainer: Trainer) -> None:
    slurm = replace(slurm_of(trainer), partition="gpu\n#SBATCH --nodes=99")
    with pytest.raises(UserError, match=r"^--partition='gpu.*: expected one line, for sbatch"):
        job_script("mine", tmp_path, trainer, slurm, [])
