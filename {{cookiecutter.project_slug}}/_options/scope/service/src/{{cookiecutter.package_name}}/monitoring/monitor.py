"""Compare what was served with what was learned: `uv run monitor`."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from ..runtime.command import guarded
from ..runtime.files import find_project, stage_workspace, write_text
from ..serving.refused import write_refusal
from .contest import WORSE, Contest

HELP = """\
monitor                compare the rows that `serve record=inputs` kept with the training rows of
                       models/network, and write runs/monitor/monitor.html
monitor labels=FILE    and the answers with labels that came later (columns id, label)
monitor KEY=VALUE      rows=500 served=runs/served distance=0.1 days=90 ...
It ends with 3 when there is an alarm, 0 when there is none, 1 for a mistake: for schedulers.
Every value: conf/monitoring.yaml. More: docs/monitor.md
"""
ALARM = 3  # exit code
PAGE, RESULT = "runs/monitor/monitor.html", "runs/monitor/result.json"


@guarded
def main() -> None:
    """Compare, write the page, and say what is an alarm."""
    words = sys.argv[1:]
    if {"-h", "--help"} & set(words):
        print(HELP, end="")
        return
    from .settings import read

    settings = read(words)
    project = find_project(Path.cwd())
    workspace = stage_workspace(project, "monitor")
    model = workspace.reads("models/network")
    prepared, predictions = workspace.reads("data/prepared"), workspace.reads("predictions/network")
    from ..tracking.lineage import file_hash
    from .columns import recorded_rows, reference_of, rows_of
    from .judging import findings, labelled_by
    from .page import render

    served, model_hash = project / settings.served, file_hash(model / "state.ckpt")
    recorded = recorded_rows(served)
    rows = rows_of(recorded, model_hash)
    reference = reference_of(model, prepared, predictions)
    labelled = labelled_by(settings, recorded, rows, reference) if settings.labels else None
    age = age_of(project, model_hash, str(rows["time"][0]))
    found = findings(reference, rows, labelled, age, settings)
    write_text(project / RESULT, json.dumps(found.as_dict(), indent=1) + "\n")
    write_text(project / PAGE, render(found, settings))
    print(
        f"monitor: {rows.height:,} rows of this model, {len(found.windows)} windows; wrote {PAGE}"
    )
    if len(found.windows) < 2:
        print(f"monitor: two windows of {settings.rows} rows are needed to judge")
    for alarm in found.alarms:
        print(f"monitor: {alarm}")
    refuse_worse(labelled.contests if labelled else [], served)
    if found.alarms:
        sys.exit(ALARM)


def refuse_worse(contests: list[Contest], served: Path) -> None:
    """Have `serve` try no candidate any more whose answers are worse."""
    for contest in contests:
        if contest.verdict == WORSE:
            write_refusal(served, contest.model_hash, contest.told)


def age_of(project: Path, model_hash: str, first: str) -> float:
    """Return the days since the gate put a model into use, or else since its first row."""
    since = datetime.fromisoformat(first)
    for file in (project / "records/decisions").glob("*.json"):
        decision = json.loads(file.read_text("utf-8"))
        if decision.get("challenger", {}).get("model_hash") == model_hash:
            since = min(since, datetime.fromisoformat(decision["decided_at"]))
    return (datetime.now(UTC) - since).total_seconds() / 86_400


if __name__ == "__main__":
    main()
