"""The server of a team: PostgreSQL, names and passwords, a backup, and runs that move there."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import postgres
import pytest
from calling import Invoke
from moved import NAME, Filled
from teams import ASKED, NAMES, PASSWORD, Team, ask, configured, create, running
from tracked import Server

from {{ cookiecutter.package_name }}.gate.registry import CHAMPION, Registry
from {{ cookiecutter.package_name }}.migration import migrate
from {{ cookiecutter.package_name }}.runtime.errors import UserError

pytestmark = [
    pytest.mark.slow,
    pytest.mark.full,
    pytest.mark.skipif(postgres.programs() is None, reason="PostgreSQL is not installed"),
]
CLOSED = [
    ("GET", "/api/2.0/mlflow/experiments/search?max_results=1"),
    ("GET", "/api/2.0/mlflow-artifacts/artifacts/0/secret"),
    ("PUT", "/api/2.0/mlflow-artifacts/artifacts/0/secret"),
    ("POST", "/graphql"),
    ("POST", "/v1/traces"),
    ("GET", "/"),
]


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    with running(tmp_path_factory.mktemp("team")) as found:
        yield found


@pytest.fixture
def as_ada(team: Team, monkeypatch: pytest.MonkeyPatch) -> Team:
    for name, value in zip(NAMES, ("ada", PASSWORD), strict=True):
        monkeypatch.setenv(name, value)
    return team


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_nothing_is_told_to_who_has_no_name(method: str, path: str, team: Team) -> None:
    assert ask(team, method, path) == 401
    assert ask(team, method, path, "mallory") == 401


def test_health_is_for_everyone_and_members_see_the_rest(team: Team) -> None:
    assert ask(team, "GET", "/health") == 200
    assert ask(team, "GET", CLOSED[0][1], "ada") == 200
    assert ask(team, "POST", "/api/2.0/mlflow/users/create", "ada") in (400, 403)


@pytest.mark.parametrize("missing", sorted(ASKED))
def test_it_does_not_start_without_a_secret_or_a_password(
    missing: str, tmp_path: Path, team: Team
) -> None:
    with postgres.server() as database:  # with no admin yet
        config = configured(tmp_path, database)
        rest = {name: value for name, value in ASKED.items() if name != missing}
        words = ["--backend-store-uri", database, "--app-name", "basic-auth"]
        server = Server(tmp_path, words, {**rest, "MLFLOW_AUTH_CONFIG_PATH": str(config)})
        with pytest.raises(AssertionError, match=missing):
            server.start()
        server.kill()
    assert team.server.process is not None


def test_a_wrong_password_is_one_line_that_names_the_variables(
    team: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(NAMES[0], "ada")
    monkeypatch.setenv(NAMES[1], "a wrong password")
    registry = Filled(team.server.address, tmp_path).registry
    told = f"{NAMES[0]} and {NAMES[1]} say who asks"
    with pytest.raises(UserError, match=told) as caught, registry.explained():
        registry.in_use(CHAMPION)
    assert "a wrong password" not in str(caught.value)


def test_a_local_file_moves_there_and_a_backup_brings_all_of_it_back(
    as_ada: Team,
    project: Path,
    tmp_path: Path,
    invoke: Invoke,
    capsys: pytest.CaptureFixture[str],
) -> None:
    here = Filled(f"sqlite:///{(project / 'mlflow.db').as_posix()}", tmp_path)
    for name in ("first", "second"):
        here.promote(here.model(name))
    invoke(migrate.main, as_ada.server.address)
    assert "2 of them new there; 2 new models" in capsys.readouterr().out
    (tmp_path / "there").mkdir()
    there = Filled(as_ada.server.address, tmp_path / "there")
    assert (there.seen(), there.versions()) == (here.seen(), here.versions())
    champion = there.registry.in_use(CHAMPION)
    assert champion is not None

    kept = tmp_path / "backup"
    as_ada.tool("pg_dump", "--format=custom", f"--file={kept}.dump", "postgres")  # first
    shutil.copytree(as_ada.server.folder / "kept", kept)
    there.model("later")  # after the backup: it will be gone
    as_ada.server.kill()
    as_ada.tool("psql", "--command", "drop schema public cascade; create schema public", "postgres")
    shutil.rmtree(as_ada.server.folder / "kept")
    as_ada.tool("pg_restore", "--exit-on-error", "--no-owner", "--dbname=postgres", f"{kept}.dump")
    shutil.copytree(kept, as_ada.server.folder / "kept")
    as_ada.server.start()
    assert (there.seen(), there.versions()) == (here.seen(), here.versions())
    assert there.registry.in_use(CHAMPION) == champion
    folder = there.registry.folder(champion, tmp_path / "fetched")
    assert (folder / "state.ckpt").read_text("utf-8") == "weights of second"


def test_where_reading_is_the_rule_members_edit_what_they_are_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(NAMES[1], PASSWORD)
    with running(tmp_path, default_permission="READ") as team:

        def registry_of(name: str) -> Registry:
            monkeypatch.setenv(NAMES[0], name)
            return Filled(team.server.address, tmp_path).registry

        registry_of("ada")
        version = Filled(team.server.address, tmp_path).model("ours")  # it is hers
        for name in ("bob", "service"):
            create(team, name)
        gives = {"username": "bob", "permission": "EDIT"}
        gives |= {"resource_type": "registered_model", "resource_id": NAME}
        assert ask(team, "POST", "/api/3.0/mlflow/users/permissions/grant", "admin", gives) == 200
        registry_of("bob").point(CHAMPION, version)
        registry = registry_of("service")
        with registry.explained():
            assert registry.in_use(CHAMPION) == registry.version(version.number)
            assert (registry.folder(version, tmp_path) / "state.ckpt").is_file()
        with pytest.raises(UserError, match="Permission denied"), registry.explained():
            registry.point(CHAMPION, version)
