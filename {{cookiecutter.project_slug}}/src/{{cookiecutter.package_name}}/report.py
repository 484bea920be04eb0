"""Everything -> reports/report.html: one page that needs no other file."""

from __future__ import annotations

import json

from .config import Config
from .runtime.command import command
from .runtime.files import Workspace, write_text


@command
def main(config: Config, workspace: Workspace) -> None:
    """Write the report."""
    from .reporting.page import render

    del config  # the report shows what is there
    html = render(
        metrics=json.loads(workspace.reads("reports/metrics.json").read_text("utf-8")),
        leaks=json.loads(workspace.reads("reports/audit.json").read_text("utf-8")),
        model=workspace.reads("models/network"),
        prepared=workspace.reads("data/prepared"),
        network=workspace.reads("predictions/network"),
        baselines=workspace.reads("predictions/baselines"),
        name=str(__package__),
    )
    with workspace.publishes("reports/report.html") as file:
        write_text(file, html)
    print(f"report: {workspace.output / 'reports/report.html'}")


if __name__ == "__main__":
    main()
