import subprocess
from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.tracking import lineage


def git(project: Path, *arguments: str) -> str:
    settings = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
    command = ["git", *settings, *arguments]
    return subprocess.run(
        command, cwd=project, capture_output=True, encoding="utf-8", check=True
    ).stdout


@pytest.fixture
def repository(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one commit, which ignores data/."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(project.parent / "none"))
    (project / ".gitignore").write_text("data/\n", "utf-8")
    (project / "model.py").write_text("WIDTH = 1\n", "utf-8")
    git(project, "init", "-b", "main")
    git(project, "add", "--all")
    git(project, "commit", "-m", "first")
    return project


@pytest.mark.ml_test_score("model-1")
def test_a_clean_tree_is_its_commit(repository: Path) -> None:
    state = lineage.code_state(repository)
    assert state.commit == git(repository, "rev-parse", "HEAD").strip()
    assert state == lineage.CodeState(state.commit, b"", {}, [])
    assert not state.dirty


def test_what_the_pipeline_writes_makes_no_tree_dirty(repository: Path) -> None:
    for name in ("dvc.lock", "params.yaml"):
        (repository / name).write_text("first\n", "utf-8")
    git(repository, "add", "dvc.lock")
    git(repository, "commit", "-m", "second")
    (repository / "dvc.lock").write_text("second\n", "utf-8")
    (repository / "reports").mkdir()
    (repository / "reports" / "metrics.yaml").touch()
    assert not lineage.code_state(repository).dirty


@pytest.mark.ml_test_score("model-1")
def test_the_difference_restores_an_edited_tree(repository: Path) -> None:
    latin = "WIDTH = 2  # größer\r\n".encode("latin-1")  # neither UTF-8 nor git's line ends
    (repository / "model.py").write_bytes(latin)
    git(repository, "add", "model.py")
    git(repository, "config", "diff.mnemonicPrefix", "true")
    (repository / "dvc.yaml").write_text("stages: {}\n", "utf-8")
    state = lineage.code_state(repository)
    assert state.dirty
    git(repository, "checkout", "HEAD", "--", ".")
    (repository.parent / "diff.patch").write_bytes(state.diff)
    git(repository, "apply", "--whitespace=nowarn", "../diff.patch")
    assert (repository / "model.py").read_bytes() == latin
    assert (repository / "dvc.yaml").read_text("utf-8") == "stages: {}\n"


@pytest.mark.ml_test_score("model-1")
def test_a_difference_that_git_cannot_tell_is_not_taken_for_none(repository: Path) -> None:
    (repository / ".gitattributes").write_text("*.py filter=gone\n", "utf-8")
    git(repository, "add", "--all")
    git(repository, "commit", "-m", "second")
    for key, value in (("clean", "no-such-program"), ("required", "true")):
        git(repository, "config", f"filter.gone.{key}", value)
    (repository / "model.py").write_text("WIDTH = 3\n", "utf-8")
    state = lineage.code_state(repository)
    assert state.dirty
    assert state.diff == lineage.UNREADABLE


def test_new_sources_are_listed_but_no_data_nothing_ignored_and_nothing_large(
    repository: Path,
) -> None:
    for folder in ("data", "photos"):
        (repository / folder).mkdir()
    (repository / "data" / "ignored.py").touch()
    (repository / "photos" / "cat.png").touch()
    (repository / "notes" / "ä b").mkdir(parents=True)
    (repository / "notes" / "ä b" / "new.py").write_bytes(b"A = 1\r\n")
    (repository / "dump.yaml").write_bytes(bytes(lineage.LARGEST_SOURCE + 1))
    state = lineage.code_state(repository)
    assert state.new_files == {"notes/ä b/new.py": b"A = 1\r\n"}
    assert state.left_out == ["dump.yaml", "photos/cat.png"]
    assert state.dirty


def test_of_very_many_new_sources_some_are_left_out_and_named(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lineage, "MOST_FILES", 2)
    for name in ("a.py", "b.py", "c.py"):
        (repository / name).touch()
    state = lineage.code_state(repository)
    assert (list(state.new_files), state.left_out) == (["a.py", "b.py"], ["c.py"])


@pytest.mark.ml_test_score("model-1")
def test_the_digest_tells_edits_and_new_files_apart(repository: Path) -> None:
    digests = [lineage.code_state(repository).digest]
    for name, text in (("model.py", "WIDTH = 2\n"), ("new.py", "A = 1\n"), ("new.py", "A = 2\n")):
        (repository / name).write_text(text, "utf-8")
        digests.append(lineage.code_state(repository).digest)
    assert len(set(digests)) == 4
    (repository / "new.py").write_text("A = 1\n", "utf-8")
    assert lineage.code_state(repository).digest == digests[2]


def test_before_the_first_commit_every_file_is_new(project: Path) -> None:
    (project / "model.py").touch()
    git(project, "init", "-b", "main")
    git(project, "add", "model.py")
    state = lineage.code_state(project)
    assert (state.commit, state.diff, state.dirty) == ("", b"", True)
    assert list(state.new_files) == ["dvc.yaml", "model.py"]


def test_without_a_repository_there_is_nothing_to_name(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(project.parent))
    state = lineage.code_state(project)
    assert state == lineage.CodeState("", b"", {}, [])
    assert state.dirty


def test_without_git_there_is_nothing_to_name(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    assert lineage.code_state(repository) == lineage.CodeState("", b"", {}, [])


def test_a_hash_is_that_of_the_content(tmp_path: Path) -> None:
    for name, content in (("a", b"1"), ("b", b"1"), ("c", b"2")):
        (tmp_path / name).write_bytes(content)
    first, same, other = (lineage.file_hash(tmp_path / name) for name in "abc")
    assert first == same != other
