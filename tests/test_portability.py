"""What Windows and macOS would do otherwise, simulated here: names, lengths, line ends, shells."""

import re
import runpy
import shlex
import subprocess
from itertools import product

import pytest
import yaml

from support import CHOICES, PROJECT, TEMPLATE, bake, files_of_the_repository
from windows import CLONE, LONGEST_NAME, PROJECTS, impossible, too_long

SHELL_SCRIPTS = {".sh", ".bash", ".zsh", ".bat", ".cmd", ".ps1", ".mk"}
# Where MLflow keeps a model, which has the package with it: the longest that a pipeline writes.
# The second is of an MLflow that nobody has told where artifacts go.
MODELS = ["mlartifacts/models/m-{}/artifacts/code", "mlruns/1/models/m-{}/artifacts/code"]
# Longer than all else that real runs of both kits left, a run's own name among it (57), and
# bytecode of tests (80).
ANYTHING_ELSE = "runs/" + 95 * "x"
MISTAKES = runpy.run_path(str(PROJECT / "tests" / "test_portable.py"))["mistakes"]


@pytest.fixture(scope="module", params=product(CHOICES["kit"], CHOICES["scope"]), ids="-".join)
def baked(request, tmp_path_factory):
    """A project of the longest name, for every kit and scope."""
    kit, scope = request.param
    names = {"project_slug": LONGEST_NAME, "package_name": LONGEST_NAME}
    return bake(tmp_path_factory.mktemp("baked"), kit=kit, scope=scope, **names)


@pytest.fixture(scope="module")
def own_files():
    """The template's own files, by their paths."""
    return {path.relative_to(TEMPLATE).as_posix(): path for path in files_of_the_repository()}


def files_of(project):
    """The content of each file, by its path."""
    found = {file.relative_to(project).as_posix(): file for file in project.rglob("*")}
    return {
        name: file.read_bytes()
        for name, file in found.items()
        if file.is_file() and not name.startswith(".git/")
    }


def git(folder, *words):
    who = ["-c", "user.name=A Person", "-c", "user.email=a@b.example"]
    return subprocess.check_output(["git", *who, *words], cwd=folder, encoding="utf-8")


def clone_as_on_windows(source, target):
    """Commit everything in `source`, and clone it as git for Windows is set up."""
    git(source, "init", "--quiet", "--initial-branch=main")
    git(source, "add", "--all")
    git(source, "commit", "--quiet", "--message", "all")
    git(source, "clone", "--quiet", "--config", "core.autocrlf=true", ".", target)
    return target


@pytest.mark.parametrize(
    ("paths", "bad"),
    [
        (["src/aux.py"], ["src/aux.py"]),
        (["NUL", "com1.tar.gz"], ["NUL", "com1.tar.gz"]),
        (["a:b", "what?", "end.", "end ", "a\\b"], ["a:b", "what?", "end.", "end ", "a\\b"]),
        (["A/x", "a/y"], ["A", "a"]),
        (["console.py", "auxiliary/a.b", ".dvc/x", "{{a.b}}/é 日本"], []),
    ],
)
def test_names_that_windows_cannot_hold_are_found(paths, bad):
    assert impossible(paths) == bad


def test_paths_that_windows_cannot_open_are_found():
    fits = "x" * (259 - len(r"C:\a") - 1)
    assert too_long(r"C:\a", [f"{fits[:30]}/{fits[31:]}"]) == []
    assert len(too_long(r"C:\a", [f"{fits}x", f"{fits[:-3]}/x"])) == 2


def test_every_system_can_hold_the_template(own_files):
    assert impossible(own_files) == []
    assert too_long(CLONE, own_files) == []


def test_every_system_can_hold_a_project_and_what_it_writes(baked):
    paths = list(files_of(baked))
    assert impossible(paths) == []
    sources = [path.removeprefix("src/") for path in paths if path.startswith("src/")]
    models = [f"{place.format(32 * '0')}/{path}" for place in MODELS for path in sources]
    assert len(models) > 300
    assert too_long(rf"{PROJECTS}\{LONGEST_NAME}", [*paths, *models, ANYTHING_ELSE]) == []


def test_every_system_can_hold_a_project_while_its_options_are_laid(own_files):
    rendered = [path.replace("{{cookiecutter.package_name}}", LONGEST_NAME) for path in own_files]
    inside = [path.partition("/")[2] for path in rendered if path.startswith(PROJECT.name)]
    assert any(path.startswith("_options/scope") for path in inside)
    assert too_long(rf"{PROJECTS}\{LONGEST_NAME}", inside) == []


def test_nothing_depends_on_links_or_on_files_that_run(own_files):
    listed = git(TEMPLATE, "ls-files", "--stage", "-z").split("\0")
    modes = {line.partition("\t")[2]: line.partition(" ")[0] for line in listed if line}
    assert {path for path, mode in modes.items() if mode != "100644"} <= {".ci/run"}
    assert [path for path, file in own_files.items() if file.is_symlink()] == []


def test_a_project_needs_no_shell_and_no_make(baked):
    scripts = [
        path
        for path in files_of(baked)
        if re.search(r"(^|/)\w*makefile\w*$", path, re.IGNORECASE)
        or re.search(r"(\.\w+)?$", path)[0] in SHELL_SCRIPTS
    ]
    assert scripts == []
    stages = yaml.safe_load((baked / "dvc.yaml").read_text("utf-8"))["stages"]
    assert {name: one["cmd"] for name, one in stages.items()} == {
        name: f"python -m {LONGEST_NAME}.{name} --stage" for name in stages
    }
    settings = yaml.safe_load((baked / ".pre-commit-config.yaml").read_text("utf-8"))
    hooks = [hook for repo in settings["repos"] for hook in repo["hooks"]]
    programs = {shlex.split(hook["entry"])[0] for hook in hooks if hook["language"] == "system"}
    assert programs == {"uv"}  # pre-commit splits the words itself


def test_a_project_is_the_same_bytes_where_git_writes_windows_line_ends(baked, tmp_path):
    before = files_of(baked)
    assert [path for path, content in before.items() if b"\r\n" in content] == []
    there = clone_as_on_windows(baked, tmp_path / "project")
    (there / "new.csv").write_bytes(b"a,b\r\n1,2\r\n")
    git(there, "add", "new.csv")
    assert files_of(there) == before | {"new.csv": b"a,b\r\n1,2\r\n"}
    assert git(there, "show", ":new.csv") == "a,b\n1,2\n"  # and so has everybody else it


@pytest.mark.parametrize("kit", CHOICES["kit"])
def test_a_template_that_windows_has_cloned_gives_the_same_project(kit, own_files, tmp_path):
    for path, file in own_files.items():
        copy = tmp_path / "template" / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    there = clone_as_on_windows(tmp_path / "template", tmp_path / "clone")
    assert b"\r\n" in (there / "cookiecutter.json").read_bytes()
    projects = []
    for number, template in enumerate((TEMPLATE, there)):
        (tmp_path / str(number)).mkdir()
        projects.append(files_of(bake(tmp_path / str(number), template, kit=kit, scope="service")))
    assert projects[0] == projects[1]


@pytest.mark.parametrize("folder", ["benchmarks", "hooks", "scripts", "tests"])
def test_the_template_reads_and_writes_utf8(folder):
    found = [
        f"{file.name}:{line}: without {missing}="
        for file in (TEMPLATE / folder).glob("*.py")
        for line, missing in MISTAKES(file.read_text("utf-8"), hashed=folder == "hooks")
    ]
    assert found == []
