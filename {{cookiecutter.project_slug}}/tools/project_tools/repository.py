"""Looks at the repository: git, its hook and DVC's remote."""

from __future__ import annotations

import configparser
import os
import shutil
import sys
from pathlib import Path

from project_tools.check import MISSING, NOTE, OK, Check, ask, installed

INSTALL_GIT = {"darwin": "xcode-select --install", "win32": "winget install --id Git.Git"}
EXAMPLES = {"user.name": "Your Name", "user.email": "you@example.com"}
SHARE = "uv run dvc remote add --default --force storage s3://your-bucket/path"


def git(project: Path) -> Check:
    """DVC finds its root through git: without a repository `dvc repro` fails."""
    if shutil.which("git") is None:
        command = INSTALL_GIT.get(sys.platform, "sudo apt-get install git")
        return Check(MISSING, "git", "not installed", (command,))
    inside, answer = ask(project, "git", "rev-parse", "--show-toplevel")
    if inside:
        return Check(OK, "git", f"repository at {answer}")
    if "dubious ownership" in answer:
        trust = f'git config --global --add safe.directory "{project.as_posix()}"'
        return Check(MISSING, "git", "the repository belongs to another user", (trust,))
    return Check(MISSING, "git", "no repository, and dvc needs one", ("git init -b main",))


def identity(project: Path) -> Check:
    """Without a name and an address git makes no commit."""
    answers = {key: ask(project, "git", "config", key) for key in EXAMPLES}
    unknown = [key for key, (known, _) in answers.items() if not known]
    if unknown:
        mend = tuple(f'git config --global {key} "{EXAMPLES[key]}"' for key in unknown)
        return Check(NOTE, "identity", f"git does not know {' and '.join(unknown)}", mend)
    return Check(OK, "identity", " ".join(answer for _, answer in answers.values()))


def first_commit(project: Path) -> Check:
    """A run records the commit it came from; before the first one it can only record a diff."""
    known, commit = ask(project, "git", "rev-parse", "--verify", "--short", "HEAD")
    if known:
        return Check(OK, "commit", commit)
    mend = ("git add --all", 'git commit -m "chore: start the project"')
    return Check(NOTE, "commit", "nothing is committed yet", mend)


def hook(project: Path) -> Check:
    """The hook that runs .pre-commit-config.yaml; `core.hooksPath` may have moved it."""
    known, place = ask(project, "git", "rev-parse", "--git-path", "hooks/pre-commit")
    if known and (project / place).is_file():
        return Check(OK, "pre-commit", "runs before each commit")
    detail = "the checks do not run before a commit"
    return Check(NOTE, "pre-commit", detail, ("uv run pre-commit install",))


def remote(project: Path) -> Check:
    """Where `dvc push` sends data and models; a place on the network is not contacted."""
    settings = configparser.ConfigParser(interpolation=None, strict=False)
    read = settings.read([project / ".dvc" / name for name in ("config", "config.local")], "utf-8")
    if not read:
        return Check(MISSING, "dvc", "no .dvc/config", ("uv run dvc init",))
    name = settings.get("core", "remote", fallback="")
    url = settings.get(f"'remote \"{name}\"'", "url", fallback="")
    if not url:
        return Check(NOTE, "dvc remote", "none: data and models stay on this machine", (SHARE,))
    scheme, separator, _ = url.partition("://")
    if separator:
        package = "dvc-" + {"https": "http", "webdavs": "webdav"}.get(scheme, scheme)
        if installed(project, package) is None:
            return Check(MISSING, "dvc remote", f"{url} needs {package}", (f"uv add {package}",))
        return Check(OK, "dvc remote", f"{url} (`uv run dvc status --cloud` contacts it)")
    place = Path(os.path.normpath(project / ".dvc" / url))
    there = next(folder for folder in (place, *place.parents) if folder.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        mend = f"uv run dvc remote modify {name} url <a folder you can write to>"
        return Check(MISSING, "dvc remote", f"{place} cannot be reached", (mend,))
    state = "on this machine" if there == place else "made by the first `uv run dvc push`"
    return Check(OK, "dvc remote", f"{place} ({state})")


CHECKS = (git, identity, first_commit, hook, remote)
