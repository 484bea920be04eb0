from pathlib import Path

import pytest
from calling import Invoke

from {{ cookiecutter.package_name }}.choices import use
from {{ cookiecutter.package_name }}.runtime import composition


def test_choices_are_kept_beside_those_made_before(invoke: Invoke) -> None:
    invoke(use.main, "optimizer=sgd")
    invoke(use.main, "seed=3")
    invoke(use.main, "seed=4")
    assert sorted(composition.current_overrides()) == ["optimizer=sgd", "seed=4"]


def test_reset_goes_back_to_conf(invoke: Invoke) -> None:
    invoke(use.main, "seed=3")
    invoke(use.main, "--reset")
    assert composition.current_overrides() == []


def test_reset_keeps_the_data(invoke: Invoke) -> None:
    invoke(use.main, "data.path=mine", "seed=3", "data.split.test=0.3")
    invoke(use.main, "--reset")
    assert composition.current_overrides() == ["data.path=mine"]


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("optimizer.lrr=1", "use: optimizer.lrr: unknown key. Did you mean 'lr'?"),
        ("optimizer.lr=-1", "use: optimizer.lr=-1.0: expected a number above 0."),
        ("optimizer=sdg", "use: optimizer=sdg: unknown choice. Did you mean 'sgd'?"),
        ("+seed=1", "use: +seed=1: keys cannot be added or removed."),
        ("seed", "use: seed: expected KEY=VALUE, run=NAME or --reset."),
        ("debug=overfit", "use: debug=overfit: a way to look into training"),
        ("search=quick", "use: search=quick: a space to search in, and nothing to release."),
        ("experimet=a", "use: experimet: unknown key. Did you mean 'experiment'?"),
        ("--rest", "use: --rest: expected KEY=VALUE, run=NAME or --reset."),
        ("run=gone", "use: run=gone: no such run."),
    ],
)
def test_a_mistake_is_refused_and_changes_nothing(
    argument: str, message: str, current: Path, invoke: Invoke
) -> None:
    current.write_text("- seed=3\n", "utf-8")
    with pytest.raises(SystemExit) as caught:
        invoke(use.main, argument)
    assert str(caught.value.code).startswith(message)
    assert current.read_text("utf-8") == "- seed=3\n"


def test_the_configuration_of_a_run_becomes_the_projects_own(project: Path, invoke: Invoke) -> None:
    record = project / "runs" / "mine" / "overrides.yaml"
    record.parent.mkdir(parents=True)
    record.write_text("- run=mine\n- optimizer=sgd\n", "utf-8")
    invoke(use.main, "trainer.patience=3")  # the run did without
    invoke(use.main, "run=mine", "seed=5")
    assert sorted(composition.current_overrides()) == ["optimizer=sgd", "seed=5"]


@pytest.mark.parametrize("argument", ["", "--help"])
def test_asking_changes_nothing(
    argument: str, current: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    current.write_text("- seed=3\n", "utf-8")
    invoke(use.main, *argument.split())
    assert current.read_text("utf-8") == "- seed=3\n"
    assert ("KEY=VALUE" if argument else "seed=3") in capsys.readouterr().out
