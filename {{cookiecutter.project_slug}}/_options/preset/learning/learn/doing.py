"""What a learner does with an exercise: start, check, hint, solution, reset and finish."""

from __future__ import annotations

import difflib
import time
from pathlib import Path

from project_tools.sabotage.cuts import CutError

from .exercises import HINTS, Exercise, choose, load, place
from .progress import Progress
from .workshop import Workshop, git

CALL = "uv run python -m learn"
PASSED = 0  # pytest's exit status
NOTHING_RAN = (4, 5)  # no such test, or none at all
TAIL = 60  # lines of what pytest printed


class Desk:
    """The exercises, the learner's progress and the worktree."""

    def __init__(self, project: Path) -> None:
        self.shop = Workshop(project)
        self.exercises = load(self.shop.project / "learn" / "exercises")
        self.progress = Progress.load(self.shop.notes)

    def file(self, exercise: Exercise) -> Path:
        """Where the learner writes."""
        return exercise.file(self.shop.folder)

    def current(self, name: str | None) -> Exercise:
        """The exercise that is in the worktree; it must be the one called ``name``, if given."""
        current = self.progress.current
        if name is not None and choose(self.exercises, name).name != current:
            raise CutError(f"{name} is not what is worked on: {CALL} start {name}")
        if current not in self.exercises or not self.shop.is_open():
            raise CutError(f"nothing is started: {CALL} start {self.next().name}")
        return self.exercises[current]

    def next(self) -> Exercise:
        """The first exercise that is not solved; the first of all when each is."""
        if not self.exercises:
            raise CutError("there are no exercises in learn/exercises.")
        done = self.progress.exercises
        return next(
            (e for name, e in self.exercises.items() if name not in done or not done[name].solved),
            next(iter(self.exercises.values())),
        )

    def put_away(self) -> None:
        """Keep the learner's file for later, and give the worktree its own file back."""
        exercise = self.exercises.get(self.progress.current)
        if exercise is not None and self.shop.is_open():
            file, kept = self.file(exercise), self.progress.work(exercise.name)
            kept.parent.mkdir(parents=True, exist_ok=True)
            if file.is_file():
                kept.write_bytes(file.read_bytes())
            self.shop.restore(file)
        self.progress.current = ""
        self.progress.save()


def start(desk: Desk, name: str | None) -> int:
    """Cut the function in the worktree, and say what is to be done."""
    exercise = choose(desk.exercises, name) if name is not None else desk.next()
    _refuse_in_a_drill(desk)
    here = desk.progress.current == exercise.name and desk.shop.is_open()
    if not here:
        desk.put_away()
        desk.shop.open()
    file, state = desk.file(exercise), "as you left it"
    if not here:
        done, kept = desk.progress.of(exercise.name), desk.progress.work(exercise.name)
        base = desk.shop.base(file)
        if kept.is_file() and done.base == base:
            desk.shop.write(file, kept.read_bytes())
        else:
            desk.shop.write(file, exercise.put(desk.shop.restore(file), exercise.stub))
            state = "with nothing but its beginning" if exercise.kind == "complete" else "empty"
        done.base, desk.progress.current = base, exercise.name
        desk.progress.save()
    print(f"{exercise.title} ({exercise.kind}, about {exercise.minutes} minutes)\n")
    print(f"{exercise.task.strip()}\n")
    print(f"read first  {_shown(desk, exercise.read)}")
    print(f"write here  {file}")
    print(f"            {exercise.function or 'the whole text'}, {state}")
    print(f"then        {CALL} check    (a hint: {CALL} hint)")
    return 0


def _refuse_in_a_drill(desk: Desk) -> None:
    if desk.progress.drill:
        raise CutError(f"a drill goes on: first {CALL} drill check, or {CALL} drill stop")


def _shown(desk: Desk, target: str) -> str:
    file, _, function = target.partition("::")
    shown = place(desk.shop.project, file).relative_to(desk.shop.project).as_posix()
    return f"{shown}, {function}" if function else shown


def check(desk: Desk, name: str | None) -> int:
    """Run the tests of the exercise over the learner's file."""
    exercise = desk.current(name)
    print(f"{exercise.name}: {', '.join(exercise.tests)} in {desk.shop.folder}", flush=True)
    run, said = desk.shop.test(exercise.tests)
    done = desk.progress.of(exercise.name)
    done.checks += 1
    passed = run.status == PASSED and "passed" in run.testimony.outcomes.values()
    if passed:
        done.solved = done.solved or time.strftime("%Y-%m-%d")
    desk.progress.save()
    if not passed:
        print("\n".join(said.strip().splitlines()[-TAIL:]))
        if run.status in NOTHING_RAN:
            print(f"\n{exercise.name}: no test ran. That is a mistake of the exercise, not yours.")
            return 2
        late = f"stopped after {run.seconds:.0f} s" if run.status is None else "failed"
        print(f"\n{exercise.name}: {late}. Try again, or: {CALL} hint")
        return 1
    print(f"\n{exercise.name}: passed ({said.strip().splitlines()[-1].strip('= ')})")
    print(f"Compare with what the project has: {CALL} solution")
    print(f"Next: {CALL} start {desk.next().name}")
    return 0


def hint(desk: Desk, name: str | None) -> int:
    """Show one hint more than before."""
    exercise = desk.current(name)
    done = desk.progress.of(exercise.name)
    done.hints = min(done.hints + 1, HINTS)
    desk.progress.save()
    for number, text in enumerate(exercise.hints[: done.hints], start=1):
        print(f"{number} of {HINTS}: {text.strip()}")
    if done.hints == HINTS:
        print(f"That was the last one. What the project has: {CALL} solution")
    return 0


def solution(desk: Desk, name: str | None) -> int:
    """Show how the learner's file differs from the project's."""
    exercise = desk.current(name)
    file = desk.file(exercise)
    yours = file.read_text(encoding="utf-8").splitlines()
    theirs = desk.shop.reference(file).splitlines()
    lines = list(difflib.unified_diff(yours, theirs, "yours", "the project's", lineterm=""))
    print("\n".join(lines) or "Yours is what the project has.")
    return 0


def reset(desk: Desk, name: str | None) -> int:
    """Throw the learner's work away and give the stub back."""
    exercise = desk.current(name)
    file = desk.file(exercise)
    desk.shop.write(file, exercise.put(desk.shop.restore(file), exercise.stub))
    desk.progress.work(exercise.name).unlink(missing_ok=True)
    print(f"{exercise.name}: the beginning again, in {file}")
    return 0


def finish(desk: Desk) -> int:
    """Put the work away and remove the worktree; progress stays."""
    _refuse_in_a_drill(desk)
    desk.put_away()
    git(desk.shop.project, "worktree", "remove", str(desk.shop.folder))
    print(f"{desk.shop.folder} is gone; your work and progress are in {desk.shop.notes}")
    return 0
