"""Serve a model over HTTP: `uv run serve`."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

from ..runtime.command import guarded
from ..runtime.errors import UserError
from ..runtime.files import find_project

HELP = """\
serve              answer requests by the model in use (champion), on http://127.0.0.1:8000
serve KEY=VALUE    with other settings: model=FOLDER port=8080 host=0.0.0.0 refresh=30 ...
SERVE_OPTIONS has such words, too (for containers); SERVE_API_KEY is a key that callers must send.
Every value: conf/serving.yaml. A page to try it: http://127.0.0.1:8000/ More: docs/serve.md
"""


@guarded
def main() -> None:
    """Load the model, and answer until a signal says stop."""
    words = sys.argv[1:]
    if {"-h", "--help"} & set(words):
        print(HELP, end="")
        return
    from .settings import read

    settings = read([*shlex.split(os.environ.get("SERVE_OPTIONS", "")), *words])
    project = find_project(Path.cwd())
    import torch

    from ..prediction.registered import folder_named, registry_for
    from .deployed import InUse
    from .logs import configure
    from .running import run
    from .service import Service

    torch.set_num_threads(settings.threads)
    loaded: list[InUse] = []
    for named in filter(None, (settings.model, settings.candidate)):
        is_folder = folder_named(named, project) is not None
        registry = None if is_folder else registry_for(settings.tracking, project)
        loaded.append(InUse(named, project, registry))
        loaded[-1].look()
    configure()
    service = Service.of(settings, loaded[0], os.environ.get("SERVE_API_KEY", ""), *loaded[1:])
    if not run(service, settings):
        raise UserError(f"port={settings.port}: already in use on {settings.host}.")


if __name__ == "__main__":
    main()
