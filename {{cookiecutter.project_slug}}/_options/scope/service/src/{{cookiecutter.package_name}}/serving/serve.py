"""Serve a model over HTTP: `uv run serve`."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..runtime.command import guarded
from ..runtime.errors import UserError
from ..runtime.files import find_project

if TYPE_CHECKING:
    from .deployed import InUse
    from .settings import Settings

HELP = """\
serve              answer requests by the model in use (champion), on http://127.0.0.1:8000
serve KEY=VALUE    with other settings: model=FOLDER port=8080 host=0.0.0.0 refresh=30 ...
SERVE_OPTIONS has such words, too (for containers); SERVE_API_KEY is a key that callers must send.
Every value: conf/serving.yaml. A page to try it: http://127.0.0.1:8000/ More: docs/serve.md
"""
OPTIONS = "SERVE_OPTIONS"


@guarded
def main() -> None:
    """Load the model, and answer until a signal says stop."""
    words = sys.argv[1:]
    if {"-h", "--help"} & set(words):
        print(HELP, end="")
        return
    from .settings import read

    given = os.environ.get(OPTIONS, "")
    try:
        more = shlex.split(given)
    except ValueError as error:
        raise UserError(f"{OPTIONS}={given}: {error}.") from error
    settings = read([*more, *words])
    project = find_project(Path.cwd())
    import torch

    from .logs import configure
    from .running import run
    from .service import Service

    torch.set_num_threads(settings.threads)
    in_use = slot(settings.model, settings, project)
    in_use.look()
    tried = slot(settings.candidate, settings, project) if settings.candidate else None
    if tried is not None:
        try:
            tried.look()
        except UserError as error:
            if tried.registry is None:
                raise
            # It may come later, and the service must not wait for it.
            print(f"serve: no candidate yet ({error})", file=sys.stderr)
    configure()
    run(Service.of(settings, in_use, os.environ.get("SERVE_API_KEY", ""), tried), settings)


def slot(named: str, settings: Settings, project: Path) -> InUse:
    """Return what holds the model of a name; nothing is loaded yet."""
    from ..prediction.registered import folder_named, registry_for
    from .deployed import InUse

    is_folder = folder_named(named, project) is not None
    registry = None if is_folder else registry_for(settings.tracking, project)
    return InUse(named, project, registry)


if __name__ == "__main__":
    main()
