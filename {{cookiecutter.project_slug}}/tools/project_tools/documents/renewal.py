"""Texts about the example's data give way to questions about yours, open for a while."""

from __future__ import annotations

import datetime
import re
import subprocess
from pathlib import Path

from project_tools.documents import datasheets, deadlines, model_cards
from project_tools.the_example import MARK

KEPT = ("license", "contact", "code")  # answers that do not depend on the data
ANSWER = re.compile(r"^(?P<key>\w+):.*\n(?:[ \t]+\S.*\n)*", re.MULTILINE)
OF_THE_MARK = re.compile(rf"^# {MARK}.*\n(?:#.*\n)*\n?", re.MULTILINE)


def about_the_example(project: Path) -> list[Path]:
    """The texts that say of themselves that they are about the example's data."""
    places = [project / name for name in (datasheets.FILE, model_cards.FILE)]
    return [file for file in places if file.exists() and MARK in file.read_text(encoding="utf-8")]


def ask_anew(project: Path, today: datetime.date) -> list[str]:
    """Write the questions in place of the answers; what there is to say about it."""
    told: list[str] = []
    for file in about_the_example(project):
        words = deadlines.line(_who(project), today)
        if file.suffix == ".md":
            text = f"<!-- {words} -->\n\n{datasheets.TEMPLATE.read_text(encoding='utf-8')}"
        else:
            text = f"# {words}\n{without_answers(file.read_text(encoding='utf-8'))}"
        file.write_text(text, encoding="utf-8", newline="\n")
        told.append(f"asks about your data now: {file.relative_to(project).as_posix()} ({words})")
    return told


def without_answers(text: str) -> str:
    """The questions of a model card, without what was answered about the example."""
    return ANSWER.sub(
        lambda found: found[0] if found["key"] in KEPT else f'{found["key"]}: ""\n',
        OF_THE_MARK.sub("", text),
    )


def _who(project: Path) -> str:
    """Who replaces the example answers for it, until somebody else is named."""
    asked = subprocess.run(
        ["git", "config", "user.name"],
        cwd=project,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    return asked.stdout.strip() or "the team"
