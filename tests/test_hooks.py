"""The hook after generation, on a toy template: what it lays where, and what it skips."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from support import TEMPLATE, bake

IDENTITY = {
    f"GIT_{who}_{what}": "a@b.c" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
}
NOTHING_KNOWN = {"GIT_CONFIG_NOSYSTEM": "1", "XDG_CONFIG_HOME": os.devnull}


@pytest.fixture
def toy(tmp_path):
    """A template with our hook, two questions, and an overlay for one pair of answers."""
    template = tmp_path / "template"
    options = template / "{{cookiecutter.project_slug}}" / "_options"
    files = {
        options.parent / "base.txt": "base\n",
        options.parent / "whole.txt": "base\n",
        options / "ci" / "github" / "whole.txt": "github\n",
        options / "ci" / "gitlab" / "whole.txt": "gitlab\n",
        options / "preset" / "learning" / "base.txt.append": "learning {{ cookiecutter.ci }}\n",
        options / "preset/learning/_options/ci/github" / "deep" / "pair.txt": "pair\n",
        options / "preset/learning/_options/ci/github" / "base.txt.append": "pair\n",
        options / "preset/learning/_options/ci/gitlab" / "other.txt": "other\n",
    }
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
    (template / "hooks").mkdir()
    shutil.copy(TEMPLATE / "hooks" / "post_gen_project.py", template / "hooks")
    questions = {"project_slug": "toy", "ci": ["github", "gitlab"], "preset": ["plain", "learning"]}
    questions["_copy_without_render"] = ["_options", "*/src/*"]
    (template / "cookiecutter.json").write_text(json.dumps(questions), "utf-8", newline="\n")
    (tmp_path / "out").mkdir()
    return template, tmp_path / "out"


def contents(project):
    return {
        path.relative_to(project).as_posix(): path.read_text("utf-8")
        for path in project.rglob("*")
        if path.is_file() and ".git" not in path.parts
    }


def test_overlays_replace_files_append_to_them_and_nest(toy):
    template, folder = toy
    assert contents(bake(folder, template, ci="github", preset="learning")) == {
        "base.txt": "base\nlearning github\npair\n",
        "whole.txt": "github\n",
        "deep/pair.txt": "pair\n",
    }


def test_an_answer_without_a_folder_adds_nothing(toy):
    template, folder = toy
    assert contents(bake(folder, template, ci="gitlab", preset="plain")) == {
        "base.txt": "base\n",
        "whole.txt": "gitlab\n",
    }


@pytest.mark.parametrize(
    ("name", "written", "expected"),
    [
        ("{{ cookiecutter.ci }}.txt", b"a {{ cookiecutter.preset }}\n", b"a learning\n"),
        ("src/{{ cookiecutter.ci }}.py", b"kept = '{{ x }}'\n", b"kept = '{{ x }}'\n"),
        ("{{ cookiecutter.ci }}.png", b"{{ x \0\r\n\xff", b"{{ x \0\r\n\xff"),
    ],
)
def test_files_of_an_overlay_are_rendered_as_those_of_the_base_are(toy, name, written, expected):
    template, folder = toy
    base = template / "{{cookiecutter.project_slug}}"
    for place in (base / "of_base", base / "_options" / "preset" / "learning" / "of_overlay"):
        path = place / name
        path.parent.mkdir(parents=True)
        path.write_bytes(written)
        path.chmod(0o755)
    project = bake(folder, template, ci="github", preset="learning")
    for place in ("of_base", "of_overlay"):
        found = project / place / name.replace("{{ cookiecutter.ci }}", "github")
        assert found.read_bytes() == expected
        assert os.name == "nt" or os.access(found, os.X_OK)


def test_an_overlay_that_nobody_chose_is_not_rendered(toy):
    template, folder = toy
    broken = template / "{{cookiecutter.project_slug}}" / "_options" / "ci" / "github" / "broken.md"
    broken.write_text("one\n{{ cookiecutter.unknown }}\n", "utf-8", newline="\n")
    assert "broken.md" not in contents(bake(folder, template, ci="gitlab", preset="plain"))
    command = [sys.executable, "-m", "cookiecutter", template, "--no-input", "--output-dir", folder]
    shutil.rmtree(folder / "toy")
    result = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert result.returncode != 0
    assert re.search(r'broken\.md", line 2.*has no attribute \'unknown\'', result.stderr, re.DOTALL)
    assert not (folder / "toy").exists()


def generate(toy, programs, **environment):
    """Generate on a PATH with only these programs; return what was printed."""
    template, folder = toy
    path = folder.parent / "bin"
    path.mkdir()
    for name, target in programs.items():
        (path / name).symlink_to(target)
    kept = {k: v for k, v in os.environ.items() if k != "UV" and not k.startswith("GIT_")}
    return subprocess.run(
        [sys.executable, "-m", "cookiecutter", template, "--no-input", "--output-dir", folder],
        env={**kept, **NOTHING_KNOWN, "PATH": str(path), "HOME": str(folder), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=True,
    ).stdout


def git(project, *arguments):
    return subprocess.check_output(["git", *arguments], cwd=project, encoding="utf-8").strip()


def test_generation_makes_a_first_commit_of_everything_where_git_knows_the_user(toy):
    output = generate(toy, {"git": shutil.which("git")}, **IDENTITY)
    project = toy[1] / "toy"
    assert "skipped the lock file: uv is not on PATH. Later: uv lock --quiet" in output
    assert git(project, "status", "--porcelain") == ""
    assert git(project, "log", "--format=%s", "main") == "chore: generate the project"
    assert git(project, "ls-files").split() == ["base.txt", "whole.txt"]


def test_without_an_identity_the_commit_is_skipped_and_the_project_stays(toy):
    output = generate(toy, {"git": shutil.which("git")})
    assert "skipped the first commit: " in output
    assert (toy[1] / "toy" / ".git").is_dir()


def test_what_the_console_cannot_write_does_not_cost_the_project(toy):
    uv = toy[1].parent / "uv.py"
    said = "sys.stderr.buffer.write('╰─▶ größer'.encode())"
    uv.write_text(f"#!{sys.executable}\nimport sys\n{said}\nsys.exit(1)\n", "utf-8", newline="\n")
    uv.chmod(0o755)
    output = generate(toy, {"uv": uv}, PYTHONIOENCODING="ascii")
    assert "skipped the lock file: ??? gr??er. Later: uv lock" in output
    assert (toy[1] / "toy" / "base.txt").exists()


def test_generation_without_a_network_takes_seconds_and_says_what_it_skipped(toy):
    template, _ = toy
    project = '[project]\nname = "toy"\nversion = "0"\ndependencies = ["a-package"]\n'
    (template / "{{cookiecutter.project_slug}}" / "pyproject.toml").write_text(
        project, "utf-8", newline="\n"
    )
    cache = toy[1].parent / "cache"
    nowhere = {"UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple", "UV_CACHE_DIR": str(cache)}
    nowhere |= dict.fromkeys(("UV_FIND_LINKS", "UV_INDEX", "UV_EXTRA_INDEX_URL"), "")
    programs = {"git": shutil.which("git"), "uv": shutil.which("uv") or os.environ["UV"]}
    output = generate(toy, programs, **nowhere, **IDENTITY)
    skipped = [line for line in output.splitlines() if line.startswith("skipped")]
    assert len(skipped) == 1
    assert re.match("skipped the lock file: .+ Later: uv lock --quiet", skipped[0])
    assert git(toy[1] / "toy", "log", "--format=%s") == "chore: generate the project"


def test_a_failing_tool_is_named_with_its_reason_and_the_project_stays(toy):
    output = generate(toy, {"git": shutil.which("false"), "uv": shutil.which("false")})
    assert "skipped the git repository: it failed. Later: git init" in output
    assert "skipped the lock file: it failed" in output
    assert (toy[1] / "toy" / "base.txt").exists()
    assert not (toy[1] / "toy" / "_options").exists()
