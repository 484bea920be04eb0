"""The worktree beside the project in which functions are cut: the project itself stays whole."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

from project_tools.sabotage.cuts import CutError
from project_tools.sabotage.sandbox import Bench, Run

BRANCH = "learn-exercises"
LONGEST = 600.0  # seconds that the tests of one exercise may take
# No hook of the project's runs: dvc would fetch data, pre-commit would look for an environment.
GIT = ["git", "-c", f"core.hooksPath={os.devnull}", "-c", "core.quotePath=false"]


def git(folder: Path, *arguments: str) -> str:
    """What git says in ``folder``.

    Raises:
        CutError: when it fails, with its complaint.
    """
    if shutil.which("git") is None:
        raise CutError("git is not on PATH.")
    inherited = {key: text for key, text in os.environ.items() if not key.startswith("GIT_")}
    done = subprocess.run(
        [*GIT, *arguments], cwd=folder, env=inherited, capture_output=True, check=False
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise CutError(f"git {arguments[0]}: {said[-1] if said else 'it failed'}")
    return done.stdout.decode(errors="replace").strip()


class Workshop:
    """The worktree of one project, `../<project>-learn`, on a branch of its own."""

    def __init__(self, project: Path) -> None:
        self.project = project.resolve()
        if self._asks("rev-parse", "--show-prefix") != "":
            raise CutError(f"{self.project} is no git repository of its own: git init -b main")
        first = Path(git(self.project, "worktree", "list", "--porcelain").splitlines()[0][9:])
        if self.project.name == f"{first.name}-learn":  # somebody calls from the worktree itself
            self.project = first.resolve()
        self.folder = self.project.parent / f"{self.project.name}-learn"
        common = git(self.project, "rev-parse", "--git-common-dir")
        self.notes = (self.project / common).resolve() / "learn"

    def open(self) -> None:
        """Make the worktree if it is not there yet; else bring it up to the project's commit.

        Raises:
            CutError: when that is impossible, with the reason.
        """
        if not self._asks("rev-parse", "--verify", "--quiet", "HEAD"):
            raise CutError("nothing is committed yet: git add --all, then git commit")
        if not self.is_open():
            if self.folder.exists() and (self.folder.is_file() or any(self.folder.iterdir())):
                raise CutError(f"{self.folder} is taken by something else: move that away.")
            git(self.project, "worktree", "prune")
            known = self._asks("rev-parse", "--verify", "--quiet", f"refs/heads/{BRANCH}")
            new = [str(self.folder), BRANCH] if known else ["-b", BRANCH, str(self.folder), "HEAD"]
            git(self.project, "worktree", "add", "--quiet", *new)
        with suppress(CutError):  # commits of the learner's own in it: they stay
            head = git(self.project, "rev-parse", "HEAD")
            git(self.folder, "merge", "--quiet", "--ff-only", head)

    def is_open(self) -> bool:
        """Whether the worktree is there, and this project's."""
        listed = git(self.project, "worktree", "list", "--porcelain").splitlines()
        folders = [Path(line[9:]) for line in listed if line.startswith("worktree ")]
        return self.folder.is_dir() and self.folder.resolve() in [f.resolve() for f in folders[1:]]

    def _asks(self, *question: str) -> str | None:
        try:
            return git(self.project, *question)
        except CutError as error:
            if "not on PATH" in str(error):
                raise
            return None

    def base(self, file: Path) -> str:
        """Git's hash of a file of the worktree as it is committed."""
        return git(self.folder, "rev-parse", f"HEAD:{file.relative_to(self.folder).as_posix()}")

    def reference(self, file: Path) -> str:
        """The text of a file of the worktree as it is committed."""
        return git(self.folder, "show", f"HEAD:{file.relative_to(self.folder).as_posix()}")

    def write(self, file: Path, content: bytes) -> None:
        """Change a file of the worktree."""
        with TemporaryDirectory(prefix="learn-", ignore_cleanup_errors=True) as folder:
            InPlace(self.folder, Path(folder)).write(str(file), content)

    def restore(self, file: Path) -> bytes:
        """Give a file of the worktree back as it is committed, and return its content."""
        name = file.relative_to(self.folder).as_posix()
        git(self.folder, "update-index", "--no-assume-unchanged", "--", name)
        git(self.folder, "checkout", "--quiet", "HEAD", "--", name)
        return file.read_bytes()

    def hide(self, file: Path) -> None:
        """Keep a change of a file out of `git status`, `git diff` and the margins of editors."""
        git(self.folder, "update-index", "--assume-unchanged", "--", str(file))

    def test(self, names: tuple[str, ...]) -> tuple[Run, str]:
        """Run tests in the worktree until one fails; what came of it, and what pytest printed."""
        with TemporaryDirectory(prefix="learn-", ignore_cleanup_errors=True) as folder:
            bench = InPlace(self.folder, Path(folder))
            try:
                bench.start(names, LONGEST, "--tb=short", "--color=no", "--witness-until-failure")
                while (run := bench.result()) is None:
                    time.sleep(0.02)
            finally:
                bench.stop()
            said = (bench.folder / "output.txt").read_text(encoding="utf-8", errors="replace")
        return run, said


class InPlace(Bench):
    """The worktree itself: what the learner sees is what is tested."""

    # Bytecode would outlive a second edit within a second, and stand in `git status`.
    also: ClassVar[dict[str, str]] = {"PYTHONDONTWRITEBYTECODE": "1"}
