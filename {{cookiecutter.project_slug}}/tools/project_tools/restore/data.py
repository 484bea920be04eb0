"""Puts the data of a run into its restored project: from DVC's cache, its remote, or anew."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from project_tools.restore.calling import DVC, RestoreError, call, complaint, demand
from project_tools.restore.runs import Run

DATA = {"data/raw": "ingest", "data/prepared": "prepare"}  # and the verbs that make them
MAKE_DATA = (*DATA.values(), "audit")  # what a run by hand may do before it trains


def share_storage(project: Path, restored: Path) -> None:
    """Let DVC in `restored` use the cache of `project`, and the remotes that it has today."""
    listed = demand(project, *DVC, "config", "--list", "--show-origin", otherwise="dvc config")
    settings: dict[str, dict[str, str]] = {"cache": {"dir": str(project / ".dvc" / "cache")}}
    for line in listed.splitlines():
        origin, _, setting = line.partition("\t")
        key, _, value = setting.partition("=")
        kind, _, rest = key.partition(".")
        name, _, option = rest.rpartition(".")
        own = not Path(origin).is_absolute()  # and not of the user or of the machine
        if key == "cache.dir" or (own and (key == "core.remote" or kind in ("cache", "remote"))):
            section = f"'{kind} \"{name}\"'" if name else kind
            settings.setdefault(section, {})[option] = value
    lines = [
        line
        for section, options in settings.items()
        for line in (f"[{section}]", *(f"    {key} = {value}" for key, value in options.items()))
    ]
    (restored / ".dvc" / "config.local").write_text("\n".join(lines) + "\n", "utf-8", newline="\n")


def place_records(run: Run, restored: Path) -> None:
    """Write what the pipeline and a run by hand keep of themselves as it was.

    Of dvc.lock only what the run was made from: the rest is of an earlier run.
    """
    for name in ("dvc.lock", "params.yaml"):
        (restored / name).unlink(missing_ok=True)
        if (run.record / name).is_file():
            shutil.copyfile(run.record / name, restored / name)
    lock = restored / "dvc.lock"
    if run.by_hand:
        record = restored / "runs" / run.by_hand / "overrides.yaml"
        record.parent.mkdir(parents=True)
        record.write_text(yaml.safe_dump(run.overrides, allow_unicode=True), "utf-8", newline="\n")
    elif lock.is_file():
        pipeline = yaml.safe_load((restored / "dvc.yaml").read_text("utf-8"))
        whole = yaml.safe_load(lock.read_text("utf-8"))
        kept = locked_before(whole, pipeline, run.verbs[-1])
        lock.write_text(
            yaml.safe_dump(kept, sort_keys=False, allow_unicode=True), "utf-8", newline="\n"
        )


def locked_before(lock: dict[str, Any], pipeline: dict[str, Any], last: str) -> dict[str, Any]:
    """The entries of dvc.lock that the stage `last` needs, directly or not."""
    stages: dict[str, Any] = lock.get("stages", {})
    makers = {out["path"]: name for name, one in stages.items() for out in one.get("outs", [])}
    if last not in pipeline["stages"]:
        return lock
    waiting: list[str] = [*pipeline["stages"][last].get("deps", []), "params.yaml"]
    needed: set[str] = set()
    while waiting:
        maker = makers.get(waiting.pop())
        if maker and maker not in needed:
            needed.add(maker)
            waiting += [dependency["path"] for dependency in stages[maker].get("deps", [])]
    return {**lock, "stages": {name: one for name, one in stages.items() if name in needed}}


@dataclass(frozen=True)
class CheckOut:
    """What DVC could not get and why, and the stages that `dvc repro` would run."""

    absent: list[str]
    reason: str
    stale: list[str]


def check_out(restored: Path) -> CheckOut:
    """Get what dvc.lock names from the cache or else the remote."""
    lock = restored / "dvc.lock"
    stages = yaml.safe_load(lock.read_text("utf-8"))["stages"] if lock.is_file() else {}
    known = yaml.safe_load((restored / "dvc.yaml").read_text("utf-8"))["stages"]
    names = [name for name in stages if name in known]
    reason = ""
    if names and not call(restored, *DVC, "checkout", "--quiet", *names)[0]:
        print("not everything is in the cache: asking the remote", flush=True)
        succeeded, printed = call(restored, *DVC, "pull", *names)
        said = "" if succeeded else complaint(printed)
        reason = "" if "Checkout failed" in said else f" ({said})"  # which says no more than we do
    printed = demand(restored, *DVC, "status", "--json", otherwise="dvc status")
    status: dict[str, list[Any]] = json.loads(printed.splitlines()[-1])
    changes = [change for name in names for change in status.get(name, [])]
    wrong = {
        path
        for change in changes
        if isinstance(change, dict)
        for path in change.get("changed outs", {})
    }
    kept = [path for name in names for path in _kept_by_dvc(known[name])]
    return CheckOut([path for path in kept if path in wrong], reason, list(status))


def _kept_by_dvc(stage: dict[str, Any]) -> list[str]:
    outs = [*stage.get("outs", []), *stage.get("metrics", [])]
    options = [out if isinstance(out, dict) else {out: {}} for out in outs]
    return [path for out in options for path, how in out.items() if how.get("cache", True)]


def own_data(run: Run) -> list[str]:
    """The folders of data that a run by hand made for itself."""
    return [folder for folder, verb in DATA.items() if run.by_hand and verb in run.verbs]


def make_again(run: Run, restored: Path) -> None:
    """Run the verbs by which a run by hand made data of its own."""
    verbs = [verb for verb in run.verbs if run.by_hand and verb in MAKE_DATA]
    scripts = tomllib.loads((restored / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    for verb in verbs:
        module = scripts[verb].partition(":")[0]
        words = (sys.executable, "-m", module, f"run={run.by_hand}")
        succeeded, printed = call(restored, *words, source=restored / "src")
        if not succeeded:
            raise RestoreError(
                f"the data that this run made itself cannot be made again: {complaint(printed)} "
                f"Code and configuration are in {restored}."
            )


def differing(run: Run, restored: Path) -> list[str]:
    """The splits whose hash is not the one that the run used, or all if there are no data."""
    owner = restored / "runs" / str(run.by_hand) if own_data(run) else restored
    manifest = owner / "data" / "prepared" / "manifest.json"
    if not manifest.is_file():
        return ["all"]
    found = json.loads(manifest.read_text("utf-8"))["hashes"]
    return sorted(name for name, value in run.data_hashes.items() if found.get(name) != value)


def model_state(run: Run, restored: Path) -> bool | None:
    """Whether the model is the run's; None if there is none."""
    file = restored / "models" / "network" / "state.ckpt"
    if run.by_hand or not file.is_file():
        return None
    return hashlib.sha256(file.read_bytes()).hexdigest()[:32] == run.tags.get("model_hash")
