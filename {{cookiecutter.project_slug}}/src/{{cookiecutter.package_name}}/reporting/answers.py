"""What only people can say of a model: docs/model_card.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..runtime.errors import UserError, nearest

PLACE = "docs/model_card.yaml"
UNANSWERED = "not stated yet"
QUESTIONS = (
    "license",
    "contact",
    "intended_use",
    "intended_users",
    "out_of_scope",
    "factors",
    "assumptions",
    "limitations",
    "ethical_considerations",
    "broader_impact",
    "safeguards",
    "recommendations",
    "data_source",
    "data_license",
    "data_collection",
    "people",
    "ethics_review",
    "code",
    "language_models",
    "compute",
)


def read_answers(file: Path) -> dict[str, str]:
    """Return the answer to each question; empty where there is none yet.

    Raises:
        UserError: for an unknown question, or an answer that is no text.
    """
    import yaml

    found: Any = {}
    if file.exists():
        found = yaml.safe_load(file.read_text("utf-8")) or {}
    if not isinstance(found, dict):
        raise UserError(f"{PLACE}: expected lines of `question: answer`.")
    for question, answer in found.items():
        if question not in QUESTIONS:
            raise UserError(f"{PLACE}: {question}: unknown. {nearest(str(question), QUESTIONS)}")
        if not isinstance(answer, str | None):
            raise UserError(f"{PLACE}: {question}={answer}: expected text, in quotes.")
    return {question: (found.get(question) or "").strip() for question in QUESTIONS}
