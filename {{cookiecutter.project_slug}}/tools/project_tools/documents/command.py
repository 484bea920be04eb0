"""Checks the texts that others rely on: `uv run documents`, or `uv run documents FILE ...`.

Decision records, experiment plans and results, the model card's answers, the datasheet,
postmortems, and paper cards where there are any. One line `file:line: what, expected` per problem;
exits with 1 if there is one.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from project_tools.documents import (
    datasheets,
    decisions,
    model_cards,
    papers,
    plans,
    postmortems,
)
from project_tools.documents.page import NO_DOCUMENTS

PROJECT = Path(__file__).resolve().parents[3]
KINDS: dict[str, Callable[[Path], list[str]]] = {
    f"{decisions.FOLDER}/*.md": decisions.check,
    f"{plans.FOLDER}/*.yaml": plans.check,
    f"{plans.FOLDER}/*.json": plans.check,
    f"{postmortems.FOLDER}/*.md": postmortems.check,
    f"{papers.FOLDER}/*.md": papers.check,
    model_cards.FILE: model_cards.check,
    datasheets.FILE: datasheets.check,
}


def documents(project: Path) -> dict[Path, Callable[[Path], list[str]]]:
    """Every document of a project, with its check; a folder that is missing has none."""
    return {
        file: check
        for pattern, check in KINDS.items()
        for file in sorted(project.glob(pattern))
        if file.name not in NO_DOCUMENTS
    }


def problems(project: Path, names: list[Path]) -> list[str]:
    """What is wrong with these files, or with all and with what has to be there."""
    known = documents(project)
    wanted = {name.resolve() for name in names}
    found = [
        line
        for file, check in known.items()
        if not names or file.resolve() in wanted
        for line in check(file)
    ]
    found += [
        f"{name}:1: it is missing, expected what people have to know"
        for name in (model_cards.FILE, datasheets.FILE)
        if not names and project / name not in known
    ]
    folder = project / papers.FOLDER
    together = not names or any(name.parent == folder.resolve() for name in wanted)
    return found + (papers.check_all(folder) if together else [])


def main() -> int:
    """Print a line for each thing that is wrong; the exit status."""
    parser = argparse.ArgumentParser(
        prog="documents", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", metavar="FILE", nargs="*", type=Path, help="instead of all")
    files = parser.parse_args().files
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # a name that the console cannot write
    found = problems(PROJECT, files)
    for line in found:
        print(line)
    print(f"documents: {len(found)} wrong" if found else "documents: all hold")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
