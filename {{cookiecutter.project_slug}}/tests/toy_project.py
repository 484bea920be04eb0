"""A small project to be sabotaged."""

from pathlib import Path

from project_tools.sabotage.cuts import Cut

SUMS = '''\
def total(a, b):
    """Add."""
    return a + b

def mean(a, b):
    return total(a, b) / 2

def default(): return 3

LIMIT = default()
'''
TESTS = """\
import pytest
from toy import sums

def test_nothing():
    pass

@pytest.mark.parametrize("a", [0, 1])
def test_total(a):
    assert sums.total(a, 2) == a + 2

def test_total_refuses():
    with pytest.raises(TypeError):
        sums.total(1, None)

@pytest.fixture
def three():
    return sums.mean(3, 3)

def test_mean_needs_a_fixture(three):
    assert three
"""
FILES = {
    "pyproject.toml": "[tool.pytest.ini_options]\nfilterwarnings = ['error']\n",
    "src/toy/__init__.py": "",
    "src/toy/sums.py": SUMS,
    "tests/test_sums.py": TESTS,
    "tests/test_red.py": "from toy.sums import mean\ndef test_red():\n    assert mean(1, 1) == 3\n",
    "tests/test_torn.py": "import nothing_of_that_name\n",
}


def cut_of(
    function: str, body: str, *tests: str, name: str = "a cut", proves: tuple[str, ...] = ()
) -> Cut:
    """One mistake in the toy's only module."""
    return Cut(name, f"sums.py::{function}", "A slip.", body, tests, proves)


def write_toy(folder: Path, cuts: list[Cut] | None = None) -> Path:
    """Write the toy project, with its cuts as TOML."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    entries = [
        f"[[cut]]\nname = {cut.name!r}\ntarget = {cut.target!r}\nwhy = {cut.why!r}\n"
        f"body = {cut.body!r}\ntests = {list(cut.tests)}\nproves = {list(cut.proves)}\n"
        for cut in cuts or []
    ]
    (folder / "tests" / "cuts").mkdir()
    (folder / "tests" / "cuts" / "sums.toml").write_text("\n".join(entries), "utf-8")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below ``folder``, by its place there."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}
