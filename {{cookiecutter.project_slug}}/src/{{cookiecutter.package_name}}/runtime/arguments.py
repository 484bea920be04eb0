"""What a command line says: Hydra's options, and overrides over what the run has had so far."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from .composition import (
    brings_own_data,
    check_overrides,
    compose,
    current_overrides,
    merge_overrides,
    recorded_overrides,
    unread_overrides,
)
from .errors import UserError, nearest
from .files import Workspace, find_project, known_runs, run_workspace, stage_workspace
from .processes import is_in_use

RESUME = "resume=auto"
NOTES = "scratch/training/identity.json"  # what a training keeps in its run until it has ended


def interrupted_runs(project: Path) -> list[str]:
    """Return the names of the runs by hand whose training was interrupted, the latest last."""
    found = sorted((project / "runs").glob(f"*/{NOTES}"), key=lambda f: f.stat().st_mtime_ns)
    folders = [file.parents[2] for file in found]
    return [folder.name for folder in folders if not is_in_use(folder)]


def read_arguments(verb: str, words: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Return Hydra's options, the overrides over what the run has had so far, and what to say.

    A new run begins with the project's current choices.
    """
    given = [
        word
        for word in words
        if word.startswith(("+", "~")) or ("=" in word and not word.startswith("-"))
    ]
    options = [word for word in words if word not in given]
    try:
        project = find_project(Path.cwd())
    except UserError:  # --help and --cfg answer anywhere
        return options, merge_overrides(current_overrides(), check_overrides(given)), []
    names = [word.partition("=")[2] for word in given if word.startswith("run=")]
    sweeps = bool({"-m", "--multirun"} & set(options))
    if verb == "train" and RESUME in given and not names and not sweeps:
        names = interrupted_runs(project)[-1:]
        given += [f"run={name}" for name in names]
    if names and sweeps:
        raise UserError(f"run={names[-1]}: a sweep makes a run for each value; leave the name out.")
    unread = unread_overrides(project, verb, check_overrides(given))
    so_far = recorded_overrides(project, names[-1]) if names else []
    if unread and not sweeps:
        from ..config import typed

        # What is left out must be right all the same.
        typed(compose(merge_overrides(so_far or current_overrides(), [*unread])))
    kept = brings_own_data(verb, given) and not names
    told = "is kept" if kept else "changes nothing here; it is"
    notes = [f"{one} {told} for {' and '.join(readers)}" for one, readers in unread.items()]
    if verb == "train" and RESUME in given:
        if not names:
            notes.append("nothing to go on with; begins anew")
        elif (project / "runs" / names[-1] / NOTES).is_file():
            notes.append(f"going on in runs/{names[-1]}")
    if len(so_far) > 1:  # more than its name
        notes.append(f"going on with {' '.join(so_far)}")
    read = [override for override in given if override not in unread]
    return options, merge_overrides(so_far or current_overrides(), read), notes


def read_options(words: list[str], keys: Collection[str]) -> dict[str, str]:
    """Return KEY=VALUE words of a command that is about one thing, by their keys.

    Raises:
        UserError: for a key that is unknown, a value that is empty, or both a run and a model.
    """
    options: dict[str, str] = {}
    for word in words:
        key, _, value = word.partition("=")
        if key not in keys:
            raise UserError(f"{word}: unknown. {nearest(key, keys)}")
        if not value:
            raise UserError(f"{word}: expected {key}=VALUE.")
        options[key] = value
    if {"run", "model"} <= options.keys():
        raise UserError(f"model={options['model']}: expected either run= or model=, not both.")
    return options


def workspace_of(options: dict[str, str], project: Path, verb: str) -> Workspace:
    """Return the workspace of the run that is asked for, which must be there, or the pipeline's."""
    if "run" not in options:
        return stage_workspace(project, verb)
    run = options["run"]
    workspace = run_workspace(project, run)
    if not workspace.output.exists():
        raise UserError(f"run={run}: no such run. {nearest(run, known_runs(project))}")
    return workspace
