"""The pipeline's model before the gate: look, compare, register, record."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from omegaconf import OmegaConf

from ..arrays import load_split
from ..config.evaluation import Evaluation
from ..config.gate import Gate
from ..efficiency.ratio import latency_ratio
from ..measures.tables import load_evidence, rows_hash
from ..records.looks import read_looks
from ..runtime.errors import UserError
from ..runtime.files import Workspace
from ..tracking.lineage import file_hash
from . import contender, decisions
from .contender import Contender
from .experiment import problems_of_experiment
from .judging import judge
from .reasons import check_reason
from .registry import CHALLENGER, CHAMPION, Registry, Version
from .telling import tell
from .verdict import Verdict

TAKES_OVER = (Verdict.PROMOTE, Verdict.EQUIVALENT)
CALLS, WARM_UP, ROWS_TIMED = 500, 100, 64


def judge_pipeline(
    registry: Registry, workspace: Workspace, settings: tuple[Evaluation, Gate], reason: str | None
) -> bool:
    """Judge models/network, and return whether it takes over.

    Raises:
        UserError: when it does not follow from a commit, or is in use already.
    """
    require_committed(workspace.project)
    model = workspace.reads("models/network")
    version = registry.register(file_hash(model / "state.ckpt"))
    champion = registry.in_use(CHAMPION)
    if champion and champion.number == version.number:
        raise UserError(f"models/network is version {version.number}, and in use already.")
    with tempfile.TemporaryDirectory() as scratch:
        return _judge(registry, workspace, settings, reason, (version, champion), Path(scratch))


def require_committed(project: Path) -> None:
    """Refuse a model that does not follow from what is committed.

    Raises:
        UserError: that names the files, or the stages that would run.
    """
    if not decisions.commit_of(project):
        raise UserError("there is no commit yet: a model in use must follow from one.")
    changed = decisions.changes(project)
    if changed:
        few = ", ".join(changed[:5]) + (f" and {len(changed) - 5} more" if len(changed) > 5 else "")
        raise UserError(
            f"not committed: {few}. A model in use must follow from a commit: "
            "git add --all && git commit, then judge it."
        )
    command = [sys.executable, "-m", "dvc", "status", "--json"]
    done = subprocess.run(command, cwd=project, capture_output=True, check=False)
    if done.returncode:
        reason = (done.stderr.decode(errors="replace").strip().splitlines() or ["no message"])[-1]
        raise UserError(f"dvc status: {reason}")
    waiting = json.loads(done.stdout.decode().strip() or "{}")
    if waiting:
        raise UserError(f"the pipeline has not run since: {', '.join(waiting)}. `uv run dvc repro`")


def _judge(
    registry: Registry,
    workspace: Workspace,
    settings: tuple[Evaluation, Gate],
    reason: str | None,
    versions: tuple[Version, Version | None],
    scratch: Path,
) -> bool:
    version, champion = versions
    model, prepared = workspace.reads("models/network"), workspace.reads("data/prepared")
    network = workspace.reads("predictions/network")
    evidence = load_evidence(network, workspace.reads("predictions/baselines"))
    metrics = json.loads(workspace.reads("reports/metrics.json").read_text("utf-8"))
    problems = _problems(workspace, settings[1])
    params: Any = OmegaConf.to_container(OmegaConf.load(workspace.config_file))
    parameters = contender.split_parameters(params)
    opponents: list[Contender] = []
    anchor = registry.anchor() if champion else None
    for one in [champion, anchor] if anchor and anchor != champion else [champion]:
        try:
            opponents.append(
                contender.registered(registry, one, evidence.network, prepared, parameters, scratch)
                if one
                else contender.best_baseline(evidence, metrics)
            )
        except UserError as error:
            problems.append(str(error))
            opponents.append(contender.best_baseline(evidence, metrics))
    held_against = opponents[0]
    ratios = _ratios(model, held_against.folder, prepared, settings[1])
    if reason and not held_against.folder:
        raise UserError(f"reason={reason}: no model is in use yet that this one could replace.")
    if reason and held_against.folder:
        reason = check_reason(reason, model, held_against.folder, ratios)
    looks = [
        look
        for look in read_looks(workspace.project)
        if look.test_set == rows_hash(evidence.network)
    ]
    more = {"looks": len(looks), "problems": problems, "ratios": ratios, "reason": reason}
    found = judge(evidence, metrics, held_against, (opponents[1:] or [None])[0], settings, more)
    takes_over = found.verdict in TAKES_OVER
    registry.keep_evidence(version, network)
    registry.point(CHALLENGER, version)
    content = found.as_dict() | {
        "challenger": {"version": version.number, "model_hash": version.model_hash},
        "against": held_against.name,
        "champion_before": champion.number if champion else None,
        "champion": version.number if takes_over else (champion.number if champion else None),
        "test_set": metrics["test_set"],
        "looks": len(looks),
        "seeds": metrics["seeds"],
        "data_hashes": contender.facts_of(model)["data_hashes"],
        "commit": decisions.commit_of(workspace.project),
    }
    if takes_over:
        _take_over(registry, version, champion, superior=found.verdict is Verdict.PROMOTE)
    file = decisions.keep_decision(workspace.project, content)
    registry.tag(version, _tags(content, file))
    tell(content, metrics["comparison"]["metric"], file.relative_to(workspace.project).as_posix())
    return takes_over


def _take_over(
    registry: Registry, version: Version, champion: Version | None, *, superior: bool
) -> None:
    anchor = registry.anchor()
    before = {"previous_champion": champion.number if champion else ""}
    before["previous_anchor"] = anchor.number if anchor else ""
    registry.tag(version, before)
    registry.point(CHAMPION, version)
    if superior or anchor is None:
        registry.set_anchor(version.number)


def _problems(workspace: Workspace, limits: Gate) -> list[str]:
    leaks = json.loads(workspace.reads("reports/audit.json").read_text("utf-8"))
    found = [f"accepted leak: {leak['message']}" for leak in leaks]
    if limits.experiment:
        found += problems_of_experiment(workspace.project, limits.experiment)
    return found


def _ratios(
    challenger: Path, champion: Path | None, prepared: Path, limits: Gate
) -> dict[str, Any]:
    """Return how long a row takes, relative to the champion's; nothing where there is none."""
    if champion is None or limits.latency_ratio is None:
        return {}
    rows = np.array(load_split(prepared, "val").inputs[:ROWS_TIMED])
    print(f"gate: timing both models, in {2 * limits.processes} processes in turn", flush=True)
    return latency_ratio(
        challenger, champion, rows, processes=limits.processes, calls=CALLS, warmup=WARM_UP
    )


def _tags(content: dict[str, Any], file: Path) -> dict[str, Any]:
    """Return what the registry keeps of a decision."""
    difference = content["difference"]
    return {
        "verdict": content["verdict"],
        "why": content["why"],
        "decision": file.name,
        "decided_by": decisions.who(file.parents[2]),
        "difference": json.dumps(difference),
        "test_set": content["test_set"]["hash"],
        "git_commit": content["commit"],
        **{f"data_hash_{split}": value for split, value in content["data_hashes"].items()},
    }
