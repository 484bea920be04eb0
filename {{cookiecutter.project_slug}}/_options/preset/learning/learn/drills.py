"""Drills: something in the worktree is broken; find it, say what you suspect, and mend it."""

from __future__ import annotations

import difflib
import json
import random
import time
from typing import TYPE_CHECKING, Any

from project_tools.sabotage.cuts import Cut, CutError, load, nearest
from project_tools.sabotage.sandbox import package_of
from project_tools.sabotage.surgery import cut_out
from project_tools.sabotage.witness import Failure

from .doing import CALL, PASSED, Desk
from .progress import Drill

if TYPE_CHECKING:
    from pathlib import Path

LEVELS = ("test", "area")  # what is shown: the test that fails, or only the folder it stands in
TRIES = 5  # a cut that no test notices quickly is no drill


def start(desk: Desk, level: str, seed: int | None) -> int:
    """Break something at random and show the symptom."""
    if desk.progress.drill:
        raise CutError(f"a drill goes on: {CALL} drill check, or {CALL} drill stop")
    desk.put_away()
    desk.shop.open()
    print("breaking something, until a test notices ...", flush=True)
    candidates = quick(desk.shop.folder)
    random.Random(seed).shuffle(candidates)  # noqa: S311 (nothing is kept secret)
    for cut in candidates[:TRIES]:
        file = _file(desk, cut)
        desk.shop.write(file, cut_out(desk.shop.restore(file), cut.function, cut.body))
        run, _ = desk.shop.test(cut.tests)
        if run.testimony.failure is not None:
            desk.shop.hide(file)
            desk.progress.drill = Drill(cut.name, time.time(), level)
            desk.progress.save()
            print(f"\n{_symptom(run.testimony.failure, level)}")
            print(f"Search and mend in {desk.shop.folder} (git tells nothing).")
            print(f'What do you suspect?  {CALL} drill guess "..."    Mended?  {CALL} drill check')
            return 0
        desk.shop.restore(file)
    raise CutError("no test noticed: look at `uv run sabotage`")


def guess(desk: Desk, text: str) -> int:
    """Write down a suspicion, with the time; whether it is right is not told."""
    drill = _going_on(desk)
    seconds = round(time.time() - drill.began)
    drill.guesses.append({"seconds": seconds, "text": text, "right": _names(_cut(desk), text)})
    desk.progress.save()
    print(f"noted after {_minutes(seconds)}. Look for what would prove it wrong.")
    return 0


def check(desk: Desk) -> int:
    """Run the tests; when they pass, say what was broken, and log how long it took."""
    _going_on(desk)
    cut = _cut(desk)
    run, _ = desk.shop.test(cut.tests)
    if run.status != PASSED:
        failure = run.testimony.failure
        print(f"not mended yet: {failure.test if failure else run.last_words}")
        return 1
    return _end(desk, mended=True)


def stop(desk: Desk) -> int:
    """Give up, and see what it was."""
    _going_on(desk)
    return _end(desk, mended=False)


def log(desk: Desk) -> int:
    """A table of all drills."""
    file = desk.shop.notes / "drills.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    print("day         shown  found after  mended after  first wrong suspicion")
    for entry in map(json.loads, lines):
        found, mended = (_minutes(entry[key]) for key in ("found", "mended"))
        wrong = entry["first_wrong"] or "-"
        print(f"{entry['day']}  {entry['level']:5}  {found:>11}  {mended:>12}  {wrong}")
    return 0


def quick(project: Path) -> list[Cut]:
    """The cuts whose tests need no training; in an order that does not depend on the machine."""
    cuts = load(project / "tests" / "cuts")
    files = {test.partition("::")[0] for cut in cuts for test in cut.tests}
    slow = {f for f in files if not _is_quick(project / f)}
    package = package_of(project)
    return [
        cut
        for cut in cuts
        if (package / cut.file).is_file() and not {t.partition("::")[0] for t in cut.tests} & slow
    ]


def _is_quick(file: Path) -> bool:
    return file.is_file() and "mark.slow" not in file.read_text(encoding="utf-8")


def _going_on(desk: Desk) -> Drill:
    if desk.progress.drill is None or not desk.shop.is_open():
        raise CutError(f"no drill goes on: {CALL} drill start")
    return desk.progress.drill


def _cut(desk: Desk) -> Cut:
    cuts = {cut.name: cut for cut in load(desk.shop.folder / "tests" / "cuts")}
    name = _going_on(desk).cut
    if name not in cuts:
        raise CutError(f"tests/cuts has no {name} any more. {nearest(name, cuts)}")
    return cuts[name]


def _file(desk: Desk, cut: Cut) -> Path:
    return package_of(desk.shop.folder) / cut.file


def _symptom(failure: Failure, level: str) -> str:
    if level == "area":
        return f"Something fails in {failure.test.rpartition('/')[0]}: run its tests there."
    return f"{failure.test} fails:\n    {failure.message.splitlines()[0]}"


def _names(cut: Cut, text: str) -> bool:
    """Whether a suspicion names the function that is broken, or its module."""
    words = text.casefold()
    module = cut.file.rpartition("/")[2]
    return cut.function.rpartition(".")[2].casefold() in words or module.casefold() in words


def _end(desk: Desk, mended: bool) -> int:
    drill, cut = _going_on(desk), _cut(desk)
    seconds, file = round(time.time() - drill.began), _file(desk, cut)
    whole = desk.shop.reference(file)
    wrong = cut_out(whole.encode(), cut.function, cut.body).decode()
    diff = difflib.unified_diff(
        whole.splitlines(), wrong.splitlines(), "as it was", "as it was broken", lineterm=""
    )
    print("\n".join(diff))
    print(f"\n{cut.function} in {cut.file}: {cut.why}")
    right = [g["seconds"] for g in drill.guesses if g["right"]]
    first_wrong = next((g["text"] for g in drill.guesses if not g["right"]), "")
    entry: dict[str, Any] = {
        "day": time.strftime("%Y-%m-%d"),
        "cut": cut.name,
        "level": drill.level,
        "found": next(iter(right), seconds if mended else None),
        "mended": seconds if mended else None,
        "guesses": len(drill.guesses),
        "first_wrong": first_wrong,
    }
    with (desk.shop.notes / "drills.jsonl").open("a", encoding="utf-8", newline="\n") as stream:
        stream.write(json.dumps(entry) + "\n")
    desk.shop.restore(file)
    desk.progress.drill = None
    desk.progress.save()
    print(f"{'mended' if mended else 'given up'} after {_minutes(seconds)}. All: {CALL} drill log")
    return 0


def _minutes(seconds: int | None) -> str:
    return "-" if seconds is None else f"{seconds // 60}:{seconds % 60:02} min"
