"""AGENTS.md tells facts: what it names is there, and what it promises of every file holds."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest
from import_graph import PROJECT, SOURCE

TEXT = (PROJECT / "AGENTS.md").read_text("utf-8")
QUOTED = re.findall(r"`([^`]+)`", TEXT)
MADE_LATER = {"params.yaml", "dvc.lock", "uv.lock", "reports/", "runs/NAME"}
LIMIT = 200  # lines
PROGRAMS = {"ruff", "pyrefly", "pytest", "pre-commit", "dvc"}  # of the development environment


def scripts() -> set[str]:
    files = [PROJECT / "pyproject.toml", PROJECT / "tools/pyproject.toml"]
    return {
        name for f in files for name in tomllib.loads(f.read_text("utf-8"))["project"]["scripts"]
    }


def test_every_command_that_it_names_exists() -> None:
    commands = [shlex.split(one)[2] for one in QUOTED if one.startswith("uv run ")]
    assert len(commands) > 5
    assert set(commands) <= scripts() | PROGRAMS


def test_every_place_that_it_names_exists() -> None:
    places = [
        one for one in QUOTED if re.fullmatch(r"[\w./-]+/[\w./-]*|\w+\.(lock|toml|yaml)", one)
    ]
    assert len(places) > 8
    assert [one for one in places if one not in MADE_LATER and not (PROJECT / one).exists()] == []


@pytest.mark.parametrize(
    "folder", [SOURCE, PROJECT / "tests", PROJECT / "tools"], ids=lambda f: f.name
)
def test_no_file_has_more_lines_than_it_says(folder: Path) -> None:
    assert f"at most {LIMIT} lines" in TEXT
    lengths = {str(f): len(f.read_text("utf-8").splitlines()) for f in folder.rglob("*.py")}
    assert {file: lines for file, lines in lengths.items() if lines > LIMIT} == {}
