"""The answer preset=learning: what it adds, that nothing needs it, and that its exercises hold."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support import CHOICES, TEMPLATE, bake, ruff, text_files

FOLDERS = ("learn", "docs/skills", "docs/talk", "docs/papers")
JOBS = (".github/workflows/learn.yml", ".gitlab/ci/learn.yml")
KINDS = [
    {"kit": "image", "ci": "github"},
    {"kit": "tabular", "ci": "gitlab", "scope": "service"},
    {"kit": "tabular", "ci": "none"},
]
A_FEW = ["nearest-choice", "seeded-block", "paper-card"]  # a function, one of learn/, a document
WRITTEN = """
    names = sorted(map(str, options))
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if not names:
        return "There is none yet."
    return (f"Did you mean {close[0]!r}? " if close else "") + f"Valid: {', '.join(names)}."
"""
BEGUN = '    return f"Did you mean {close[0]!r}?"\n'
LEARNT = [f"learn/tests/test_{name}.py" for name in ("doing", "exercises", "skills", "talk")]
MAPS = ("skills.md",)  # tells where the preset has more
CHECKS = [
    ["ruff", "check"],
    ["ruff", "format", "--check"],
    ["pyrefly", "check"],
    ["pre-commit", "run", "--all-files"],
]
# One of each kind: of a tool, of the core, of statistics, of what reads the repository itself.
QUICK = ["tests/tools", "tests/test_layers.py", "tests/stats", "tests/pages"]


def delete(project):
    """Do away with what the preset has added, as its README says."""
    for name in FOLDERS:
        shutil.rmtree(project / name, ignore_errors=True)
    for name in JOBS:
        (project / name).unlink(missing_ok=True)


def contents(folder):
    """Every file of a project, by its place."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="module", params=KINDS, ids=lambda answers: "-".join(answers.values()))
def presets(request, tmp_path_factory):
    """The same answers with each preset."""
    return [
        bake(tmp_path_factory.mktemp(preset), preset=preset, **request.param)
        for preset in ("production", "learning")
    ]


def test_presets_differ_by_folders_that_can_be_deleted_and_one_job(presets, tmp_path):
    production, learning = presets
    copy = shutil.copytree(learning, tmp_path / "copy")
    added = contents(learning).keys() - contents(production).keys()
    jobs = {name for name in added if not name.startswith(tuple(f"{f}/" for f in FOLDERS))}
    assert jobs == {name for name in JOBS if (production / name).parent.is_dir()}
    assert (copy / "learn" / "exercises").is_dir()
    delete(copy)
    assert contents(copy) == contents(production)


def test_nothing_outside_names_the_exercises(presets):
    production, _ = presets
    named = [
        path.relative_to(production).as_posix()
        for path, text in text_files(production)
        if path.name not in MAPS
        if re.search(r"(?<![\w-])learn/|-m learn\b", text)
    ]
    assert named == []


def test_exercises_are_as_tidy_as_the_project(presets):
    _, learning = presets
    assert ruff(learning, "check", ".") == ""
    assert ruff(learning, "format", "--check", ".") == ""
    tests = "learn/tests,learn/transfer"  # they are called by pytest, and by nobody
    config = ["--config", TEMPLATE / "tests" / "vulture.toml"]
    judges = [["vulture", *config, "--exclude", tests, "src", "tools", "learn"], ["codespell"]]
    for judge, *arguments in judges:
        command = [Path(sys.executable).parent / judge, *arguments]
        done = subprocess.run(
            command, cwd=learning, capture_output=True, encoding="utf-8", check=False
        )
        assert done.stdout == ""
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def project(new_project):
    """A real one, with a first commit."""
    place = new_project("learning", preset="learning")
    place.run("uv", "sync", "--quiet")
    place.commit()
    return place


@pytest.mark.full
def test_a_newcomer_starts_checks_and_solves_the_first_exercise(project):
    learn = ["uv", "run", "python", "-m", "learn"]
    assert "learn start nearest-choice" in project.run(*learn)
    told = project.run(*learn, "start", "nearest-choice")
    worktree = project.folder.with_name(f"{project.folder.name}-learn")
    (file,) = worktree.glob("src/*/runtime/errors.py")
    assert str(file) in told
    failed = project.attempt(*learn, "check")
    assert failed.returncode == 1
    assert "FAILED tests/runtime/test_errors.py::" in failed.stdout
    text = file.read_text("utf-8")
    lines = text[text.index("    names = sorted(") : text.index(BEGUN) + len(BEGUN)]
    file.write_text(text.replace(lines, WRITTEN.lstrip("\n")), "utf-8", newline="\n")
    assert "nearest-choice: passed" in project.run(*learn, "check")
    assert "[x] nearest-choice" in project.run(*learn, "list")
    assert project.run("git", "status", "--porcelain") == ""
    project.run(*learn, "finish")
    assert not worktree.exists()


@pytest.mark.full
def test_a_drill_shows_a_test_that_fails_and_ends_with_the_project_whole(project):
    learn = ["uv", "run", "python", "-m", "learn"]
    assert re.search(r"tests/\S+::test_\w+.* fails:", project.run(*learn, "drill", "--seed", "1"))
    assert project.attempt(*learn, "drill", "check").returncode == 1
    project.run(*learn, "drill", "guess", "the weather")
    assert "as it was broken" in project.run(*learn, "drill", "stop")
    assert "the weather" in project.run(*learn, "drill", "log")
    project.run(*learn, "finish")


@pytest.mark.slow
def test_the_engine_passes_its_own_tests(project):
    project.run("uv", "run", "pytest", "-m", "not full", *LEARNT)


@pytest.mark.full
def test_a_few_exercises_can_be_solved_and_not_be_cheated(project):
    project.run("uv", "run", "python", "-m", "learn", "verify", *A_FEW)


@pytest.mark.full
@pytest.mark.parametrize("kit", CHOICES["kit"])
def test_every_exercise_can_be_solved_and_not_be_cheated(new_project, kit):
    place = new_project(f"learning-{kit}", kit=kit, preset="learning")
    place.run("uv", "run", "python", "-m", "learn", "verify", "--jobs", "2")


@pytest.mark.full
def test_the_checks_are_green_with_the_exercises_and_without(project):
    for check in CHECKS:
        project.run("uv", "run", *check)
    delete(project.folder)
    try:
        for check in [*CHECKS, ["pytest", "-m", "not slow", *QUICK]]:
            project.run("uv", "run", *check)
    finally:
        project.run("git", "checkout", "--quiet", ".")
