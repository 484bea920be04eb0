"""``submit`` writes a job that trains what was chosen, and refuses what would fail hours later."""

import shlex
from pathlib import Path

import pytest
from calling import Invoke
from omegaconf import OmegaConf

from {{ cookiecutter.package_name }}.choices import use
from {{ cookiecutter.package_name }}.cluster import submit
from {{ cookiecutter.package_name }}.runtime.arguments import read_arguments
from {{ cookiecutter.package_name }}.runtime.composition import merge_overrides
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.runtime.files import run_workspace


@pytest.fixture
def ready(project: Path) -> Path:
    """A project whose data are there to train on."""
    (project / "data" / "prepared").mkdir(parents=True)
    (project / "reports").mkdir()
    (project / "reports" / "audit.json").write_text("[]\n", "utf-8")
    return project


def script_of(project: Path, run: str) -> str:
    return (project / "runs" / run / "job.sbatch").read_text("utf-8")


def options_of(script: str) -> dict[str, str]:
    """What the script asks of sbatch, read as sbatch reads it: with the quotes of a shell."""
    lines = [line for line in script.splitlines() if line.startswith("#SBATCH ")]
    words = [shlex.split(line)[1:] for line in lines]
    assert all(len(one) == 1 for one in words)
    parts = [one[0].removeprefix("--").partition("=") for one in words]
    return {name: value for name, _, value in parts}


def training_of(script: str) -> list[str]:
    """The overrides that the job trains with."""
    (srun,) = [line for line in script.replace("\\\n", " ").splitlines() if line.startswith("srun")]
    words = shlex.split(srun.rpartition("||")[0])
    return words[words.index("{{ cookiecutter.package_name }}.train") + 1 :]


def test_the_job_asks_for_what_the_configuration_says(ready: Path, invoke: Invoke) -> None:
    sizes = ["trainer.nodes=3", "trainer.devices=4", "trainer.slurm.cpus=6"]
    asked = ["trainer.slurm.time=1-02:00:00", "trainer.slurm.memory=64G", "trainer.slurm.grace=90"]
    who = ["trainer.slurm.partition=long", "trainer.slurm.account=vision"]
    invoke(submit.main, "run=mine", "trainer=slurm", *sizes, *asked, *who)
    assert options_of(script_of(ready, "mine")) == {
        "job-name": "mine-train",
        "chdir": str(ready.resolve()),
        "output": "runs/mine/slurm-%j.out",
        "open-mode": "append",
        "nodes": "3",
        "ntasks-per-node": "4",
        "gpus-per-node": "4",
        "cpus-per-task": "6",
        "mem": "64G",
        "time": "1-02:00:00",
        "partition": "long",
        "account": "vision",
        "signal": "USR1@90",
        "requeue": "",
    }


def test_what_is_not_said_is_left_to_the_cluster(ready: Path, invoke: Invoke) -> None:
    invoke(submit.main, "run=mine", "trainer=slurm", "trainer.accelerator=cpu")
    options = options_of(script_of(ready, "mine"))
    assert {"gpus-per-node", "mem", "partition", "account"} & set(options) == set()
    assert options["cpus-per-task"] == "8"


def test_the_one_command_to_type_is_the_last_line(
    ready: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ready / "data")
    invoke(submit.main, "run=a b", "trainer=slurm")
    command = shlex.split(capsys.readouterr().out.splitlines()[-1])
    assert command[0] == "sbatch"
    assert Path(command[1]).resolve() == (ready / "runs" / "a b" / "job.sbatch").resolve()


def test_the_job_trains_what_was_chosen_and_goes_on(
    ready: Path, current: Path, invoke: Invoke
) -> None:
    current.write_text("- optimizer=sgd\n- seed=3\n", "utf-8")
    invoke(submit.main, "run=mine", "trainer=slurm", "seed=4", "resume=never")
    expected = {"run=mine", "trainer=slurm", "optimizer=sgd", "seed=4", "resume=auto"}
    assert set(training_of(script_of(ready, "mine"))) == expected


def test_what_is_chosen_while_the_job_queues_is_for_others(ready: Path, invoke: Invoke) -> None:
    invoke(submit.main, "run=mine", "trainer=slurm", "optimizer=sgd")
    invoke(use.main, "seed=9")
    _, overrides, _ = read_arguments("train", training_of(script_of(ready, "mine")))
    assert set(overrides) == {"run=mine", "trainer=slurm", "optimizer=sgd", "resume=auto"}


def test_a_run_that_is_submitted_again_keeps_its_choices(
    ready: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    invoke(submit.main, "run=mine", "trainer=slurm", "seed=4")
    invoke(submit.main, "run=mine", "trainer.slurm.time=08:00:00")
    assert "going on with run=mine trainer=slurm seed=4" in capsys.readouterr().out
    assert options_of(script_of(ready, "mine"))["time"] == "08:00:00"
    record = [str(one) for one in OmegaConf.load(ready / "runs" / "mine" / "overrides.yaml")]
    assert merge_overrides(record, []) == record
    assert "seed=4" in training_of(script_of(ready, "mine"))


def test_what_a_queued_job_will_make_is_not_taken_from_the_pipeline(
    ready: Path, invoke: Invoke
) -> None:
    (ready / "models" / "network").mkdir(parents=True)
    invoke(submit.main, "run=mine", "trainer=slurm")
    with pytest.raises(UserError, match="run=mine made its own models/network or began to"):
        run_workspace(ready, "mine").reads("models/network")


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("trainer=slurm", "run=null: expected a name."),
        ("run=mine", "trainer.slurm=null: expected what the job asks for. Try trainer=slurm."),
        ("run=mine trainer=slrum", "trainer=slrum: unknown choice. Did you mean 'slurm'?"),
        ("run=mine trainer=slurm trainer.slurm.time=4h", "trainer.slurm.time=4h: expected like"),
        ("run=mine trainer=slurm trainer.slurm.cpu=4", "trainer.slurm.cpu: unknown key. Did you"),
        ("run=mine trainer=slurm optimizer.lr=-1", "optimizer.lr=-1.0: expected a number above 0"),
        ("run=mine trainer=slurm -m", "-m: expected KEY=VALUE. A job trains one run."),
        ("run=mine slurm", "slurm: expected KEY=VALUE. A job trains one run."),
        ("run=a/b trainer=slurm", "run=a/b: expected the name of one folder"),
    ],
)
def test_a_mistake_gives_one_line_and_no_job(words: str, message: str, invoke: Invoke) -> None:
    with pytest.raises(SystemExit) as caught:
        invoke(submit.main, *words.split())
    assert str(caught.value.code).startswith(f"submit: {message}")
    assert "\n" not in str(caught.value.code)
    assert not Path("runs").exists()


def test_data_that_are_not_there_are_told_before_the_job_queues(
    project: Path, invoke: Invoke
) -> None:
    with pytest.raises(SystemExit, match=r"^submit: data/prepared: not there yet"):
        invoke(submit.main, "run=mine", "trainer=slurm")
    assert not (project / "runs").exists()
