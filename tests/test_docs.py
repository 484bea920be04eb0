"""What the pages say of the template is so: links, options, targets and messages."""

import json
import re
import shutil
import subprocess
import sys

import pytest
from cookiecutter.exceptions import FailedHookException
from jinja2 import UndefinedError

from support import PROJECT, TEMPLATE, bake, files_of_the_repository

PAGES = [
    path
    for path in files_of_the_repository()
    if path.suffix == ".md" and not path.is_relative_to(PROJECT)
]
TEXTS = {path.relative_to(TEMPLATE).as_posix(): path.read_text(encoding="utf-8") for path in PAGES}
PROSE = {
    name: re.sub(r"^ *```.*?^ *```", "", text, flags=re.M | re.S) for name, text in TEXTS.items()
}
LINK = re.compile(r"(?<!`)\[[^\]]*\]\(([^)\s]+)\)")


def anchors(text):
    """The names that headings have where Markdown is shown without a site."""
    for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def test_every_link_leads_to_a_file_and_a_heading():
    followed = 0
    for name, text in PROSE.items():
        for link in LINK.findall(re.sub(r"`[^`\n]*`", "", text)):
            if ":" in link.partition("#")[0]:  # another host, or a mail
                continue
            path, _, anchor = link.partition("#")
            target = (TEMPLATE / name).parent / path if path else TEMPLATE / name
            assert target.exists(), f"{name}: {link}"
            if anchor:
                assert anchor in anchors(target.read_text(encoding="utf-8")), f"{name}: {link}"
            followed += 1
    assert followed > 40


def targets():
    makefile = (TEMPLATE / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))


def test_every_target_that_is_named_exists_and_every_target_is_explained():
    named = {
        target
        for text in TEXTS.values()
        for target in re.findall(r"(?:^ *|`)make ([a-z-]+)", text, re.MULTILINE)
    }
    assert named - targets() == set()
    explained = re.findall(r"`make ([a-z-]+)`", TEXTS["docs/commands.md"])
    assert set(explained) == targets()


def write_options(template, *arguments):
    script = template / "scripts" / "options.py"
    command = [sys.executable, str(script), *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


def test_the_page_of_options_is_what_the_questions_say():
    result = write_options(TEMPLATE, "--check")
    assert result.returncode == 0, result.stderr


@pytest.fixture
def small_template(tmp_path):
    """The script beside questions of its own, and overlays for some of their answers."""
    questions = {
        "name": "x",
        "slug": "{{ cookiecutter.name | slugify }}",
        "ci": ["none", "forge"],
        "size": ["small", "large"],
        "__private": "no question",
        "__prompts__": {
            "name": "Name | title",
            "ci": {"__prompt__": "Checks", "none": "none: by hand", "forge": "forge: there"},
        },
    }
    (tmp_path / "cookiecutter.json").write_text(json.dumps(questions), "utf-8", newline="\n")
    for folder in ("ci/forge", "size/large/_options/ci/forge/size/small"):
        (tmp_path / PROJECT.name / "_options" / folder).mkdir(parents=True)
    for folder in ("scripts", "docs"):
        (tmp_path / folder).mkdir()
    shutil.copy(TEMPLATE / "scripts" / "options.py", tmp_path / "scripts")
    return tmp_path


def test_options_are_written_from_whatever_questions_there_are(small_template):
    assert write_options(small_template).returncode == 0
    page = (small_template / "docs" / "options.md").read_text(encoding="utf-8")
    rows = [
        "| `name` | Name \\| title | `x` |",
        "| `slug` | slug | follows from `name` |",
        "| `none` (default) | by hand | nothing |",
        "| `forge` | there | `_options/ci/forge`; "
        "with `size=large`: `_options/size/large/_options/ci/forge` |",
        "| `small` (default) | small | nothing |",
    ]
    assert [row for row in rows if row not in page.splitlines()] == []
    assert "private" not in page
    assert "--no-input ci=forge size=large\n" in page


def test_a_changed_question_makes_the_page_stale(small_template):
    write_options(small_template)
    assert write_options(small_template, "--check").returncode == 0
    path = small_template / "cookiecutter.json"
    path.write_text(
        path.read_text("utf-8").replace("by hand", "by yourself"), "utf-8", newline="\n"
    )
    result = write_options(small_template, "--check")
    assert result.returncode == 1
    assert result.stderr == "docs/options.md is stale. Write it anew: python scripts/options.py\n"


REFUSED = {
    "project_slug": ["A", "torch", "a/b"],
    "package_name": ["A"],
    "author": [" a", "a\nb"],
    "email": ["a"],
    "org": ["<a>"],
}


@pytest.fixture
def empty_template(tmp_path):
    """Questions and hooks, and nothing to generate."""
    (tmp_path / PROJECT.name).mkdir()
    shutil.copytree(TEMPLATE / "hooks", tmp_path / "hooks")
    shutil.copy(TEMPLATE / "cookiecutter.json", tmp_path)
    return tmp_path


def test_the_page_lists_what_the_hooks_expect_and_skip(empty_template, tmp_path, capfd):
    for key, value in ((key, value) for key, values in REFUSED.items() for value in values):
        with pytest.raises((FailedHookException, UndefinedError)) as refusal:
            bake(tmp_path, empty_template, **{key: value})
        message = f"{capfd.readouterr().err}\n{refusal.value}"
        expected = re.findall(r"[Ee]xpected:? (.+?)\. Type", message)
        assert expected
        for one in expected:
            assert f"`{one.replace('underscores', 'hyphens')}`" in TEXTS["docs/commands.md"]
    bake(tmp_path, empty_template)
    told = capfd.readouterr().out.splitlines()
    assert len(told) == 3  # no git, no commit
    for line in told:
        beginning = line.partition(": ")[0]
        assert f"| `{beginning}" in TEXTS["docs/commands.md"]


def test_an_answer_is_added_as_the_page_says(tmp_path):
    template = tmp_path / "template"
    template.mkdir()
    shutil.copy(TEMPLATE / "cookiecutter.json", template)
    for name in ("hooks", PROJECT.name):
        shutil.copytree(TEMPLATE / name, template / name)
    page = (TEMPLATE / "docs" / "add_an_answer.md").read_text("utf-8")
    overlay = template / re.search(r"under `(.+?)`", page)[1]
    overlay.mkdir(parents=True)
    content = re.search(r"```yaml\n(.+?)```", page, re.DOTALL)[1]
    (overlay / ".woodpecker.yaml").write_text(content, "utf-8")
    questions = json.loads((template / "cookiecutter.json").read_text("utf-8"))
    questions["ci"].append("woodpecker")
    questions["__prompts__"]["ci"]["woodpecker"] = "woodpecker: the checks at every push"
    (template / "cookiecutter.json").write_text(json.dumps(questions), "utf-8")
    project = bake(tmp_path, template=template, ci="woodpecker")
    assert (project / ".woodpecker.yaml").exists()
    assert not (project / ".github").exists()
