"""The code of a run comes back as it was, whatever git holds today."""

import subprocess
from pathlib import Path

import pytest
from project_tools.restore import tree
from project_tools.restore.calling import RestoreError
from project_tools.restore.runs import Run

LATIN = "größer\r\n".encode("latin-1")  # neither UTF-8 nor git's line ends


def git(folder: Path, *words: str) -> bytes:
    settings = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
    return subprocess.check_output(["git", *settings, *words], cwd=folder)


def commit(folder: Path, *options: str) -> str:
    git(folder, "add", "--all")
    git(folder, "commit", "-q", "-m", "so far", *options)
    return git(folder, "rev-parse", "HEAD").decode().strip()


@pytest.fixture
def repository(project: Path) -> Path:
    """A repository that holds the project in a folder of its own."""
    git(project, "init", "-q", "-b", "main")
    (project / "part").mkdir()
    (project / "part" / "dvc.yaml").write_text("stages: {}\n", "utf-8")
    (project / "part" / "weights.bin").write_bytes(bytes(range(256)))
    return project


def run_at(tmp_path: Path, revision: str) -> Run:
    record = tmp_path / "record"
    record.mkdir()
    return Run("0" * 32, "pipeline", {"git_commit": revision}, record, None, ["train"], [])


def test_edited_binary_and_new_files_come_back_byte_for_byte(
    repository: Path, tmp_path: Path
) -> None:
    run, part = run_at(tmp_path, commit(repository)), repository / "part"
    (part / "dvc.yaml").write_bytes(LATIN)
    (part / "weights.bin").write_bytes(bytes(range(255, -1, -1)))
    (run.record / "diff.patch").write_bytes(git(part, "diff", "--binary", "HEAD", "--", "."))
    (run.record / "new" / "src").mkdir(parents=True)
    (run.record / "new" / "src" / "é.py").write_bytes(LATIN)
    commit(repository)
    restored = tree.restore_code(part, run, tmp_path / "deep" / "restored")
    assert restored == tmp_path / "deep" / "restored" / "part"
    assert (restored / "dvc.yaml").read_bytes() == LATIN
    assert (restored / "weights.bin").read_bytes() == bytes(range(255, -1, -1))
    assert (restored / "src" / "é.py").read_bytes() == LATIN
    assert git(restored, "rev-parse", "HEAD").decode().strip() == run.tags["git_commit"]


def test_a_commit_that_no_branch_holds_any_more_comes_back(
    repository: Path, tmp_path: Path
) -> None:
    run = run_at(tmp_path, commit(repository))
    (repository / "part" / "dvc.yaml").write_text("stages: {later: {}}\n", "utf-8")
    commit(repository, "--amend")
    tree.check_commit(repository, run.tags["git_commit"])
    restored = tree.restore_code(repository / "part", run, tmp_path / "restored")
    assert (restored / "dvc.yaml").read_text("utf-8") == "stages: {}\n"


def test_a_difference_that_does_not_fit_leaves_nothing(repository: Path, tmp_path: Path) -> None:
    run = run_at(tmp_path, commit(repository))
    (run.record / "diff.patch").write_bytes(b"--- a/no\n+++ b/no\n@@ -1 +1 @@\n-a\n+b\n")
    with pytest.raises(RestoreError, match="the difference to the commit does not fit: error: no"):
        tree.restore_code(repository / "part", run, tmp_path / "restored")
    assert not (tmp_path / "restored").exists()


def test_a_git_hook_that_calls_does_not_lead_astray(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_at(tmp_path, commit(repository))
    monkeypatch.setenv("GIT_DIR", str(repository / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(repository / ".git" / "index"))
    restored = tree.restore_code(repository / "part", run, tmp_path / "restored")
    assert (restored / "dvc.yaml").is_file()


def test_outside_of_a_repository_that_is_said(project: Path) -> None:
    with pytest.raises(RestoreError, match="no git repository"):
        tree.check_commit(project, "1" * 40)


def test_files_that_were_not_recorded_are_known(repository: Path, tmp_path: Path) -> None:
    run = run_at(tmp_path, commit(repository))
    assert tree.left_out(run) == []
    (run.record / "left_out.txt").write_text("größe.csv\nphotos/cat.png", "utf-8")
    assert tree.left_out(run) == ["größe.csv", "photos/cat.png"]
