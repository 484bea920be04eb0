"""The experiment that a change rests on: was it carried out as it was planned?"""

from __future__ import annotations

import json
from pathlib import Path

from ..runtime.errors import UserError, nearest

FOLDER = "docs/experiments"


def problems_of_experiment(project: Path, name: str) -> list[str]:
    """Return what speaks against relying on docs/experiments/NAME.json.

    Raises:
        UserError: when there is no such result.
    """
    file = project / FOLDER / f"{name}.json"
    if not file.exists():
        known = [one.stem for one in (project / FOLDER).glob("*.json")]
        raise UserError(f"gate.experiment={name}: no such result. {nearest(name, known)}")
    result = json.loads(file.read_text("utf-8"))
    planned, done = result["plan"]["seeds"], len(result["seeds"])
    found: list[str] = []
    if done < planned:
        found.append(f"experiment {name}: {done} of {planned} planned seeds")
    if result["verdict"] == "worse":
        found.append(f"experiment {name}: {result['sentence']}")
    return found
