"""What people say of the model, docs/model_card.yaml: every question, and in time its answer."""

from __future__ import annotations

import datetime
from pathlib import Path

import yaml

from project_tools.documents import deadlines, origin
from project_tools.documents.package import of_package
from project_tools.documents.page import Problems, is_answer
from project_tools.the_example import is_chosen

FILE = "docs/model_card.yaml"


def check(path: Path, today: datetime.date | None = None) -> list[str]:
    """Return what is wrong: with the example's data a question may be open, with yours for a while.

    The questions and what an answer may be are the package's, which the report asks too.
    """
    problems, text = Problems(path), path.read_text(encoding="utf-8")
    answers, errors = of_package("reporting.answers"), of_package("runtime.errors")
    try:
        said, asked = answers.read_answers(path), yaml.safe_load(text) or {}
    except errors.UserError as error:
        problems.add(1, str(error).removeprefix(f"{answers.PLACE}: "))
        return problems.lines()
    except yaml.YAMLError as error:
        told = f"cannot be read as YAML: {' '.join(str(error).split())}"
        problems.add(1, f"{told}, expected lines of `question: answer`")
        return problems.lines()
    deadline = deadlines.of(text)
    may_be_open = deadline.allows(today or datetime.date.today())
    may_be_open = may_be_open or is_chosen(origin.project_of(path))
    for question in answers.QUESTIONS:
        if question not in asked:
            problems.add(1, f"{question} is missing, expected every question of the model card")
        elif said[question] and not is_answer(said[question]):
            told = f"{question} is {said[question]!r}, a placeholder"
            problems.add(_line_of(text, question), f"{told}, expected an answer, or nothing yet")
        elif not said[question] and not may_be_open:
            problems.add(_line_of(text, question), deadlines.told(deadline, question))
    origin.check(path, text, problems)
    return problems.lines()


def _line_of(text: str, key: str) -> int:
    lines = text.splitlines()
    return next((n for n, line in enumerate(lines, 1) if line.startswith(f"{key}:")), 1)
