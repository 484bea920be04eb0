"""What there is to do, and how far a learner has come."""

from __future__ import annotations

from project_tools.sabotage.cuts import AREAS

from .doing import CALL, Desk


def welcome(desk: Desk) -> int:
    """What this is, how far one has come, and what comes next."""
    done = [e for e in desk.exercises.values() if desk.progress.of(e.name).solved]
    total, exercise = len(desk.exercises), desk.next()
    print("Here a function of this project is taken away, and you write it again: its own tests")
    print(f"say when you are there. Solved: {len(done)} of {total}.\n")
    if desk.progress.drill:
        print(f"A drill goes on: {CALL} drill check")
    begun = desk.exercises.get(desk.progress.current)
    if begun and begun not in done:
        print(f"You are at: {begun.name}. Check it with: {CALL} check")
    elif len(done) == total:
        print(f"All are solved. What is broken now, and where?  {CALL} drill start")
    else:
        print(f"Next: {exercise.title} ({exercise.area}, about {exercise.minutes} minutes)")
        print(f"  {CALL} start {exercise.name}")
    print(f"\nAll exercises: {CALL} list    Find a hidden mistake: {CALL} drill start")
    return 0


def show(desk: Desk) -> int:
    """Every exercise by area, with a mark at what is solved and at what is worked on."""
    width = max((len(name) for name in desk.exercises), default=0)
    for area in AREAS:
        here = [exercise for exercise in desk.exercises.values() if exercise.area == area]
        print(area if here else f"{area}: none yet")
        for exercise in here:
            begun = exercise.name == desk.progress.current
            mark = "x" if desk.progress.of(exercise.name).solved else ">" if begun else " "
            facts = f"{exercise.kind:8}  {exercise.minutes:2} min"
            print(f"  [{mark}] {exercise.name:{width}}  {facts}  {exercise.title}")
    return 0
