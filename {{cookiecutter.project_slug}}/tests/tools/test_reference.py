import sys
from pathlib import Path

import pytest
from project_tools.reference import command, commands
from project_tools.reference.fields import UndescribedError
from toy_reference import CHANGED, write_reference_toy

from {{ cookiecutter.package_name }}.runtime.composition import compose


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a configuration of few keys and a few commands."""
    folder = write_reference_toy(tmp_path / "toy")
    monkeypatch.setattr(command, "PROJECT", folder)
    return folder


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["reference", *words])
    return command.main()


def lines_of(folder: Path, page: str) -> list[str]:
    return command.pages(folder)[folder / f"docs/{page}.md"].splitlines()


def test_the_pages_of_this_project_say_what_its_code_says() -> None:
    wanted = command.pages(command.PROJECT)
    stale = [file.name for file, text in wanted.items() if file.read_text("utf-8") != text]
    assert stale == [], "`uv run reference` writes them anew"


def test_values_of_this_projects_page_are_those_that_hydra_composes() -> None:
    page = command.pages(command.PROJECT)[command.PROJECT / "docs/configuration.md"]
    composed = compose([])
    assert f"- `seed={composed.seed}` (whole number)" in page
    for group in ("data", "optimizer", "trainer", "evaluation", "tune"):
        for key, value in composed[group].items():
            if key != "_target_" and isinstance(value, int | str) and not isinstance(value, bool):
                assert f"- `{group}.{key}={value}` (" in page


def test_pages_are_written_when_they_have_changed_and_only_told_of_with_check(
    toy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--check") == 1
    assert not (toy / "docs/commands.md").exists()
    assert run(monkeypatch) == 0
    assert run(monkeypatch, "--check") == 0
    capsys.readouterr()
    schema = toy / "src/toy/config/__init__.py"
    schema.write_text(schema.read_text("utf-8").replace(*CHANGED), "utf-8")
    assert run(monkeypatch, "--check") == 1
    told = "docs/configuration.md: not what the code says now. `uv run reference` writes it.\n"
    assert capsys.readouterr().out == told


@pytest.mark.parametrize(
    "line",
    [
        "- `seed=0` (whole number): of every draw",
        "- `mode=fast` (`fast` or `slow`): how it goes; slow where it must",
        "- `trainer.epochs=3` (whole number or `null`): a line above its field",
        "- `trainer.rest.minutes=1.5` (number): beside its value",
        "- `trainer.job=null` (group or `null`): what a job asks for",
        "- `trainer.job.cpus` (whole number): of each process",
        "- `trainer.parts=[]` (list): a part",
        "- `trainer.parts[].name` (text): of the part",
        "- `trainer=gpu`: Another machine.",
        "### model=small (default)",
        "- `model.width=8` (whole number): of \\*a\\* layer, as `a_b`",
        "- `debug=look`: A look at it; 3 s; expect: nothing.",
    ],
)
def test_a_key_is_told_with_its_value_and_what_stands_beside_it(line: str, toy: Path) -> None:
    assert line in lines_of(toy, "configuration")


def test_a_key_that_nothing_explains_is_named(
    toy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    schema = toy / "src/toy/config/__init__.py"
    schema.write_text(schema.read_text("utf-8").replace("  # of every draw", ""), "utf-8")
    assert run(monkeypatch) == 1
    told = "seed: nothing says what it is. Write a comment beside its field."
    assert capsys.readouterr().err == f"reference: {told}\n"


def test_commands_stand_with_their_help_in_the_order_of_the_pipeline(toy: Path) -> None:
    page = "\n".join(lines_of(toy, "commands"))
    parts = [
        "### train\n\nTrain it.\n\nReads `trainer`, `seed`. Writes `models`, `summary.json`.\n",
        "### use\n\nMake a choice.\n\n```text\nuse KEY=VALUE   make it\n```\n",
        "### doctor\n\nLook.\n\nAt all.\n\n- `--fix N`: mend so many\n- `NAME`: of what",
    ]
    places = [page.index(part) for part in parts]
    assert places == sorted(places)


def test_a_command_without_words_or_file_is_named(toy: Path) -> None:
    (toy / "src/toy/use.py").write_text("def main(): pass\n", "utf-8")
    with pytest.raises(UndescribedError, match="use: no docstring says what it does"):
        command.pages(toy)
    with pytest.raises(UndescribedError, match=r"toy\.gone:main: a command .* without gone"):
        commands.page(toy, {"compose": "toy.use:main", "train": "toy.gone:main"})
