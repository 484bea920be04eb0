"""After the trials: what was chosen, how it is judged, and where all of it is written."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from optuna.study import Study

from ..config.search import Target
from ..runtime.errors import UserError
from ..runtime.files import Workspace, write_text
from .asking import Asked
from .experiment import write_experiment
from .findings import findings
from .judging import Judge, compare_with_baselines, compare_with_current, fresh_values
from .page import render
from .space import Space, overrides_of
from .telling import against_baselines, caution, luck

RESULT = "result.json"  # in the folder of the study
PAGE = "reports/search.html"
Result = dict[str, Any]


def conclude(
    workspace: Workspace, asked: Asked, study: Study, space: Space, target: Target, judge: Judge
) -> None:
    """Judge what the study chose, and write the page, the numbers and the configuration.

    Raises:
        UserError: when no trial was completed.
    """
    project, name = workspace.project, workspace.output.name
    found = findings(study, space)
    if found["best"] is None:
        raise UserError(f"study {name}: no trial was completed, so there is nothing to choose.")
    best = next(one for one in found["trials"] if one["number"] == found["best"]["trial"])
    chosen = [*asked.given, *overrides_of(best["params"])]
    found |= {"metric": study.user_attrs["terms"]["metric"], "split": judge.split}
    found |= {"space": study.user_attrs["terms"]["space"], "chosen": overrides_of(best["params"])}
    result = compare_with_current(project, chosen, judge)
    found["comparison"] = result
    if result["verdict"] != "same":
        values = fresh_values(project, result, found["metric"])
        found["fresh"] = {"mean": statistics.fmean(values), "values": values}
    if target is Target.baselines:
        run = f"tune-{name}-baselines"
        took = _train_baselines(project, run, len(found["trials"]))
        if result["verdict"] != "same":
            against = compare_with_baselines(project, result, run, judge)
            found["baselines"] = against | {"seconds": took}
    write_text(workspace.output / RESULT, json.dumps(found, indent=1, allow_nan=False) + "\n")
    write_text(project / PAGE, render(found))
    tell(found)
    print(f"tune: wrote {PAGE}")
    if result["verdict"] == "same":
        return
    file = write_experiment(name, chosen, float(best["seconds"] or 0.0), _expected(found))
    print(f"tune: wrote conf/experiment/{file.name}; uv run use experiment={name} adopts it")


def tell(found: Result) -> None:
    """Print the sentences of the page."""
    print(f"tune: {found['comparison']['sentence']}")
    if "fresh" in found:
        print(f"tune: {luck(found)}; {caution(found['split'])}")
    if "baselines" in found:
        print(f"tune: {against_baselines(found['baselines'])}")


def _expected(found: Result) -> str:
    values, mean = found["fresh"]["values"], found["fresh"]["mean"]
    spread = f"{min(values):.4f} to {max(values):.4f}"
    return f"{found['metric']} {mean:.4f}, the mean of {len(values)} fresh seeds ({spread})"


def _train_baselines(project: Path, run: str, trials: int) -> float:
    package = str(__package__).partition(".")[0]
    words = [f"run={run}", f"baselines.trials={trials}"]
    print(f"tune: each baseline gets {trials} trials, in runs/{run}", flush=True)
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", f"{package}.baselines", *words], cwd=project, check=False
    )
    if done.returncode:
        raise UserError(f"runs/{run}: the baselines failed. Why stands above.")
    return time.perf_counter() - began
