"""Goes from an MLflow run back to its data, code and configuration: `uv run restore RUN [FOLDER]`.

RUN is a run's id or how it begins, its name, or the hash or the folder of its model. FOLDER is new,
by default beside the project. Exits with 1 unless the data are those that the run used.
"""

from __future__ import annotations

import argparse
import shlex
import sys
import tempfile
from pathlib import Path

from project_tools.check import MISSING, NOTE, OK, Check
from project_tools.restore import data, tree
from project_tools.restore.calling import RestoreError
from project_tools.restore.runs import Run, find


def main() -> int:
    """Print what was restored and what differs; the exit status."""
    parser = argparse.ArgumentParser(
        prog="restore", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("run", metavar="RUN")
    parser.add_argument("folder", metavar="FOLDER", type=Path, nargs="?")
    arguments = parser.parse_args()
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # a name that the console cannot write
    try:
        findings = restore(find_project(Path.cwd()), arguments.run, arguments.folder)
    except RestoreError as problem:
        print(f"restore: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("restore: interrupted", file=sys.stderr)
        return 130
    for finding in findings:
        print(f"{finding.status:8} {finding.subject:8} {finding.detail}")
        for command in finding.mend:
            print(f"{'':17} > {command}")
    return 1 if any(finding.status == MISSING for finding in findings) else 0


def find_project(start: Path) -> Path:
    """The nearest folder at or above `start` that holds dvc.yaml."""
    for folder in (start, *start.parents):
        if (folder / "dvc.yaml").is_file():
            return folder
    raise RestoreError(f"{start}: not inside a project (no dvc.yaml here or above).")


def restore(project: Path, wanted: str, folder: Path | None = None) -> list[Check]:
    """Make the folder; what was restored, what is not as it was, and how to repeat the run."""
    with tempfile.TemporaryDirectory() as scratch:
        run = find(project, wanted, Path(scratch))
        commit = run.tags["git_commit"]
        label = run.by_hand or run.identity[:8]
        place = (folder or project.parent / f"{project.name}-{label}").resolve()
        tree.check_commit(project, commit)
        tree.check_folder(project, place)
        if not run.by_hand and not (run.record / "dvc.lock").is_file():
            raise RestoreError(f"run {wanted}: recorded no dvc.lock, so its data are not known.")
        restored = tree.restore_code(project, run, place)
        data.place_records(run, restored)
        data.share_storage(project, restored)
        findings = [Check(OK, "run", f"{run.name}, {run.identity}"), *_code(run)]
        got = data.check_out(restored)
        return [*findings, *_data(run, restored, got), _repeat(run, restored, got.stale)]


def _code(run: Run) -> list[Check]:
    dirty = (run.record / "diff.patch").is_file()
    new = [path for path in (run.record / "new").rglob("*") if path.is_file()]
    beyond = [", what differed from it"] * dirty + [f", new files: {len(new)}"] * bool(new)
    findings = [Check(OK, "code", f"commit {run.tags['git_commit']}{''.join(beyond)}")]
    missing = tree.left_out(run)
    if missing:
        names = ", ".join(missing[:5]) + (", ..." if len(missing) > 5 else "")
        findings.append(Check(NOTE, "code", f"new, but no source and so not recorded: {names}"))
    if run.by_hand:
        record = f"runs/{run.by_hand}/overrides.yaml: {' '.join(run.overrides) or 'no choices'}"
        return [*findings, Check(OK, "config", record)]
    return [*findings, Check(OK, "config", "params.yaml and src/*/conf/ as they were")]


def _data(run: Run, restored: Path, got: data.CheckOut) -> list[Check]:
    own = data.own_data(run)
    lacking = [path for path in got.absent if path in data.DATA and path not in own]
    if lacking:
        raise RestoreError(
            f"{' and '.join(lacking)}: neither in the cache nor in a remote{got.reason}. Code and "
            f"configuration are in {restored}. Once somebody who has the data has run "
            "`uv run dvc push`, `uv run dvc pull` there completes it."
        )
    data.make_again(run, restored)
    made = f"{' and '.join(own)} made again" if own else "from DVC"
    differing = data.differing(run, restored)
    if not run.data_hashes:
        findings = [Check(NOTE, "data", f"{made}; the run did not end, so it recorded no hashes")]
    elif differing:
        splits = ", ".join(differing)
        detail = f"{made}, and NOT what the run used (hash of {splits} differs)"
        findings = [Check(MISSING, "data", detail)]
    else:
        splits = ", ".join(run.data_hashes)
        findings = [Check(OK, "data", f"{made}; the hashes of {splits} are those of the run")]
    model = data.model_state(run, restored)
    if model is not None:
        detail = "is that of the run" if model else "is another one; `uv run dvc repro` makes it"
        findings.append(Check(OK if model else NOTE, "model", f"models/network {detail}"))
    others = [path for path in got.absent if path not in lacking and path not in own]
    if others:
        findings.append(Check(NOTE, "outputs", f"in no cache or remote: {', '.join(others)}"))
    return findings


def _repeat(run: Run, restored: Path, stale: list[str]) -> Check:
    if run.by_hand:
        verbs = [verb for verb in run.verbs if verb not in data.MAKE_DATA]
        commands = [shlex.join(["uv", "run", verb, f"run={run.by_hand}"]) for verb in verbs]
        detail = "this repeats the run"
    else:
        commands = ["uv run dvc repro"]
        detail = f"this repeats the run: {', '.join(stale) or 'nothing to do'}"
    return Check(OK, "repeat", detail, (f"cd {shlex.quote(str(restored))}", *commands))


if __name__ == "__main__":
    sys.exit(main())
