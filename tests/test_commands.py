"""The commands of the pages, typed as they stand there, with a local copy of the template."""

import re
import shlex
import sys

import pytest

from support import TEMPLATE, commit

ADDRESSES = {"gh:org/ml-starter", "https://github.com/org/ml-starter"}
RUN = (
    "uvx cookiecutter gh:",
    "uvx cruft",
    "cd ",
    "git add .cruft",
    'git commit -m "chore: record',
    "git diff --cached",
)
# Every other command has a reason why it is not run here.
NOT_RUN = {
    "make ": "takes minutes, or is another test's; that the targets exist is checked",
    "uv run ": "needs the environment of a project: the tests of real projects have one",
    "uvx cookiecutter . --output-dir build ci=woodpecker": "follows edits that a reader makes",
    "git add --all": "commits what the pipeline of a real project made",
    "git add records": "the same",
    "git commit -m": "the same",
    "uv export": "needs the lock file of a real project, and then an index",
    "uvx pip download": "needs an index",
    "uv venv": "goes with the wheels that were downloaded",
    "uv pip install": "goes with the wheels that were downloaded",
}
FENCE = re.compile(r"^( *)```bash\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
PAGES = [TEMPLATE / "README.md", TEMPLATE / "CONTRIBUTING.md"]
PAGES += sorted((TEMPLATE / "docs").rglob("*.md"))


def commands_of(block):
    """The commands of a block, each without comment and without the lines' ends in it."""
    for line in block.replace("\\\n", " ").splitlines():
        for command in re.sub(r"(^|\s)#.*", "", line).split("&&"):
            if command.strip():
                yield " ".join(command.split())


BLOCKS = {
    path: [list(commands_of(text)) for _, text in FENCE.findall(path.read_text(encoding="utf-8"))]
    for path in PAGES
}


def runnable(command):
    return command.startswith(RUN)


def test_every_command_is_run_or_has_a_reason_not_to_be():
    commands = {one for blocks in BLOCKS.values() for block in blocks for one in block}
    assert len(commands) > 30
    unknown = [one for one in commands if not runnable(one) and not one.startswith(tuple(NOT_RUN))]
    assert unknown == []
    unused = [reason for reason in NOT_RUN if not any(one.startswith(reason) for one in commands)]
    assert unused == []


class Shell:
    """Types commands one after another, in a folder that `cd` changes."""

    def __init__(self, run, folder, template):
        self.run, self.folder, self.template = run, folder, template

    def type(self, command, code=0):
        words = shlex.split(command)
        words = [str(self.template) if word in ADDRESSES else word for word in words]
        if words[0] == "cd":
            self.folder = self.folder / words[1]
            assert self.folder.is_dir()
            return ""
        if words[0] == "uvx":
            words = [sys.executable, "-m", *words[1:]]
        return self.run(self.folder, *words, code=code)


@pytest.fixture
def shell(run, template, tmp_path):
    run(template, "git", "tag", "v0.1.0")
    (tmp_path / "work").mkdir()
    return Shell(run, tmp_path / "work", template)


STARTS = {
    tuple(filter(runnable, block))
    for path, blocks in BLOCKS.items()
    for block in blocks
    if path.name != "updating.md" and any(map(runnable, block))
}


@pytest.mark.parametrize("commands", sorted(STARTS), ids=" ".join)
def test_projects_begin_as_the_pages_say(shell, commands):
    work = shell.folder
    shell.folder = work / "project before"  # some pages begin by leaving it
    shell.folder.mkdir()
    for command in commands:
        shell.type(command)
    assert len([*work.glob("*/dvc.yaml"), *work.glob("*/*/dvc.yaml")]) == 1


def release(shell):
    """A later release of the template, in which a page has one line more."""
    (pages,) = shell.template.glob("*/docs")
    with (pages / "gate.md").open("a", encoding="utf-8") as page:
        page.write("The template's line.\n")
    commit(shell.run, shell.template)


@pytest.mark.slow
def test_a_project_is_created_linked_and_updated_as_the_page_says(shell):
    blocks = BLOCKS[TEMPLATE / "docs" / "updating.md"]
    create, link, update, change = blocks
    start = shell.folder
    for command in create:
        shell.type(command)
    assert shell.type("git status --porcelain") == ""

    shell.folder = start / "linked"
    shell.folder.mkdir()
    shell.type("uvx cookiecutter gh:org/ml-starter --no-input kit=tabular")
    shell.type("cd my-ml-project")
    for command in link:
        shell.type(command)
    assert "diff --git" not in shell.type("uvx cruft diff")

    release(shell)
    for command in update:
        shell.type(command, code=int(command == "uvx cruft check"))
    page = shell.folder / "docs" / "gate.md"
    assert page.read_text(encoding="utf-8").endswith("The template's line.\n")
    assert shell.type("git diff --cached --name-only").split() == ["docs/gate.md"]

    commit(shell.run, shell.folder)
    assert not (shell.folder / "Dockerfile").exists()
    for command in change:
        shell.type(command)
    assert (shell.folder / "Dockerfile").is_file()
