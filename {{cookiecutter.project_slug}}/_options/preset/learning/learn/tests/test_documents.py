"""The documents that exercises are about, seen by the project's own linters."""

from pathlib import Path

import yaml
from project_tools.claims import texts
from project_tools.documents import decisions, papers, plans

PROJECT = Path(__file__).resolve().parents[2]
DOCUMENTS = PROJECT / "learn" / "documents"
NOTE = DOCUMENTS / "claim" / "note.md"


def test_the_note_claims_what_was_measured() -> None:
    found = texts.check(PROJECT, NOTE)
    text = NOTE.read_text("utf-8")
    assert found.problems == []
    for key in ("accuracy", "difference"):
        for part in ("value", "low", "high"):
            assert f"claim: result.json#{key}.{part}" in text, f"{key}.{part} is not claimed"
    assert "cannot say" in text, "the interval of the difference holds 0"


def test_the_decision_can_be_questioned() -> None:
    file = DOCUMENTS / "decisions" / "0001-a-baseline-stays-beside-the-network.md"
    assert decisions.check(file) == []


def test_the_plan_can_turn_out_to_be_wrong() -> None:
    file = DOCUMENTS / "plan.yaml"
    assert plans.check(file) == []
    plan = yaml.safe_load(file.read_text("utf-8"))
    assert plan["split"] == "val", "the test set is for the last word"
    assert plan["margin"] == 0.01, "the smallest difference that matters is one point"
    assert plan["seeds"] >= 5, "one training may be lucky"
    assert "because" in plan["hypothesis"], "why do you expect it?"


def test_the_card_tells_a_claim_from_its_evidence() -> None:
    assert papers.check(DOCUMENTS / "paper.md") == []
