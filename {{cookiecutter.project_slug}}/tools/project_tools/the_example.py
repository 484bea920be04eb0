"""What is the example's: it is called example and lies here; and whether the data are."""

from __future__ import annotations

import re
from pathlib import Path

PLACES = (
    "contracts/example_*.yaml",
    "docs/*/example.*",
    "docs/*/example_*.*",
    "src/*/conf/*/example.yaml",
    "src/*/conf/*/example_*.yaml",
    "src/*/sources/example.py",
    "tests/cuts/example.toml",
    "tests/sources/test_example.py",
)
CURRENT = "src/*/conf/current.yaml"
OF_THE_EXAMPLE = re.compile(r"\w+=example(_\w+)?")  # a choice of one of its files in conf/
MARK = "About the example's data"  # in a comment of a text that is about it, and called otherwise


def files(project: Path) -> list[Path]:
    """The files that are the example's."""
    return sorted({file for place in PLACES for file in project.glob(place)})


def choice(line: str) -> str:
    """A line of current.yaml as a word of the command line."""
    return line.removeprefix("- ").strip().strip("'\"")


def is_chosen(project: Path) -> bool:
    """Whether the current configuration names the example's data, and no source of one's own.

    It looks at the text alone; what the configuration comes to is asked where much depends on it.
    """
    chosen = [
        choice(line)
        for file in project.glob(CURRENT)
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    own = any(word.startswith("data.source=") and not word.endswith("=example") for word in chosen)
    example = any(
        OF_THE_EXAMPLE.fullmatch(word) and word.startswith(("data=", "experiment="))
        for word in chosen
    )
    return example and not own
