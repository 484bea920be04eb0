"""Puts your own data in the example's place, and deletes what is the example's.

Without words: shows what is the example's, and changes nothing. With the words of `ingest`
(data.path=my.csv ...): brings the data in, then deletes. Commit first: what git does not hold as it
stands is not deleted.
"""

from __future__ import annotations

import argparse
import datetime
import re
import subprocess
import sys
from pathlib import Path

from project_tools.documents import renewal
from project_tools.reference.command import renew
from project_tools.the_example import CURRENT, OF_THE_EXAMPLE, choice
from project_tools.the_example import files as examples

READ_FROM_A_PATH = {"file", "folder"}  # other sources are code, and may need none
AFTERWARDS = """\
Next: uv run dvc repro   # your data -> reports/report.html
Then look at `git status`, and commit. `git restore .` before that takes the deletion back."""


class ReplacementError(Exception):
    """Why nothing was deleted, and what to do about it."""


def main() -> int:
    """Print what is the example's, or what was done about it; the exit status."""
    parser = argparse.ArgumentParser(
        prog="replace-example",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("words", metavar="KEY=VALUE", nargs="*", help="what `ingest` is to be told")
    parser.add_argument("--delete", action="store_true", help="your own data are in already")
    arguments = parser.parse_args()
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # a name that the console cannot write
    try:
        project = find_project(Path.cwd())
        print("\n".join(act(project, arguments.words, delete=arguments.delete)))
    except ReplacementError as problem:
        print(f"replace-example: {problem}", file=sys.stderr)
        return 1
    return 0


def act(project: Path, words: list[str], *, delete: bool) -> list[str]:
    """Do what the command was told; what there is to say about it."""
    files, texts = examples(project), renewal.about_the_example(project)
    names = [f"  {file.relative_to(project).as_posix()}" for file in files]
    if not words and not delete:
        told = ["The example's; `uv run replace-example KEY=VALUE ...` puts your own there:"]
        return [*told, *names] if files else ["Nothing of the example is left."]
    check_kept(project, [*files, *texts])
    if words:
        bring_in(project, words)
    replace(project, files)
    if (project / "docs/configuration.md").exists():
        renew(project)  # it has listed the example's choices
    told = [f"deleted {len(files)} files of the example{':' * bool(files)}", *names]
    asked = renewal.ask_anew(project, datetime.date.today())
    return [*told, *asked, AFTERWARDS]


def find_project(start: Path) -> Path:
    """The nearest folder at or above `start` that holds dvc.yaml."""
    for folder in (start, *start.parents):
        if (folder / "dvc.yaml").is_file():
            return folder
    raise ReplacementError(f"{start}: not inside a project (no dvc.yaml here or above).")


def check_kept(project: Path, files: list[Path]) -> None:
    """Refuse to delete what git could not give back."""
    if not files:
        return
    command = ["git", "status", "--porcelain", "--ignored", "--untracked-files=all", "--"]
    names = [file.relative_to(project).as_posix() for file in files]
    asked = subprocess.run(
        [*command, *names], cwd=project, capture_output=True, check=False, encoding="utf-8"
    )
    if asked.returncode:
        raise ReplacementError(f"git does not say what it holds: {asked.stderr.strip()}")
    if changed := [line[3:] for line in asked.stdout.splitlines()]:
        raise ReplacementError(
            f"not committed as they stand: {', '.join(changed)}. Nothing was deleted; first: "
            'git add --all && git commit -m "chore: before the example goes"'
        )


def bring_in(project: Path, words: list[str]) -> None:
    """Make other data the project's, as `ingest` does."""
    if not any(word.startswith("data.path=") for word in words):
        raise ReplacementError("expected data.path=..., and what else `uv run ingest` is told.")
    if any(word.startswith("run=") for word in words):
        raise ReplacementError("run=...: a run with a name leaves the project's data as they are.")
    if subprocess.run(_command(project, "ingest", *words), cwd=project, check=False).returncode:
        raise ReplacementError("the data did not come in, and nothing was deleted.")


def replace(project: Path, files: list[Path]) -> None:
    """Delete the files, and choose none of them any more.

    Raises:
        ReplacementError: when the project has no other data.
    """
    (current,) = project.glob(CURRENT)
    before = current.read_text("utf-8")
    kept = [line for line in before.splitlines() if not OF_THE_EXAMPLE.fullmatch(choice(line))]
    own = has_data(project)
    current.write_text("".join(f"{line}\n" for line in kept) or "[]\n", "utf-8", newline="\n")
    if not (own and has_data(project)):  # with the example's values, and without
        current.write_text(before, "utf-8", newline="\n")
        raise ReplacementError(
            "the project's data are the example's, and nothing was deleted. Name your own: "
            "replace-example data.source=... data.path=... (as for `uv run ingest`)."
        )
    for file in files:
        file.unlink()


def has_data(project: Path) -> bool:
    """Whether the current configuration names data that are not the example's."""
    command = _command(project, "compose")
    composed = subprocess.run(
        command, cwd=project, stdout=subprocess.PIPE, check=False, encoding="utf-8"
    )
    found = re.search(r"^data:\n((?: +.*\n)+)", composed.stdout, re.MULTILINE)
    values = dict(re.findall(r"^  (source|path): (.+)$", found[1] if found else "", re.MULTILINE))
    source, path = values.get("source", "example"), values.get("path", "null")
    return source != "example" and (path != "null" or source not in READ_FROM_A_PATH)


def _command(project: Path, verb: str, *words: str) -> list[str]:
    """A command of the project's package, in its environment."""
    (package,) = (file.parent.name for file in project.glob("src/*/ingest.py"))
    return [sys.executable, "-m", f"{package}.{verb}", *words]
