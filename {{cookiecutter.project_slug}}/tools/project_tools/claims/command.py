"""Checks the numbers in README.md, docs/experiments and the model card: `uv run claims`.

A number that looks measured has a claim behind it, `<!-- claim: KEY percent -->`, and must be what
reports/metrics.json has there, or FILE.json with `FILE.json#KEY`; or its line is marked
`<!-- not a claim -->`. Plans of experiments must be committed before their results. Exits with 1
if something is wrong.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from project_tools.claims import experiments, texts

PROJECT = Path(__file__).resolve().parents[3]


def main() -> int:
    """Print a line for each thing that is wrong; the exit status."""
    parser = argparse.ArgumentParser(
        prog="claims", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--fix", action="store_true", help="put numbers right that have drifted")
    fix = parser.parse_args().fix
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # a name that the console cannot write
    problems: list[str] = []
    claims, files = 0, texts.files_of(PROJECT)
    for file in files:
        found = texts.check(PROJECT, file)
        if fix and found.drifted:
            _write(file, texts.mended(file.read_text(encoding="utf-8"), found.drifted))
            print(f"{file.relative_to(PROJECT).as_posix()}: {len(found.drifted)} numbers put right")
            found = texts.check(PROJECT, file)
        problems += found.problems
        claims += found.claims
    of_experiments, notes = experiments.check(PROJECT)
    for line in [*problems, *of_experiments, *(f"note: {note}" for note in notes)]:
        print(line)
    wrong = len(problems) + len(of_experiments)
    told = f"{wrong} wrong" if wrong else "all hold"
    print(f"claims: {claims} claims in {len(files)} files, {told}")
    return 1 if wrong else 0


def _write(file: Path, text: str) -> None:
    partial = file.with_name(f"{file.name}.partial")
    partial.write_text(text, encoding="utf-8", newline="\n")
    partial.replace(file)


if __name__ == "__main__":
    sys.exit(main())
