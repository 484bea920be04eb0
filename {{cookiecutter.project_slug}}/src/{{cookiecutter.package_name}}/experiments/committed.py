"""Whether a plan is in git, and since which commit."""

from __future__ import annotations

from pathlib import Path

from ..runtime.errors import UserError
from ..tracking.lineage import ask_git


def plan_commit(project: Path, file: Path) -> str:
    """Return the commit in which the plan got its content; nothing outside of git.

    Raises:
        UserError: when it is not committed as it lies there: a plan that can still be changed
            once the result is known is none.
    """
    if _git(project, "rev-parse", "--is-inside-work-tree") != "true":
        return ""
    place = file.relative_to(project).as_posix()
    commit = _git(project, "log", "-1", "--format=%H", "--", place)
    if not commit or _git(project, "status", "--porcelain", "--", place):
        raise UserError(
            f"{place}: not committed as it is. Commit it before anything is trained: "
            f'git add {place} && git commit -m "docs: plan {file.stem}"'
        )
    return commit


def _git(project: Path, *arguments: str) -> str:
    return ask_git(project, *arguments).decode(errors="replace").strip()
