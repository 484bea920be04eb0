"""Plain words: what an audience that builds no models does not know, and what to say instead."""

from __future__ import annotations

import re

MOST_WORDS = 40  # a slide: what is read in a quarter of a minute
INSTEAD = {
    "accuracy": "how often it is right",
    "algorithm": "way",
    "AUROC": "how well it tells two kinds apart",
    "baseline": "the simple way",
    "calibrated": "as sure as it may be",
    "calibration": "whether it is as sure as it may be",
    "classifier": "the program",
    "confidence interval": "it could be from ... to ...",
    "dataset": "the examples",
    "epoch": "a round of learning",
    "F1": "how often it is right",
    "false negative": "a case that it misses",
    "false positive": "a false alarm",
    "gradient": "the direction in which it learns",
    "hyperparameter": "a setting",
    "inference": "an answer",
    "logits": "how sure it is",
    "loss": "how wrong it is",
    "mean absolute error": "how far off it is on average",
    "overfitting": "learning by heart",
    "p-value": "how often luck alone does that",
    "precision": "how many of its alarms are right",
    "recall": "how many cases it finds",
    "regression": "saying a number",
    "softmax": "how sure it is",
    "statistically significant": "more than luck",
    "test set": "examples that it had never seen",
    "validation": "a first test",
}


def check(text: str) -> list[str]:
    """Return what of a slide's words is not plain, and when they are too many."""
    problems = [
        f"{found[0]!r} is jargon, say: {INSTEAD[term]}"
        for term in INSTEAD
        if (found := re.search(rf"\b{re.escape(term)}s?\b", text, re.IGNORECASE))
    ]
    if (count := words(text)) > MOST_WORDS:
        problems.append(f"{count} words, expected at most {MOST_WORDS}")
    return problems


def words(text: str) -> int:
    """How many words are read, numbers included."""
    return len(re.findall(r"[^\s]*\w[^\s]*", text))
