"""data/prepared -> reports/audit.json: is there a way for the answer to leak into training?"""

from __future__ import annotations

import json

from .config import Config
from .runtime.command import command
from .runtime.errors import UserError, nearest
from .runtime.files import Workspace, write_text


@command
def main(config: Config, workspace: Workspace) -> None:
    """Look for leaks in the prepared data, before anything is trained on them."""
    from .leaks.evidence import find_leaks
    from .leaks.finding import Kind

    accepted, known = config.audit.accept, [kind.value for kind in Kind]
    for name in accepted:
        if name not in known:
            raise UserError(f"audit.accept={name}: unknown. {nearest(name, known)}")
    findings = find_leaks(workspace.reads("data/prepared"))
    refused = [finding for finding in findings if finding.kind.value not in accepted]
    for finding in findings:
        if finding not in refused:
            print(f"audit: accepted by audit.accept: {finding.message}")
    if refused:
        kinds = ",".join(sorted({*accepted, *(finding.kind.value for finding in refused)}))
        told = "\n".join(f"- {finding.message}" for finding in refused)
        raise UserError(
            f"these data would make a model look better than it is:\n{told}\n"
            f"If it is meant so: `uv run use 'audit.accept=[{kinds}]'`; the report will say it."
        )
    content = [{"kind": f.kind.value, "rows": f.rows, "message": f.message} for f in findings]
    with workspace.publishes("reports/audit.json") as file:
        write_text(file, json.dumps(content, indent=1) + "\n")
    print(f"audit: {'no leak found' if not findings else 'only accepted leaks found'}")


if __name__ == "__main__":
    main()
