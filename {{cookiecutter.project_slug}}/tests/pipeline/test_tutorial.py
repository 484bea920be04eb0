"""The pages of the tutorial, carried out as they stand there on the example's data."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from page_steps import Step, edit, is_possible, modules, not_seen, steps
from project_copy import ProjectCopy
from project_pages import PROJECT, commands

PAGES = [PROJECT / "docs/tutorial.md", PROJECT / "docs/tutorial_decision.md"]
EXAMPLE = PROJECT / "src/{{ cookiecutter.package_name }}/conf/data/example.yaml"
CODE = [step for page in PAGES for step in steps(page) if step.file.startswith("src/")]
# Whoever went through the hour, or has a model and data of their own, has other files than it.
FRESH = EXAMPLE.exists() and all(is_possible(PROJECT, step) for step in CODE)
# At the top of the project: what a fresh clone has, and what was made since.
MADE = (".git", ".venv", "data", "models", "predictions", "reports", "runs", "params.yaml")
MADE += ("dvc.lock", "mlflow.db", "mlruns", "mlartifacts", "site", ".dvc-remote", "build")
# Told by their beginning; everything else that is typed there runs here.
LEFT_OUT = {
    "dvc push": "tests/pipeline/test_storage.py",
    "replace-example": "tests/tools/test_replacement.py",
}
SAYS_NO = 3  # exit code of a gate that lets no model take over
PATIENCE = 1800  # seconds for one command, on a busy machine


@pytest.fixture
def clone(tmp_path: Path) -> ProjectCopy:
    """The project as it was generated, and somebody who commits."""
    copy = ProjectCopy(tmp_path / "project", tmp_path / "beside")
    (copy.beside / "INJECTED").mkdir(parents=True)
    (copy.beside / "gitconfig").write_text("[user]\nname = Ada\nemail = ada@example.com\n", "utf-8")
    copy.folder.mkdir()
    for part in PROJECT.iterdir():
        if part.is_dir() and part.name not in MADE and not part.name.endswith("_cache"):
            unwanted = ("cache", "tmp") if part.name == ".dvc" else ("__pycache__",)
            ignored = shutil.ignore_patterns(*unwanted)
            shutil.copytree(part, copy.folder / part.name, ignore=ignored)
        elif part.is_file() and part.name not in MADE:
            shutil.copyfile(part, copy.folder / part.name)
    subprocess.run(["git", "init", "-q"], cwd=copy.folder, env=copy.environment, check=True)
    return copy


def carry_out(copy: ProjectCopy, words: list[str]) -> str:
    """Type one command; return what it printed."""
    if words[:2] == ["uv", "run"]:
        name, *rest = words[2:]
        if any(" ".join(words[2:]).startswith(one) for one in LEFT_OUT):
            return ""
        words = [sys.executable, "-m", modules().get(name, name), *rest]
    own = copy.environment["PYTHONPATH"]  # and the tools of the copy, not those of this project
    settings = {"PYTHONPATH": os.pathsep.join([str(copy.folder / "tools"), own]), "NO_COLOR": "1"}
    done = subprocess.run(
        words,
        cwd=copy.folder,
        env=copy.environment | settings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=PATIENCE,
        check=False,
    )
    printed = done.stdout.decode("utf-8", "replace")
    good = (0, SAYS_NO) if words[-1].endswith(".gate") else (0,)
    assert done.returncode in good, f"{words}: {done.returncode}\n{printed}"
    return printed


@pytest.mark.slow
@pytest.mark.full
@pytest.mark.skipif(not FRESH, reason="tells of the example and its network as they came")
def test_the_hour_goes_as_the_page_says(clone: ProjectCopy) -> None:
    for step in [step for page in PAGES for step in steps(page)]:
        if step.file:
            edit(clone.folder, step)
            continue
        printed = "".join(carry_out(clone, words) for words in step.commands)
        if log := os.environ.get("TUTORIAL_LOG"):  # to see what a page should show
            with Path(log).open("a", encoding="utf-8") as stream:
                stream.write(f"$ {step.commands}\n{printed}\n")
        assert not_seen(step.seen, printed) == [], printed


def test_every_step_has_commands_that_there_are_and_edits_that_fit() -> None:
    found = [step for page in PAGES for step in steps(page)]
    assert sum(bool(step.seen) for step in found) >= 8
    typed = [words for step in found for words in step.commands]
    assert {words[0] for words in typed} <= {"uv", "git"}
    named = {words[2] for words in typed if words[0] == "uv"} - set(modules())
    assert named <= {"dvc", "pytest", "ruff", "pyrefly"}
    told = [" ".join(one.words) for page in PAGES for one in commands(page)]
    ran = [" ".join(words[2:]) for words in typed if words[0] == "uv"]
    shown = [one for one in told if not one.endswith("...")]  # and not what a command printed
    assert [one for one in shown if one not in ran and not one.startswith(tuple(LEFT_OUT))] == []
    assert [place for place in LEFT_OUT.values() if not (PROJECT / place).exists()] == []


def page(tmp_path: Path, text: str) -> list[Step]:
    file = tmp_path / "page.md"
    file.write_text(text, "utf-8")
    return list(steps(file))


def test_a_page_is_read_block_by_block(tmp_path: Path) -> None:
    found = page(
        tmp_path,
        "```bash\nuv run a b='c d'  # no\nx && y \\\n z\n```\nand\n```text\nseen\n```\n"
        '```diff title="f"\n@@\n-a\n+b\n```\n```python\nno = step\n```\n',
    )
    typed = [["uv", "run", "a", "b=c d"], ["x"], ["y", "z"]]
    assert [step.commands for step in found] == [typed, []]
    assert (found[0].seen, found[1].file, found[1].language) == (["seen"], "f", "diff")


@pytest.mark.parametrize(
    ("expected", "missing"),
    [
        (["right on 97.8% [95.8, 98.9] of 372 rows"], []),
        (["right on 1% [2, 3] of ... rows", "...", "end -4e-05"], []),
        (["right on many of 372 rows"], ["right on many of 372 rows"]),
        (["end 1", "right on 9% ..."], ["right on 9% ..."]),
    ],
)
def test_numbers_are_free_words_and_their_order_are_not(
    expected: list[str], missing: list[str]
) -> None:
    printed = "begin\n  right on 88.1%   [80, 91] of 1,372 rows\nmore\nend 7\n"
    assert not_seen(expected, printed) == missing


def test_an_edit_replaces_what_is_there_once(tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_text("a\nb\n\na\n", "utf-8")
    change = Step(file="f", language="diff", text="@@\n b\n \n-a\n+c\n")
    assert is_possible(tmp_path, change)
    edit(tmp_path, change)
    assert not is_possible(tmp_path, change)
    assert file.read_text("utf-8") == "a\nb\n\nc\n"
    edit(tmp_path, Step(file="g", language="python", text="new\n"))
    assert (tmp_path / "g").read_text("utf-8") == "new\n"
    file.write_text("a\na\n", "utf-8")
    with pytest.raises(AssertionError, match="2 times"):
        edit(tmp_path, Step(file="f", language="diff", text="@@\n-a\n+c\n"))
