"""The ledger of looks at test sets: who looks often enough finds a model that was lucky.

One line for each model that was evaluated on a test set. The best of 20 equal models looks better
than it is by almost two standard errors (EVALUATION of the best of several).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock

from ..runtime.errors import UserError
from ..runtime.files import write_text

LEDGER = "records/test_looks.jsonl"
MOST_LOOKS = 20  # at one test set, before what it says is no longer taken at its word


@dataclass(frozen=True)
class Look:
    """One model, seen on one test set."""

    test_set: str  # hash of its ids and targets
    predictions: str  # hash of what the model said of them
    of: str  # "pipeline", or the name of a run by hand
    date: str


def note_look(project: Path, test_set: str, predictions: str, of: str) -> int:
    """Add a line, unless this model was looked at before; return the looks at this test set."""
    file = project / LEDGER
    file.parent.mkdir(exist_ok=True)
    (project / "runs").mkdir(exist_ok=True)
    with FileLock(project / "runs" / "test_looks.lock"):
        looks = read_looks(project)
        seen = {(look.test_set, look.predictions) for look in looks}
        if (test_set, predictions) not in seen:
            today = datetime.now(UTC).date().isoformat()
            looks.append(Look(test_set, predictions, of, today))
            write_text(file, "".join(json.dumps(asdict(look)) + "\n" for look in looks))
    return sum(look.test_set == test_set for look in looks)


def read_looks(project: Path) -> list[Look]:
    """Return the looks so far.

    Raises:
        UserError: for a line that is not one of them, as a merge may leave it.
    """
    file = project / LEDGER
    if not file.exists():
        return []
    looks: list[Look] = []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
        try:
            looks.append(Look(**json.loads(line)))
        except (ValueError, TypeError) as error:
            raise UserError(
                f"{LEDGER}:{number}: not a look at a test set. Mend the line, or take the file "
                "from the last commit: git checkout HEAD -- records"
            ) from error
    return looks


def warning(looks: int) -> str:
    """Return what is to be said after so many looks, or nothing."""
    if looks <= MOST_LOOKS:
        return ""
    return (
        f"{looks} models have been looked at on this test set, more than {MOST_LOOKS}: the best of "
        f"them looks better than it is. Differences count at a level of {0.05 / looks:.2g} now; "
        "fresh test rows would end that."
    )
