"""Bring to MLflow what it could not take while it was away: `uv run sync`."""

from __future__ import annotations

import sys
from pathlib import Path

from filelock import Timeout

from ..runtime.command import guarded
from ..runtime.errors import UserError
from ..runtime.files import find_project
from ..tracking.destination import address_of, in_project, problem_with, shown
from ..tracking.journal import Journal, Writer, journals
from ..tracking.shipment import Shipment
from ..tracking.shipper import first_line, quieten, say

HELP = """\
sync        bring the runs that are kept in runs/tracking to the server that each was meant for
sync URI    bring all of them to this one: http://HOST:PORT, or sqlite:///mlflow.db
Nothing is lost or doubled, however often it runs. A training that still runs brings its own.
"""


@guarded
def main() -> None:
    """Send every journal that is not complete; print a line for each, and what is left."""
    arguments = sys.argv[1:]
    if {"-h", "--help"} & set(arguments):
        print(HELP, end="")
        return
    if len(arguments) > 1 or any("://" not in argument for argument in arguments):
        raise UserError(f"{' '.join(arguments)}: expected nothing, or one URI as http://HOST:PORT.")
    quieten()
    project = find_project(Path.cwd())
    asked: dict[str, str] = {}  # what is wrong with each server
    problems, brought, busy = list[str](), 0, 0
    for journal in journals(project):
        place = journal.run.get("place", "")
        uri = in_project(arguments[0], project) if arguments else address_of(place, project)
        try:
            found = bring(journal, project, uri, asked)
        except UserError as problem:
            problems.append(str(problem))
        else:
            brought, busy = brought + (found is True), busy + (found is None)
    if problems:
        kept = f"{len(problems)} {'run is' if len(problems) == 1 else 'runs are'} kept"
        raise UserError(f"{'; '.join(dict.fromkeys(problems))}. {kept} in runs/tracking.")
    rest = f"{busy} still at work" if busy else "none left"
    print(f"sync: {brought} brought, {rest}" if brought or busy else "sync: nothing to bring")


def bring(journal: Journal, project: Path, uri: str, asked: dict[str, str]) -> bool | None:
    """Send one journal, and tell whether there was anything to send; None if others are at it.

    Raises:
        UserError: when it has not arrived. Each server is ``asked`` once whether it answers.
    """
    name = f"{journal.run.get('name')} ({journal.run.get('verb')})"
    writer = Writer.open(journal.folder)
    if writer is None:
        print(f"sync: {name} still runs, and is brought by its training")
        return None
    try:
        with journal.sending().acquire(timeout=0):
            sent = _send(writer, uri, asked)
        writer.settle(project)
    except Timeout:
        print(f"sync: {name} is being sent by another process")
        return None
    finally:
        writer.close()
    if sent is not None:
        print(f"sync: {name} is at {shown(uri)}, with {sent} values now")
    return sent is not None


def _send(writer: Writer, uri: str, asked: dict[str, str]) -> int | None:
    """Return how many values were new; None if everything had arrived."""
    writer.end_if_killed()
    shipment = Shipment(writer, uri, say)
    if not writer.run or shipment.complete:  # killed as it began, or kept for a training to go on
        return None
    if uri not in asked:
        asked[uri] = problem_with(uri, writer.run["timeout"])
    if asked[uri]:
        raise UserError(f"{shown(uri)} does not answer ({asked[uri]})")
    try:
        shipment.send()
    except Exception as error:
        raise UserError(f"{shown(uri)} failed ({first_line(error)})") from error
    return shipment.sent


if __name__ == "__main__":
    main()
