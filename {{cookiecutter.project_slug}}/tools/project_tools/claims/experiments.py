"""Was each experiment planned before its result was known, and reported as planned? Git tells."""

from __future__ import annotations

import hashlib
import json
import subprocess
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "docs/experiments"
CAME_ALONG = "example"  # such a plan came along with its result: the template has them apart
KEYS = ("metric", "rows", "seeds", "plan_hash", "deviations", "sentence")


def check(project: Path) -> tuple[list[str], list[str]]:
    """Return what is wrong with the experiments, and what could not be checked."""
    problems: list[str] = []
    results = sorted((project / FOLDER).glob("*.json"))
    blind = _blindness(project) if results else ""
    for file in results:
        told, result = without_git(file), _read(file)
        if isinstance(result, dict) and not (blind or file.name.startswith(CAME_ALONG)):
            told += _in_order(project, file, result)
        problems += [f"{FOLDER}/{file.name}:1: {one}" for one in told]
    notes = [f"whether plans were there before results cannot be checked: {blind}"] if blind else []
    return problems, notes


def without_git(file: Path) -> list[str]:
    """Return what is wrong with a result by itself, its plan and its page; git is not asked."""
    result = _read(file)
    if isinstance(result, str):
        return [result]
    return [*_as_planned(file, result), *_as_told(file, result)]


def _read(file: Path) -> dict[str, Any] | str:
    """Return the result, or why it is none."""
    try:
        result = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        return f"cannot be read: {error}"
    missing = [key for key in KEYS if key not in result]
    return f"{missing[0]} is missing; `uv run compare` writes results" if missing else result


def _as_planned(file: Path, result: dict[str, Any]) -> list[str]:
    plan_file = file.with_suffix(".yaml")
    if not plan_file.exists():
        return [f"it has no plan, {plan_file.name}"]
    if _hash(plan_file.read_bytes()) != result["plan_hash"]:
        return [f"{plan_file.name} is not the plan that it was carried out by"]
    plan = yaml.safe_load(plan_file.read_text(encoding="utf-8"))
    found: list[str] = []
    if result["metric"] != plan["metric"]:
        found.append(f"it reports {result['metric']}, and {plan['metric']} was planned")
    said = " ".join(result["deviations"])
    done = {"seeds": len(result["seeds"]), "rows": result["rows"]}
    for key, number in done.items():
        planned = plan.get(key, 5)  # seeds may be left out
        if number != planned and key not in said:
            found.append(f"{number} {key}, {planned} planned, and nothing is said of it")
    return found


def _as_told(file: Path, result: dict[str, Any]) -> list[str]:
    page = file.with_suffix(".md")
    if not page.exists():
        return [f"its page, {page.name}, is not there"]
    from project_tools.claims.markdown import COMMENT

    told = COMMENT.sub("", page.read_text(encoding="utf-8"))
    return [] if result["sentence"] in told else [f"{page.name} does not have its sentence"]


def _in_order(project: Path, file: Path, result: dict[str, Any]) -> list[str]:
    plan = f"{FOLDER}/{file.stem}.yaml"
    planned = _git(project, "log", "-1", "--format=%H", "--", plan).decode().strip()
    if not planned:
        return [f"{plan} is not committed; it must be before the result is there"]
    if _hash(_git(project, "show", f"{planned}:./{plan}")) != result["plan_hash"]:
        return [f"{plan} was committed with other content than the plan that was carried out"]
    told = _git(project, "log", "--format=%H", "--", f"{FOLDER}/{file.name}").decode().split()
    first = told[-1] if told else "HEAD"  # the oldest; not committed yet: what is there now
    before = _git(project, "merge-base", "--is-ancestor", planned, first, status=True) == b"0"
    if planned == first or not before:
        content = f"its plan got its content in commit {planned[:12]}"
        return [f"{content}, which is not before {first[:12]}, the first with the result"]
    return []


def _blindness(project: Path) -> str:
    """Why git cannot tell, if so."""
    if _git(project, "rev-parse", "--is-inside-work-tree").strip() != b"true":
        return "not in a git repository"
    if _git(project, "rev-parse", "--is-shallow-repository").strip() == b"true":
        return "the clone has no history (fetch-depth: 0 or git fetch --unshallow)"
    return ""


def _hash(text: bytes) -> str:
    return hashlib.sha256(text.replace(b"\r\n", b"\n")).hexdigest()[:32]


def _git(project: Path, *arguments: str, status: bool = False) -> bytes:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=project, capture_output=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return b""
    if status:
        return str(done.returncode).encode()
    return done.stdout if done.returncode == 0 else b""
