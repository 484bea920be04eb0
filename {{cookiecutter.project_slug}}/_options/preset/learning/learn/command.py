"""Exercises and drills over this project's own code.

Without words: what comes next. An exercise is cut into a worktree beside the project,
../<project>-learn; the project itself stays whole. Progress is kept in .git/learn.
"""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from project_tools.sabotage.cuts import CutError, nearest

from . import doing, drills, overview
from .exercises import choose, load
from .verifying import verify

PROJECT = Path(__file__).resolve().parents[1]
NAMED = {
    "start": (doing.start, "cut an exercise into the worktree; the next one if none is named"),
    "check": (doing.check, "run its tests"),
    "hint": (doing.hint, "one hint more at each call"),
    "solution": (doing.solution, "how yours differs from the project's"),
    "reset": (doing.reset, "throw your work away and begin again"),
}
DRILL = {"check": drills.check, "stop": drills.stop, "log": drills.log}


def main() -> int:
    """Do what the words say; the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a letter that the console cannot write
    # Python ends at once at SIGTERM; as an exception it removes temporary folders first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        return _run(sys.argv[1:])
    except CutError as error:
        print(f"learn: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("learn: interrupted", file=sys.stderr)
        return 128 + signal.SIGINT


def _parser(words: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="learn", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("list", help="all exercises, and which are solved")
    for name, (_, what) in NAMED.items():
        command = commands.add_parser(name, help=what, description=what)
        command.add_argument("name", nargs="?", metavar="NAME")
    drill = commands.add_parser("drill", help="find a hidden mistake: start, guess, check, log")
    drill.add_argument("act", nargs="?", default="start", choices=["start", "guess", *DRILL])
    drill.add_argument("text", nargs="?", help="of a guess: what you suspect")
    drill.add_argument("--level", choices=drills.LEVELS, default="test", help="what is shown")
    drill.add_argument("--seed", type=int, help="the same mistake again")
    verifying = commands.add_parser("verify", help="prove the exercises: for those who write them")
    verifying.add_argument("names", nargs="*", metavar="NAME")
    verifying.add_argument("--jobs", type=int, default=1, metavar="N", help="at once (1)")
    commands.add_parser("finish", help="remove the worktree; work and progress stay")
    if words and not words[0].startswith("-") and words[0] not in commands.choices:
        raise CutError(f"{words[0]}: no such command. {nearest(words[0], commands.choices)}")
    return parser


def _run(words: list[str]) -> int:
    arguments = _parser(words).parse_args(words)
    if arguments.command == "verify":
        exercises = load(PROJECT / "learn" / "exercises")
        names = arguments.names or list(exercises)
        return verify(PROJECT, [choose(exercises, name) for name in names], arguments.jobs)
    desk = doing.Desk(PROJECT)
    if arguments.command in NAMED:
        return NAMED[arguments.command][0](desk, arguments.name)
    if arguments.command == "drill":
        return _drill(desk, arguments)
    others = {"list": overview.show, "finish": doing.finish}
    return others.get(arguments.command, overview.welcome)(desk)


def _drill(desk: doing.Desk, arguments: argparse.Namespace) -> int:
    if arguments.act == "start":
        return drills.start(desk, arguments.level, arguments.seed)
    if arguments.act == "guess":
        if not arguments.text:
            raise CutError(f'say what you suspect: {doing.CALL} drill guess "..."')
        return drills.guess(desk, arguments.text)
    return DRILL[arguments.act](desk)
