"""Which code made a model: the commit, and on a dirty tree the difference to it."""

from __future__ import annotations

import hashlib
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

SOURCE = (".py", ".yaml", ".yml", ".toml", ".lock", ".dvc", ".html")  # and not somebody's photos
# What the pipeline itself writes into git's folders follows from the rest, or tells of it.
WRITTEN = ("dvc.lock", "params.yaml", "records", "reports")
SOURCE_ONLY = ("--", ".", *(f":(exclude){name}" for name in WRITTEN))
LARGEST_SOURCE = 1_000_000  # bytes of a new file that is still taken for source
UNREADABLE = b"git could not tell the difference to the commit\n"
MOST_FILES = 500  # new ones; more of them are rather somebody's environment


@dataclass(frozen=True)
class CodeState:
    """``commit`` is empty before the first one; the rest is empty on a clean tree.

    ``new_files`` holds content by path. ``left_out`` names new files that are no source, too
    large or too many.
    """

    commit: str
    diff: bytes
    new_files: dict[str, bytes]
    left_out: list[str]

    @property
    def dirty(self) -> bool:
        """Whether the commit alone does not name the code."""
        return not self.commit or bool(self.diff or self.new_files)

    @property
    def digest(self) -> str:
        """A hash of all the code that is recorded."""
        parts = [self.commit.encode(), self.diff]
        parts += [part for name, text in self.new_files.items() for part in (name.encode(), text)]
        return hashlib.sha256(b"".join(b"%d:%b" % (len(part), part) for part in parts)).hexdigest()


def code_state(project: Path) -> CodeState:
    """Ask git; outside of a repository everything is empty."""
    commit = ask_git(project, "rev-parse", "HEAD").decode().strip()
    plain = ("--binary", "--no-color", "--no-ext-diff")  # whatever the user's settings are
    prefixes = ("--src-prefix=a/", "--dst-prefix=b/")
    diff = b""
    if commit:
        diff = ask_git(project, "diff", *plain, *prefixes, "HEAD", *SOURCE_ONLY, failed=UNREADABLE)
    others = ("--others", "--exclude-standard", "-z")
    untracked = ask_git(project, "ls-files", *others, *SOURCE_ONLY)
    staged = b"" if commit else ask_git(project, "ls-files", "-z", *SOURCE_ONLY)  # never committed
    listed = (untracked + staged).decode(errors="replace").split("\0")
    names = sorted(name for name in listed if name)
    taken = [name for name in names if _is_source(project / name)][:MOST_FILES]
    new_files = {name: (project / name).read_bytes() for name in taken}
    return CodeState(commit, diff, new_files, [name for name in names if name not in new_files])


def file_hash(path: Path) -> str:
    """Return a hash of the content of ``path``."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:32]


def ask_git(project: Path, *arguments: str, failed: bytes = b"") -> bytes:
    """Return what git answers, or ``failed`` without git, a repository or an answer in time."""
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=project, capture_output=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return failed
    return done.stdout if done.returncode == 0 else failed


def _is_source(file: Path) -> bool:
    if not file.name.endswith(SOURCE) or not file.is_file() or not os.access(file, os.R_OK):
        return False
    return file.stat().st_size <= LARGEST_SOURCE
