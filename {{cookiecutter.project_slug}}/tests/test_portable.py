"""The code runs on Linux, macOS and Windows alike, as far as one of them can tell."""

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
SOURCES = [file for name in ("src", "tools") for file in sorted((PROJECT / name).rglob("*.py"))]
TESTS = sorted((PROJECT / "tests").rglob("*.py"))
MODE = re.compile("[rwax][t+]*")
DEVICES = re.compile(r"(con|prn|aux|nul|(com|lpt)\d)(\..*)?", re.IGNORECASE)
FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f]|[. ]$')
CHILDREN = ("run", "Popen", "check_output", "check_call", "call")  # of subprocess


def mode_of(call: ast.Call) -> str | None:
    """How a text file is opened; None where no text file is."""
    given = [*call.args, *(word.value for word in call.keywords if word.arg == "mode")]
    words = [one.value for one in given if isinstance(one, ast.Constant)]
    modes = [word for word in words if isinstance(word, str) and MODE.fullmatch(word)]
    plain = isinstance(call.func, ast.Name) and len(call.args) == 1
    return modes[0] if modes else "r" if plain else None


def mistakes(code: str, *, hashed: bool) -> Iterator[tuple[int, str]]:
    """What Windows would do otherwise: cp1252 for UTF-8, and CRLF for LF in what is ``hashed``."""
    for call in ast.walk(ast.parse(code)):
        if not isinstance(call, ast.Call):
            continue
        method = call.func.attr if isinstance(call.func, ast.Attribute) else None
        name = method or ast.unparse(call.func)
        words = {word.arg for word in call.keywords}
        mode = mode_of(call) if name == "open" else None
        reads = method == "read_text" and not call.args
        writes = method == "write_text" and len(call.args) < 2
        child = name in CHILDREN and bool({"text", "universal_newlines"} & words)
        if (reads or writes or mode or child) and "encoding" not in words:
            yield call.lineno, "encoding"
        changes = method == "write_text" or (mode is not None and mode[0] != "r")
        if hashed and changes and "newline" not in words:
            yield call.lineno, "newline"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("p.read_text()", ["encoding"]),
        ("p.read_text('utf-8')", []),
        ("p.write_text('a', 'utf-8')", ["newline"]),
        ("p.write_text('a', encoding='utf-8', newline='')", []),
        ("write_text(p, 'a')", []),
        ("open(p)", ["encoding"]),
        ("p.open('a', encoding='utf-8')", ["newline"]),
        ("p.open('wb')", []),
        ("Image.open(p)", []),
        ("run(c, text=True)", ["encoding"]),
        ("run(c, text=True, encoding='utf-8')", []),
        ("Step(text='a')", []),
    ],
)
def test_mistakes_are_seen(code: str, expected: list[str]) -> None:
    assert [found for _, found in mistakes(code, hashed=True)] == expected


def test_text_is_utf8_and_what_is_written_has_the_same_bytes_on_every_system() -> None:
    found = [
        f"{file.relative_to(PROJECT).as_posix()}:{line}: without {missing}="
        for files, hashed in ((SOURCES, True), (TESTS, False))
        for file in files
        for line, missing in mistakes(file.read_text("utf-8"), hashed=hashed)
    ]
    assert SOURCES
    assert found == []


@pytest.mark.slow
@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_nothing_that_another_system_lacks_is_used_without_asking(system: str) -> None:
    command = [sys.executable, "-m", "pyrefly", "check", "--python-platform", system]
    command += ["--min-severity", "error", "--output-format", "min-text", "--summary", "none"]
    done = subprocess.run(
        [*command, "src", "tools"], cwd=PROJECT, capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_every_system_can_have_files_of_these_names() -> None:
    folders = ("src", "tests", "tools", "docs", "notebooks", "contracts")
    paths = [path.relative_to(PROJECT) for name in folders for path in (PROJECT / name).rglob("*")]
    bad = [path for path in paths if DEVICES.fullmatch(path.name) or FORBIDDEN.search(path.name)]
    assert bad == []
    folded = Counter(path.as_posix().casefold() for path in paths)
    assert [name for name, times in folded.items() if times > 1] == []
