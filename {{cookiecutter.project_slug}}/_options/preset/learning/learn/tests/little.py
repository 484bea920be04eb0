"""A small project with two exercises and one cut."""

import subprocess
from pathlib import Path

EXERCISES = {
    "python/add.toml": """
title = "Add"
kind = "write"
minutes = 5
target = "sums.py::total"
tests = ["tests/test_sums.py::test_total"]
read = "sums.py::mean"
task = "Add both."
hints = ["Two numbers.", "A sign between them.", "a + b"]

[[wrong]]
why = "Takes away."
body = "return a - b"

[[wrong]]
why = "Multiplies."
body = "return a * b"
""",
    "communication/note.toml": """
title = "Say it"
kind = "complete"
minutes = 5
target = "learn/note.md"
tests = ["learn/tests/test_note.py"]
read = "sums.py::mean"
task = "Say hello."
hints = ["A greeting.", "An English one.", "hello"]
stub = "h\\n"

[[wrong]]
why = "Shouts."
body = "HELLO"

[[wrong]]
why = "Says goodbye."
body = "bye"
""",
}
FILES = {
    "pyproject.toml": "[tool.pytest.ini_options]\nfilterwarnings = ['error']\n",
    ".gitattributes": "* text=auto\n",
    "src/toy/__init__.py": "",
    "src/toy/sums.py": '''\
"""Sums."""


def total(a, b):
    """Add."""
    return a + b


def mean(a, b):
    """Half of the sum."""
    return total(a, b) / 2
''',
    "tests/test_sums.py": """\
import pytest
from toy import sums


@pytest.mark.parametrize("a", [0, 1])
def test_total(a):
    assert sums.total(a, 3) == a + 3


def test_mean():
    assert sums.mean(1, 3) == 2


def test_where_it_is():
    print("the module is", sums.__file__)
    raise AssertionError("as it should")
""",
    "tests/cuts/sums.toml": """
[[cut]]
name = "half-of-what"
target = "sums.py::mean"
why = "Forgets to divide."
body = "return total(a, b)"
tests = ["tests/test_sums.py::test_mean"]
""",
    "learn/note.md": "hello\n",
    "learn/tests/test_note.py": """\
from pathlib import Path


def test_note():
    assert Path(__file__).parents[1].joinpath("note.md").read_text("utf-8") == "hello\\n"
""",
    **{f"learn/exercises/{name}": text for name, text in EXERCISES.items()},
}


def git(folder: Path, *words: str) -> str:
    """What git says, as somebody who has told it their name."""
    who = ["-c", "user.name=A Person", "-c", "user.email=a@b.example"]
    done = subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)
    return done.stdout.decode().strip()
