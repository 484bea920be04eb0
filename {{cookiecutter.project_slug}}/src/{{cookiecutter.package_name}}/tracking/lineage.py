"""Which code made a model: the commit, and on a dirty tree the difference to it."""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import dataclass
from pathlib import Path

SOURCE = (".py", ".yaml", ".yml", ".toml", ".lock", ".dvc", ".html")  # and not somebody's photos
# What the pipeline itself writes into git's folders follows from the rest.
SOURCE_ONLY = ("--", ".", *(f":(exclude){name}" for name in ("dvc.lock", "params.yaml", "reports")))
LARGEST_SOURCE = 1_000_000  # bytes of a new file that is still taken for source


@dataclass(frozen=True)
class CodeState:
    """``commit`` is empty before the first one; the rest is empty on a clean tree."""

    commit: str
    diff: str
    new_files: list[Path]

    @property
    def dirty(self) -> bool:
        """Whether the commit alone does not name the code."""
        return not self.commit or bool(self.diff or self.new_files)


def code_state(project: Path) -> CodeState:
    """Ask git; outside of a repository everything is empty."""
    commit = _git(project, "rev-parse", "HEAD").strip()
    plain = ("--binary", "--no-color", "--no-ext-diff")  # whatever the user's settings are
    diff = _git(project, "diff", *plain, "HEAD", *SOURCE_ONLY) if commit else ""
    others = ("--others", "--exclude-standard", "-z")
    untracked = _git(project, "ls-files", *others, *SOURCE_ONLY).split("\0")
    staged = "" if commit else _git(project, "ls-files", "-z", *SOURCE_ONLY)  # never committed
    files = [project / name for name in [*untracked, *staged.split("\0")] if name.endswith(SOURCE)]
    small = [file for file in files if file.is_file() and file.stat().st_size <= LARGEST_SOURCE]
    return CodeState(commit, diff, sorted(small))


def file_hash(path: Path) -> str:
    """Return a hash of the content of ``path``."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:32]


def _git(project: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=project, capture_output=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode(errors="replace") if done.returncode == 0 else ""
