"""Makes a new folder with the code of a run: its commit, what differed, and what was new."""

from __future__ import annotations

import shutil
from pathlib import Path

from project_tools.restore.calling import RestoreError, call, demand
from project_tools.restore.runs import Run


def check_commit(project: Path, commit: str) -> None:
    """Refuse a commit that this repository has not."""
    known, _ = call(project, "git", "cat-file", "-e", commit + "^{commit}")
    if not known:
        inside, _ = call(project, "git", "rev-parse", "--git-dir")
        reason = "is not in this repository" if inside else "cannot be looked up: no git repository"
        hint = "`git fetch --all` brings it if somebody pushed it."
        raise RestoreError(f"commit {commit} {reason}. {hint}")


def check_folder(project: Path, folder: Path) -> None:
    """Refuse a folder that is there, or that git would take for a part of the project."""
    if folder.exists():
        raise RestoreError(f"{folder}: is there already, and nothing is overwritten. Name another.")
    top = Path(demand(project, "git", "rev-parse", "--show-toplevel", otherwise="git").strip())
    if folder.is_relative_to(top.resolve()):
        ignored, _ = call(top, "git", "check-ignore", "--quiet", str(folder))
        if not ignored:
            raise RestoreError(
                f"{folder}: lies in the project, where git would see it. Name one outside."
            )


def restore_code(project: Path, run: Run, folder: Path) -> Path:
    """Clone into `folder`; return the place of the project in it, which may lie deeper."""
    top = demand(project, "git", "rev-parse", "--show-toplevel", otherwise="git").strip()
    inner = demand(project, "git", "rev-parse", "--show-prefix", otherwise="git").strip()
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        clone = ("git", "clone", "--quiet", "--no-checkout", "--", top, str(folder))
        demand(project, *clone, otherwise="git clone")
        checkout = ("git", "checkout", "--quiet", "--detach", run.tags["git_commit"])
        demand(folder, *checkout, otherwise="git checkout")
        patch = run.record / "diff.patch"
        if patch.is_file():
            apply = ("git", "apply", "--whitespace=nowarn", str(patch.resolve()))
            demand(folder, *apply, otherwise="the difference to the commit does not fit")
        restored = folder / inner
        if (run.record / "new").is_dir():
            shutil.copytree(run.record / "new", restored, dirs_exist_ok=True)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return restored


def left_out(run: Run) -> list[str]:
    """New files that lay in the project but were not recorded."""
    names = run.record / "left_out.txt"
    return names.read_text("utf-8").splitlines() if names.is_file() else []
