import re
import subprocess
import sys
from pathlib import Path

import pytest
from calling import Invoke

from {{ cookiecutter.package_name }} import train


def refusal(invoke: Invoke, *arguments: str) -> str:
    """The message that `train` ends with, which is an exit status other than 0."""
    with pytest.raises(SystemExit) as caught:
        invoke(train.main, *arguments)
    assert isinstance(caught.value.code, str)
    assert "\n" not in caught.value.code
    return caught.value.code


@pytest.mark.slow
@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("optimizer.lrr=1", "optimizer.lrr: unknown key. Did you mean 'lr'? Valid: _target_, "),
        ("optimzer=sgd", "optimzer: unknown key. Did you mean 'optimizer'? Valid: "),
        ("optimizer.lr=abc", "optimizer.lr: Value 'abc' of type 'str' could not be converted to "),
        ("seed=1.5", "seed: Value '1.5' of type 'float' could not be converted to Integer."),
        ("trainer=gpux", "trainer=gpux: unknown choice. Did you mean 'gpu'? Valid: cpu, ddp, "),
        ("trainer.class_weights=balance", "trainer.class_weights=balance: unknown. Did you mean '"),
        ("optimizer.lr=-1", "optimizer.lr=-1.0: expected a number above 0."),
        ("optimizer._target_=os.system", "optimizer._target_=os.system: unknown. Valid: torch."),
        ("+optimizer.beta=3", "+optimizer.beta=3: keys cannot be added or removed. Write 'optimi"),
        ("~tracking", "~tracking: keys cannot be added or removed."),
        ("seed=-1", "seed=-1: expected a whole number from 0"),
        ("trainer.gradient_clip=-1", "trainer.gradient_clip=-1.0: expected null, or above 0"),
        ("seed=[1", "seed=[1: cannot be read as KEY=VALUE"),
        ("seed", "seed: cannot be read as KEY=VALUE"),
        ("run=a,b", "run=a,b: expected one value; several with commas are for a sweep (-m)."),
        ("run=[a,b]", "run=['a', 'b']: expected one value, not a list."),
        ("run=../data", "run=../data: expected the name of one folder"),
        ("run=tune", "run=tune: expected the name of one folder, and none of stages, "),
    ],
)
def test_a_mistake_gives_one_line_and_leaves_nothing_behind(
    argument: str, message: str, project: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refusal(invoke, argument).startswith(f"train: {message}")
    assert capsys.readouterr() == ("", "")
    assert [file.name for file in project.iterdir()] == ["dvc.yaml"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("max_epoch: 3", "train: trainer.max_epoch: unknown key. Did you mean 'max_epochs'?"),
        ("devices: two", "train: trainer.devices: Value 'two' of type 'str' could not be"),
        ("devices: [", "train: .*bad.yaml, line 3: "),
        ("defaults: 3", "train: .*bad"),
    ],
    ids=["key", "type", "syntax", "duplicate"],
)
def test_a_mistake_in_a_file_of_conf_gives_one_line(
    text: str, message: str, conf: Path, invoke: Invoke
) -> None:
    (conf / "trainer" / "bad.yaml").write_text(f"defaults: [cpu, _self_]\n{text}\n", "utf-8")
    assert re.match(message, refusal(invoke, "trainer=bad"))


def test_a_file_of_conf_that_names_an_unknown_one_gives_one_line(
    conf: Path, invoke: Invoke
) -> None:
    (conf / "trainer" / "bad.yaml").write_text("defaults: [cup, _self_]\n", "utf-8")
    assert refusal(invoke, "trainer=bad").startswith(
        "train: In 'trainer/bad': trainer=cup: unknown choice. Did you mean 'cpu'? Valid: bad, cpu,"
    )


@pytest.mark.usefixtures("project")
def test_a_mistake_on_a_real_command_line_has_no_traceback() -> None:
    arguments = [sys.executable, "-m", train.__name__, "optimizer.lrr=1"]
    done = subprocess.run(arguments, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(r"train: optimizer\.lrr: unknown key\..*\n", done.stderr)


def test_outside_of_a_project_a_command_says_where_to_go(
    tmp_path: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "not inside a project" in refusal(invoke)
    assert "not inside a project" in refusal(invoke, "--stage")


@pytest.mark.usefixtures("project")
def test_a_stage_without_params_says_what_makes_them(invoke: Invoke) -> None:
    assert refusal(invoke, "--stage") == (
        "train: params.yaml: not there yet. `uv run dvc repro` makes it."
    )


def test_a_mistake_in_params_gives_one_line(stage_params: Path, invoke: Invoke) -> None:
    stage_params.write_text(
        stage_params.read_text("utf-8").replace("\nseed: ", "\nsede: "), "utf-8"
    )
    assert refusal(invoke, "--stage").startswith("train: sede: unknown key. Did you mean 'seed'?")
