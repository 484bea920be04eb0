"""The exercises: what is cut out of the project, what to do about it, and how one is checked."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from project_tools.sabotage.cuts import AREAS, Cut, CutError, nearest
from project_tools.sabotage.sandbox import package_of
from project_tools.sabotage.surgery import cut_out

KINDS = ("complete", "write", "transfer")
TEXTS = ("title", "kind", "target", "read", "task")
FIELDS = {*TEXTS, "minutes", "tests", "hints", "stub", "wrong"}
MOST_MINUTES, HINTS, LEAST_WRONG = 20, 3, 2
STUB = "raise NotImplementedError"
OWN = "learn/"  # a target below learn/ itself


@dataclass(frozen=True)
class Wrong:
    """An answer that looks right to a hurried person; the tests must refuse it."""

    why: str
    body: str


@dataclass(frozen=True)
class Exercise:
    """One exercise; a target without a function is a document, and its body the whole text."""

    name: str
    area: str
    title: str
    kind: str  # the ladder: complete what is begun, write it, transfer it to something new
    minutes: int
    target: str  # module.py::function below src/<package>, learn/module.py::function, learn/text.md
    tests: tuple[str, ...]  # as pytest names them, from the project's folder
    read: str  # a worked function to read first, named like a target
    task: str
    hints: tuple[str, ...]  # from vague to concrete
    stub: str
    wrong: tuple[Wrong, ...]

    @property
    def function(self) -> str:
        """The function's name in its module; none: the target is a document."""
        return self.target.partition("::")[2]

    def file(self, project: Path) -> Path:
        """The file in which the learner works."""
        return place(project, self.target)

    def put(self, source: bytes, body: str) -> bytes:
        """Return the file's content with ``body`` in place of the reference."""
        return cut_out(source, self.function, body) if self.function else body.encode()

    def cuts(self) -> list[Cut]:
        """The stub and the wrong bodies, as cuts that the tests must catch."""
        module = self.target.removeprefix(OWN)
        target = f"../../{OWN}{module}" if module != self.target else self.target
        bodies = [("stub", "Nothing is written yet.", self.stub)]
        bodies += [(f"wrong {n}", w.why, w.body) for n, w in enumerate(self.wrong, start=1)]
        return [
            Cut(f"{self.name}, {what}", target, why, body, self.tests) for what, why, body in bodies
        ]


def place(project: Path, target: str) -> Path:
    """The file that a target, or what is to be read, stands in."""
    file = target.partition("::")[0]
    return (project if file.startswith((OWN, "docs/")) else package_of(project)) / file


def load(folder: Path) -> dict[str, Exercise]:
    """Read AREA/NAME.toml below ``folder``; in the order in which they should be done.

    Raises:
        CutError: at the first file that is no exercise.
    """
    found: dict[str, Exercise] = {}
    for file in sorted(folder.glob("*/*.toml")):
        where = f"{file.parent.name}/{file.name}"
        try:
            content = tomllib.loads(file.read_text(encoding="utf-8"))
        except ValueError as error:  # of TOML or of UTF-8
            raise CutError(f"{where}: cannot be read ({error}).") from error
        exercise = _exercise(where, file, content)
        if exercise.name in found:
            raise CutError(f"{where}: there is another exercise called {exercise.name!r}.")
        found[exercise.name] = exercise

    def order(exercise: Exercise) -> tuple[int, int, str]:
        return AREAS.index(exercise.area), KINDS.index(exercise.kind), exercise.name

    return {exercise.name: exercise for exercise in sorted(found.values(), key=order)}


def choose(exercises: dict[str, Exercise], name: str) -> Exercise:
    """Return the exercise of this name.

    Raises:
        CutError: when there is none, with the nearest.
    """
    if name not in exercises:
        raise CutError(f"{name}: no such exercise. {nearest(name, exercises)}")
    return exercises[name]


def _exercise(where: str, file: Path, fields: dict[str, Any]) -> Exercise:
    for field in fields:
        if field not in FIELDS:
            raise CutError(f"{where}: unknown field {field!r}. {nearest(field, FIELDS)}")
    texts = {name: _text(f"{where}: {name}", fields.get(name)) for name in TEXTS}
    area, minutes = file.parent.name, fields.get("minutes")
    for name, given, known in (("kind", texts["kind"], KINDS), ("its folder", area, AREAS)):
        if given not in known:
            raise CutError(f"{where}: {name} is {given!r}. {nearest(given, known)}")
    if type(minutes) is not int or not 1 <= minutes <= MOST_MINUTES:
        raise CutError(f"{where}: minutes is {minutes!r}, expected 1 to {MOST_MINUTES}.")
    hints = _texts(f"{where}: hints", fields.get("hints"))
    if len(hints) != HINTS:
        raise CutError(f"{where}: there are {len(hints)} hints, expected {HINTS}.")
    wrong = fields.get("wrong")
    if not isinstance(wrong, list) or len(wrong) < LEAST_WRONG:
        raise CutError(f"{where}: expected at least {LEAST_WRONG} entries [[wrong]].")
    return Exercise(
        name=file.stem,
        area=area,
        minutes=minutes,
        tests=_texts(f"{where}: tests", fields.get("tests")),
        hints=hints,
        stub=_text(f"{where}: stub", fields.get("stub", STUB)),
        wrong=tuple(_wrong(f"{where}, wrong {n}", entry) for n, entry in enumerate(wrong, start=1)),
        **texts,
    )


def _wrong(where: str, entry: Any) -> Wrong:
    if not isinstance(entry, dict) or set(entry) != {"why", "body"}:
        raise CutError(f"{where}: expected why and body, and nothing else.")
    return Wrong(_text(f"{where}: why", entry["why"]), _text(f"{where}: body", entry["body"]))


def _text(where: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise CutError(f"{where} is {value!r}, expected a text.")
    return value


def _texts(where: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise CutError(f"{where} is {value!r}, expected a list of texts.")
    return tuple(_text(where, each) for each in value)
