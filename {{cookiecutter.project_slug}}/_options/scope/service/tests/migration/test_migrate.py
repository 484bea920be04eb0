"""From one file of MLflow's to another; tests/deploy does the same with a real server."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from calling import Invoke
from moved import START, Filled

from {{ cookiecutter.package_name }}.gate.registry import CHALLENGER, CHAMPION
from {{ cookiecutter.package_name }}.migration import copying, migrate, runs
from {{ cookiecutter.package_name }}.migration.both import ORIGIN
from {{ cookiecutter.package_name }}.tracking.lineage import file_hash

pytestmark = pytest.mark.slow


def uri_of(folder: Path) -> str:
    return f"sqlite:///{(folder / 'mlflow.db').as_posix()}"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of MLflow's: one with two models, of which the second is in use, and an empty one."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("filled", "empty"):
            (folder / name).mkdir()
            patch.chdir(folder / name)  # artifacts are put where it is used first
            found = Filled(uri_of(folder / name), folder / name)
            if name == "filled":
                for model in ("first", "second"):
                    found.promote(found.model(model))
                found.run("child", **{runs.PARENT: found.run("parent")})
            found.client.search_experiments()
    return folder


@pytest.fixture
def here(made: Path, project: Path) -> Filled:
    """The project's own MLflow."""
    shutil.copy(made / "filled/mlflow.db", project)
    return Filled(uri_of(project), project)


@pytest.fixture
def there(made: Path, tmp_path: Path) -> Filled:
    """Where it shall go."""
    folder = tmp_path / "there"
    folder.mkdir()
    shutil.copy(made / "empty/mlflow.db", folder)
    return Filled(uri_of(folder), folder)


def test_runs_arrive_with_every_value_time_and_file(
    here: Filled, there: Filled, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    invoke(migrate.main, there.uri)
    assert "migrate: 4 runs, 4 of them new there; 2 new models" in capsys.readouterr().out
    assert there.seen() == here.seen()
    (child,) = there.client.search_runs(
        [one.experiment_id for one in there.client.search_experiments()],
        "attributes.run_name = 'child'",
    )
    parent = there.client.get_run(child.data.tags[runs.PARENT])
    assert parent.info.run_name == "parent"


def test_the_registry_arrives_and_its_models_are_whole(
    here: Filled, there: Filled, tmp_path: Path, invoke: Invoke
) -> None:
    invoke(migrate.main, there.uri)
    assert there.versions() == here.versions()
    champion, anchor = there.registry.in_use(CHAMPION), there.registry.anchor()
    assert champion is not None
    assert champion == anchor == there.registry.in_use(CHALLENGER)
    folder = there.registry.folder(champion, tmp_path)
    assert file_hash(folder / "state.ckpt") == champion.model_hash
    facts = yaml.safe_load((folder.parents[1] / "MLmodel").read_text("utf-8"))
    assert facts["run_id"] == champion.run
    (model,) = [
        one
        for one in there.client.search_logged_models(
            [there.client.get_run(champion.run).info.experiment_id]
        )
        if one.tags["hash"] == champion.model_hash
    ]
    assert facts["model_id"] == model.model_id
    evidence = there.registry.evidence(champion, tmp_path)
    assert evidence is not None
    assert (evidence / "test.parquet").read_text("utf-8") == "predictions of second"
    assert champion.tags["previous_champion"] == "1"


def test_twice_is_once(here: Filled, there: Filled, invoke: Invoke, capsys: Any) -> None:
    for _ in range(2):
        invoke(migrate.main, there.uri)
    assert "migrate: 4 runs, 0 of them new there; 0 new models" in capsys.readouterr().out
    assert there.seen() == here.seen()
    assert there.versions() == here.versions()


def test_a_server_with_a_champion_keeps_it_and_numbers_are_those_of_the_server(
    here: Filled, there: Filled, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs = there.model("theirs")
    there.promote(theirs)
    invoke(migrate.main, there.uri)
    told = "champion is version 1 there, and stays so; yours is version 3"
    assert f"migrate: models: {told}" in capsys.readouterr().out
    assert there.registry.in_use(CHAMPION) == there.registry.anchor() == there.registry.version("1")
    third = there.registry.version("3")
    assert third.model_hash == here.registry.version("2").model_hash
    assert third.tags["previous_champion"] == third.tags["previous_anchor"] == "2"


@pytest.mark.parametrize("after", ["_begin", "_fill", "copy_model"])
def test_interrupted_anywhere_the_same_command_goes_on(
    after: str, here: Filled, there: Filled, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    module: Any = copying if after == "copy_model" else runs
    usual, calls = getattr(module, after), 0

    def torn(*words: Any) -> Any:
        nonlocal calls
        calls += 1
        found = usual(*words)
        if calls == 2:
            raise OSError("the network is gone")
        return found

    with monkeypatch.context() as patched:
        patched.setattr(module, after, torn)
        with pytest.raises(SystemExit, match=r"the network is gone.* the same command goes on"):
            invoke(migrate.main, there.uri)
    invoke(migrate.main, there.uri)
    assert there.seen() == here.seen()
    assert there.versions() == here.versions()
    assert there.registry.in_use(CHAMPION) is not None


def test_a_run_that_sync_has_brought_is_not_there_twice(
    here: Filled, there: Filled, invoke: Invoke
) -> None:
    known = there.run("first")
    invoke(migrate.main, there.uri)
    assert there.seen() == here.seen()
    assert ORIGIN not in there.client.get_run(known).data.tags
    assert there.registry.in_use(CHAMPION) is not None


def test_a_run_that_still_runs_is_brought_to_its_end_by_the_next_call(
    here: Filled, there: Filled, invoke: Invoke
) -> None:
    run = here.run("running")
    here.client.update_run(run, status="RUNNING")
    invoke(migrate.main, there.uri)
    here.client.log_metric(run, "val/loss", 0.1, START + 9, 9)
    here.client.set_terminated(run, "FINISHED", START + 70_000)
    invoke(migrate.main, there.uri)
    assert there.seen() == here.seen()


def test_a_version_whose_model_is_gone_is_named_and_costs_no_other(
    here: Filled, there: Filled, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    experiment = here.client.get_run(here.registry.version("1").run).info.experiment_id
    for model in here.client.search_logged_models([experiment]):
        if model.tags["hash"] == here.registry.version("1").model_hash:
            here.client.delete_logged_model(model.model_id)
    invoke(migrate.main, there.uri)
    assert "models: version 1 left out: its model is gone" in capsys.readouterr().out
    assert [version for version, *_ in there.versions()] == ["1"]
    champion = there.registry.in_use(CHAMPION)
    assert champion is not None
    assert champion.tags["verdict"] == "promote"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nowhere"], "nowhere: expected a URI as http://HOST:PORT"),
        (["htp://here"], "htp is no kind of MLflow. Did you mean 'http'"),
        (["sqlite:///mlflow.db"], "mlflow.db: expected another place"),
        (["sqlite:///a.db", "from=sqlite:///none.db"], r"none\.db: not there"),
        (["sqlite:///a.db", "form=b"], "form=b: expected nothing more, or from=URI"),
        (["http://127.0.0.1:1"], "http://127.0.0.1:1 does not answer"),
    ],
)
def test_mistakes_are_one_line(
    words: list[str], message: str, project: Path, invoke: Invoke
) -> None:
    (project / "mlflow.db").touch()
    with pytest.raises(SystemExit, match=message) as caught:
        invoke(migrate.main, *words)
    assert "\n" not in str(caught.value.code)
