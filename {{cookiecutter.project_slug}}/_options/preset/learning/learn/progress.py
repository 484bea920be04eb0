"""What a learner has done so far: kept in `.git/learn/`, where no commit can take it along."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class Done:
    """One exercise: hints that were shown, checks that were run, and the day it was solved."""

    hints: int = 0
    checks: int = 0
    solved: str = ""
    base: str = ""  # git's hash of the file that the learner's work was begun on


@dataclass
class Drill:
    """The drill that goes on: which cut, since when, and what was suspected."""

    cut: str
    began: float  # seconds since 1970
    level: str
    guesses: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Progress:
    """Everything; ``current`` is the exercise whose file is changed in the worktree."""

    folder: Path
    current: str = ""
    exercises: dict[str, Done] = field(default_factory=dict)
    drill: Drill | None = None

    @classmethod
    def load(cls, folder: Path) -> Progress:
        """Read `progress.json` in ``folder``; nothing was done if there is none."""
        file = folder / "progress.json"
        if not file.is_file():
            return cls(folder)
        content = json.loads(file.read_text(encoding="utf-8"))
        done = {name: Done(**fields) for name, fields in content["exercises"].items()}
        drill = Drill(**content["drill"]) if content["drill"] else None
        return cls(folder, content["current"], done, drill)

    def save(self) -> None:
        """Write the file whole, or not at all."""
        content = asdict(self)
        del content["folder"]
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = self.folder / "progress.json.partial"
        partial.write_text(json.dumps(content, indent=2), encoding="utf-8", newline="\n")
        partial.replace(self.folder / "progress.json")

    def of(self, name: str) -> Done:
        """What was done about one exercise."""
        return self.exercises.setdefault(name, Done())

    def work(self, name: str) -> Path:
        """Where the learner's file of an exercise waits while another one is worked on."""
        return self.folder / "work" / f"{name}.txt"
