from datetime import date
from pathlib import Path

import pytest
from project_tools.score import evidence
from project_tools.score.evidence import Evidence
from project_tools.score.mistakes import ScoreError

PROJECT = Path(__file__).parents[2]
FILE, RECORD = "docs/evidence/own.toml", "docs/privacy.md"
ENTRY = f"""
[[evidence]]
item = "data-5"
record = "{RECORD}"
who = "A Person"
date = 2026-01-31
expires = "2027-01-31"
scope = "demo"
"""
TODAY = date(2026, 6, 1)


@pytest.fixture
def documented(project: Path) -> Path:
    """A project with a record, and what names it."""
    (project / "docs/evidence").mkdir(parents=True)
    (project / RECORD).write_text("Who may see what.\n", "utf-8")
    (project / FILE).write_text(ENTRY, "utf-8")
    return project


def test_an_entry_says_who_wrote_what_and_until_when_it_counts(documented: Path) -> None:
    days = date(2026, 1, 31), date(2027, 1, 31)
    expected = Evidence("data-5", RECORD, "A Person", *days, "demo")
    assert evidence.load(documented) == [expected]
    assert evidence.load(documented.parent) == []


@pytest.mark.parametrize(
    ("today", "example", "told"),
    [
        (TODAY, True, ""),
        (date(2027, 1, 31), True, ""),  # the last day
        (date(2027, 2, 1), True, "expired on 2027-01-31"),
        (TODAY, False, "about the example's data"),
    ],
)
def test_a_record_counts_until_it_expires_and_for_its_data_only(
    documented: Path, today: date, example: bool, told: str
) -> None:
    (entry,) = evidence.load(documented)
    assert told in entry.problem(documented, today, example)
    assert bool(told) is bool(entry.problem(documented, today, example))


def test_a_record_that_is_not_there_counts_for_nothing(documented: Path) -> None:
    (entry,) = evidence.load(documented)
    (documented / RECORD).unlink()
    assert entry.problem(documented, TODAY, example=True) == f"{RECORD} is not there"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"data-5"', '"data5"', r"entry 1: item is 'data5'\. Did you mean data-5\?"),
        ('"demo"', '"all"', r"scope is 'all'\. There are: demo, project"),
        ('who = "A Person"', "", "who is None, expected a text"),
        ("who =", "whom =", r"unknown field 'whom'\. Did you mean who\?"),
        ('"2027-01-31"', '"31.1.2027"', "expires is '31.1.2027', expected a day such as 2027"),
        ("2026-01-31", "2026-01-31T12:00:00", "date is datetime.*expected a day such as"),
        ('"2027-01-31"', '"2025-01-31"', "expected a day within two years of 2026-01-31"),
        ('"2027-01-31"', '"2099-01-31"', "expected a day within two years of 2026-01-31"),
        ("[[evidence]]", "[[evidnce]]", r"expected entries \[\[evidence\]\] and nothing else"),
        ("[[evidence]]", "[[evidence", r"docs/evidence/own\.toml: cannot be read"),
    ],
)
def test_a_mistake_is_one_line_that_names_its_place(
    documented: Path, old: str, new: str, told: str
) -> None:
    (documented / FILE).write_text(ENTRY.replace(old, new), "utf-8")
    with pytest.raises(ScoreError, match=told) as raised:
        evidence.load(documented)
    assert "\n" not in str(raised.value)


def test_the_records_that_this_project_names_are_about_something() -> None:
    for entry in evidence.load(PROJECT):
        record = PROJECT / entry.record
        if record.is_file():
            assert len(record.read_text("utf-8").split()) > 100
        else:
            assert entry.scope == "demo"  # gone with the example
