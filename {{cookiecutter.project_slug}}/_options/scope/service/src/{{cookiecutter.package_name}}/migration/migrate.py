"""Bring runs, models and the registry of the project's own MLflow to a server: `uv run migrate`."""

from __future__ import annotations

import sys
from pathlib import Path

from ..runtime.command import guarded
from ..runtime.errors import UserError, nearest
from ..runtime.files import find_project

HELP = """\
migrate URI             bring all that mlflow.db has to the server at http://HOST:PORT: runs, logged
                        models, versions with their aliases, and what the gate has kept
migrate URI from=URI    from another MLflow
Nothing is there twice, however often it runs, and nothing is deleted here. Names that are in use
there stay as they are. MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD say who asks.
"""
SECONDS = 5.0  # for an answer
SCHEMES = ("http", "https", "sqlite", "postgresql", "mysql", "mssql")


@guarded
def main() -> None:
    """Copy, and say what is there now."""
    words = sys.argv[1:]
    if not words or {"-h", "--help"} & set(words):
        print(HELP, end="")
        return
    project = find_project(Path.cwd())
    source, target = read(words, project)
    from ..tracking.destination import problem_with, shown
    from ..tracking.shipper import first_line, quieten
    from .copying import Copying

    for uri in (source, target):
        problem = problem_with(uri, SECONDS)
        if problem:
            raise UserError(f"{shown(uri)} does not answer ({problem}).")
    quieten()
    try:
        copying = Copying(source, target)
        copying.copy()
    except UserError:
        raise
    except Exception as error:  # of MLflow, a database, the network or the disk
        raise UserError(
            f"{shown(target)}: {first_line(error)}. What has arrived is whole; the same command "
            "goes on."
        ) from error
    for line in copying.told:
        print(f"migrate: {line}")


def read(words: list[str], project: Path) -> tuple[str, str]:
    """Return the addresses of both.

    Raises:
        UserError: when they are no addresses, are the same, or there is no such file.
    """
    from ..tracking.destination import SQLITE, in_project, shown

    first, *rest = words
    if len(rest) > 1 or any(not word.startswith("from=") for word in rest):
        raise UserError(f"{' '.join(rest)}: expected nothing more, or from=URI.")
    given = rest[0].removeprefix("from=") if rest else f"{SQLITE}mlflow.db"
    for word in (first, given):
        scheme, mark, _ = word.partition("://")
        if not mark:
            raise UserError(
                f"{shown(word)}: expected a URI as http://HOST:PORT or sqlite:///mlflow.db."
            )
        kind = scheme.partition("+")[0]  # postgresql+psycopg
        if kind not in SCHEMES:
            raise UserError(f"{shown(word)}: {kind} is no kind of MLflow. {nearest(kind, SCHEMES)}")
    source, target = in_project(given, project), in_project(first, project)
    if source == target:
        raise UserError(f"{shown(target)}: expected another place than the one it comes from.")
    file = Path(source.removeprefix(SQLITE))
    if source.startswith(SQLITE) and not file.is_file():
        raise UserError(f"{file}: not there. A project that tracks to a server has nothing here.")
    return source, target


if __name__ == "__main__":
    main()
