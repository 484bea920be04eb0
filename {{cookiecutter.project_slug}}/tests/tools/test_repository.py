import shlex
import subprocess
from pathlib import Path

from project_tools import repository
from project_tools.check import MISSING, NOTE, OK, Check


def git(project: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=project, check=True, capture_output=True)


def dvc_remote(project: Path, url: str) -> Check:
    (project / ".dvc").mkdir(exist_ok=True)
    settings = f"[core]\n    remote = storage\n['remote \"storage\"']\n    url = {url}\n"
    (project / ".dvc" / "config").write_text(settings, "utf-8")
    return repository.remote(project)


def test_a_folder_without_git_is_told_to_make_a_repository(project: Path) -> None:
    found = repository.git(project)
    assert (found.status, found.mend) == (MISSING, ("git init -b main",))


def test_git_findings_turn_ok_once_their_commands_have_run(project: Path) -> None:
    for look in (repository.git, repository.identity, repository.first_commit):
        found = look(project)
        assert found.status != OK
        for command in found.mend:
            git(project, *shlex.split(command)[1:])
        assert look(project).status == OK


def test_only_the_unknown_half_of_the_identity_is_asked_for(project: Path) -> None:
    git(project, "config", "--global", "user.name", "Ada")
    found = repository.identity(project)
    assert (found.status, len(found.mend)) == (NOTE, 1)
    assert "user.email" in found.mend[0]


def test_the_commit_hook_is_found_where_git_keeps_it(project: Path) -> None:
    git(project, "init", "-b", "main")
    assert repository.hook(project).mend == ("uv run pre-commit install",)
    git(project, "config", "core.hooksPath", "hooks of ours")
    (project / "hooks of ours").mkdir()
    (project / "hooks of ours" / "pre-commit").touch()
    assert repository.hook(project).status == OK


def test_a_local_dvc_remote_need_not_exist_but_must_be_possible(project: Path) -> None:
    found = dvc_remote(project, "../.dvc-remote")
    assert (found.status, str(project / ".dvc-remote") in found.detail) == (OK, True)
    (project / "file").touch()
    assert dvc_remote(project, "../file/below").status == MISSING


def test_a_cloud_remote_names_the_package_that_it_needs(project: Path) -> None:
    assert dvc_remote(project, "nowhere://bucket/path").mend == ("uv add dvc-nowhere",)


def test_a_remote_in_the_local_settings_counts(project: Path) -> None:
    dvc_remote(project, "../file/below")
    settings = "['remote \"storage\"']\n    url = ../elsewhere\n"
    (project / ".dvc" / "config.local").write_text(settings, "utf-8")
    assert str(project / "elsewhere") in repository.remote(project).detail


def test_without_a_dvc_remote_data_stays_here_which_is_no_failure(project: Path) -> None:
    (project / ".dvc").mkdir()
    (project / ".dvc" / "config").write_text("[core]\n    analytics = false\n", "utf-8")
    assert repository.remote(project).status == NOTE
