"""Scores this repository by the ML Test Score (docs/ml_test_score.md): `uv run ml-test-score`.

Runs the tests with the mark `ml_test_score`, which takes some minutes, or takes what came of them
from a file. Only tests that passed count: half a point when somebody ran them, one in a scheduled
run of the CI. Writes reports/ml_test_score.md and .json.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from project_tools.score import evidence, page
from project_tools.score.card import Card, card_of
from project_tools.score.marks import MARK, marks_in
from project_tools.score.mistakes import ScoreError
from project_tools.score.outcomes import Outcomes

PROJECT = Path(__file__).resolve().parents[3]
REPORTED = (0, 1, 5)  # pytest's exit status where every test that could run did


def main() -> int:
    """Print the table, the score and the next steps; the exit status."""
    arguments = _parser().parse_args()
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # a name that the console cannot write
    try:
        card = card_of(PROJECT, _outcomes(arguments.outcomes), datetime.now(UTC))
    except ScoreError as problem:
        print(f"ml-test-score: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("ml-test-score: interrupted", file=sys.stderr)
        return 130
    write(card, PROJECT / "reports")
    print(page.for_a_terminal(card))
    if arguments.at_least is not None and card.score < arguments.at_least:
        print(f"ml-test-score: {card.score:g} is less than {arguments.at_least:g}", file=sys.stderr)
        return 1
    return 0


def write(card: Card, folder: Path) -> None:
    """Write the report, for people and for programs."""
    folder.mkdir(exist_ok=True)
    texts = {
        "ml_test_score.md": page.for_a_reader(card),
        "ml_test_score.json": json.dumps(page.for_a_program(card), indent=2) + "\n",
    }
    for name, text in texts.items():
        partial = folder / f"{name}.partial"
        partial.write_text(text, encoding="utf-8", newline="\n")
        partial.replace(folder / name)


def run_tests(project: Path, file: Path) -> None:
    """Run the marked tests, and have the plugin write ``file``.

    Raises:
        ScoreError: when pytest did not get as far as the tests.
    """
    command = [sys.executable, "-m", "pytest", "-q", "-m", MARK]
    command += ["-p", "project_tools.score.plugin", f"--ml-test-score={file}"]
    if importlib.util.find_spec("xdist"):
        command += ["-n", "auto"]
    status = subprocess.run(command, cwd=project, check=False).returncode
    if status not in REPORTED:
        raise ScoreError(f"the tests do not run: pytest ended with {status} (its words are above).")


def _outcomes(file: Path | None) -> Outcomes:
    if file is not None:
        return Outcomes.load(file)
    marks_in(PROJECT), evidence.load(PROJECT)  # mistakes are told before minutes of tests
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "outcomes.json"
        run_tests(PROJECT, made)
        return Outcomes.load(made)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ml-test-score",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--outcomes",
        type=Path,
        metavar="FILE",
        help="what `pytest -p project_tools.score.plugin --ml-test-score=FILE` wrote",
    )
    parser.add_argument(
        "--at-least", type=float, metavar="POINTS", help="end with 1 if the score is less"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
