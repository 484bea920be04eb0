"""How a verb becomes a command: by hand Hydra composes conf/, as a stage it reads params.yaml."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

from .arguments import read_arguments
from .composition import (
    RECORD,
    brings_own_data,
    current_overrides,
    help_text,
    merge_overrides,
    record_overrides,
    run_application,
    write_current,
)
from .errors import PreemptedError, UserError, check, explain, nearest
from .files import (
    Workspace,
    find_project,
    forget_if_empty,
    known_runs,
    needs_a_run,
    remove,
    run_workspace,
    stage_workspace,
    write_text,
)
from .garbage import search_seldom
from .processes import is_one_of_several, is_subprocess, is_worker, only_command_in, only_run_of

Main = Callable[..., None]


def command(main: Main) -> Callable[[], None]:
    """Turn ``main(config, workspace)`` into a console command.

    ``NAME key=value ...`` composes conf/ and writes to runs/<id>/ only; ``NAME --stage`` is what
    dvc.yaml calls: it reads params.yaml and writes what DVC owns.
    """
    verb = _verb_of(main)

    def run() -> None:
        if sys.argv[1:] == ["--stage"]:
            _run_stage(verb, main)
        else:
            _run_by_hand(verb, main)

    return guarded(run, verb)


def guarded(action: Callable[[], None], verb: str | None = None) -> Callable[[], None]:
    """Show mistakes of the user as one message; HYDRA_FULL_ERROR=1 shows the traceback too."""
    name = verb or _verb_of(action)

    def run() -> None:
        search_seldom()
        for stream in (sys.stdout, sys.stderr):  # a console that lacks a character shows '?'
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        debug = os.environ.get("HYDRA_FULL_ERROR") == "1"
        try:
            action()
        except KeyboardInterrupt:
            print(f"{name}: interrupted; what was there before is unchanged.", file=sys.stderr)
            sys.exit(130)
        except PreemptedError as error:
            print(f"{name}: {error}", file=sys.stderr)
            # The first process would be killed for a code of the others, as Lightning has it.
            sys.exit(0 if is_subprocess() else error.code)
        except Exception as error:
            if debug or not _is_users(error):
                raise
            sys.exit(f"{name}: {explain(error)}")

    return run


def _is_users(error: Exception) -> bool:
    package = type(error).__module__.split(".")[0]
    return isinstance(error, UserError) or package in ("hydra", "omegaconf", "yaml")


def _verb_of(main: Main) -> str:
    verb = main.__module__.rpartition(".")[2]
    return Path(sys.argv[0]).stem if verb == "__main__" else verb  # python -m package.verb


def _run_stage(verb: str, main: Main) -> None:
    project = find_project(Path.cwd())
    workspace = stage_workspace(project, verb)
    if not workspace.config_file.exists():
        raise UserError("params.yaml: not there yet. `uv run dvc repro` makes it.")
    with only_run_of(verb, project) if not is_worker() else nullcontext():
        from omegaconf import OmegaConf  # here: who dvc is must be known before it can be killed

        from ..config import typed

        main(typed(OmegaConf.load(workspace.config_file)), workspace)


def _run_by_hand(verb: str, main: Main) -> None:
    from hydra.core.hydra_config import HydraConfig
    from omegaconf import DictConfig, OmegaConf

    from ..config import typed

    failures: list[Exception] = []
    made: list[Workspace] = []

    def task(composed: DictConfig) -> None:
        try:
            config = typed(composed)
            key = "devices" if config.trainer.nodes == 1 else "nodes"
            number = getattr(config.trainer, key)
            check(number == 1 or not sweeps, f"trainer.{key}", number, "1 in a sweep")
            workspace = _new_run(verb, config.run)
            overridden = list(HydraConfig.get().overrides.task)
            first = not is_worker()
            with only_command_in(workspace.output) if first else nullcontext():
                made.append(workspace)
                if first:
                    resolved = OmegaConf.to_yaml(composed, resolve=True)
                    begin_run(verb, workspace, resolved, overridden, notes)
                sys.argv = [*arguments, f"run={workspace.output.name}"]  # for what DDP starts
                main(config, workspace)
                if first:
                    record_overrides(workspace.output, overridden)  # what failed leaves old ones
            if first:
                own = brings_own_data(verb, given) and config.run is None and not sweeps
                _end(verb, workspace, given if own else [])
        except Exception as error:  # Hydra would print a line of its own before ours
            failures.append(error)

    given = sys.argv[1:]
    options, overrides, notes = read_arguments(verb, given)
    sweeps = bool({"-m", "--multirun"} & set(options))
    if {"-h", "--help"} & set(options):
        print(help_text(verb, str(main.__doc__), overrides), end="")
        return
    if sweeps:
        runs = os.path.relpath(find_project(Path.cwd()) / "runs")
        overrides.append(f"hydra.sweep.dir={Path(runs).as_posix()}")
    arguments = sys.argv = [sys.argv[0], *options, *overrides]
    run_application(task, options, overrides)
    if failures:
        for workspace in [] if is_worker() else made:
            forget_if_empty(workspace)
        raise failures[0]


def begin_run(
    verb: str, workspace: Workspace, resolved: str, overridden: list[str], notes: list[str]
) -> None:
    """Say what there is to know, and note in the run's folder what will be made there, and how."""
    while notes:
        print(f"{verb}: {notes.pop(0)}")
    write_text(workspace.config_file, resolved)
    if not (workspace.output / RECORD).exists():
        record_overrides(workspace.output, overridden)
    workspace.begins(verb)


def _end(verb: str, workspace: Workspace, adopted: list[str]) -> None:
    """Say where the run is; or, where its choices are ``adopted``, that they are the project's."""
    if adopted:
        write_current(merge_overrides(current_overrides(), adopted))
        remove(workspace.output)  # the pipeline makes the same
        print(f"{verb}: these are the project's data now; `uv run dvc repro` goes on")
    else:
        print(f"{verb}: wrote to {os.path.relpath(workspace.output)}")


def _new_run(verb: str, name: str | None) -> Workspace:
    project = find_project(Path.cwd())
    if name is None and is_one_of_several():
        raise UserError("run=null: expected a name, the same for all processes started together.")
    run = name or f"{datetime.now():%Y-%m-%d_%H-%M-%S}_{verb}"
    workspace = run_workspace(project, run)
    if name and needs_a_run(verb) and not workspace.output.exists():
        raise UserError(f"run={name}: no such run. {nearest(name, known_runs(project))}")
    number = 1
    while True:
        try:
            workspace.output.mkdir(parents=True, exist_ok=name is not None)
        except FileExistsError:  # a sweep starts several runs a second
            number += 1
            workspace = run_workspace(project, f"{run}_{number}")
        else:
            return workspace
