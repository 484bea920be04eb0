from pathlib import Path

import pytest
from project_tools.documents import decisions

RECORD = """\
---
status: accepted
date: 2026-01-31
---

# 0001 Rows are split by a hash

## Context and problem statement

Data grow, and a split drawn anew moves rows.

## Considered options

- A random split: every row moves when one is added.
- A hash: needs no list.

## Decision outcome

Chosen option: "A hash", because nothing moves ([why](README.md)).

### Consequences

- Good, because a row stays where it is.
- Bad, because the parts are only nearly as large as asked for.
"""
NAME = "0001-rows-are-split-by-a-hash.md"
LISTED = f"# Decisions\n\n- [0001]({NAME})\n"


@pytest.fixture
def folder(project: Path) -> Path:
    place = project / "docs/decisions"
    place.mkdir(parents=True)
    (place / NAME).write_text(RECORD, "utf-8")
    (place / "README.md").write_text(LISTED, "utf-8")
    return place


def told(folder: Path, name: str = NAME) -> list[str]:
    problems = decisions.check(folder / name)
    assert all(one.startswith(f"docs/decisions/{name}:") for one in problems)
    return [one.removeprefix(f"docs/decisions/{name}:") for one in problems]


def test_a_record_with_everything_passes(folder: Path) -> None:
    assert told(folder) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("status: accepted", "status: done", "2: status is done, expected proposed, accepted"),
        ("status: accepted\n", "", "1: status is missing, expected proposed, accepted"),
        ("2026-01-31", "2026-02-30", "3: date is 2026-02-30, expected the day of the decision"),
        ("date: 2026-01-31\n", "", "1: date is missing, expected the day"),
        ("# 0001 Rows", "# Rows", "6: expected a title `# 0001 what was chosen`"),
        ("# 0001 Rows", "# 0002 Rows", "6: expected a title `# 0001 what was chosen`"),
        ("## Context and problem", "## The problem", "1: no heading 'Context and problem state"),
        ("Data grow, and a split drawn anew moves rows.", "TODO", "8: 'Context and problem statem"),
        ("Data grow, and a split drawn anew moves rows.", "<!-- why -->", "8: 'Context and probl"),
        ("- A random split: every row moves when one is added.\n", "", "12: 1 options in a list"),
        ('option: "A hash"', 'option: "A list"', "17: chosen was 'A list', which was not consid"),
        (", because nothing moves ([why](README.md))", "", "17: no choice with its reason"),
        ("README.md)", "gone.md)", "19: link gone.md leads nowhere"),
        ("- Good, because", "- So", "21: no consequence is good, expected an entry `- Good, bec"),
        ("- Bad, because", "- And", "21: no consequence is bad, expected an entry `- Bad, because"),
    ],
)
def test_a_fault_is_told_with_its_line_and_what_was_expected(
    old: str, new: str, problem: str, folder: Path
) -> None:
    assert RECORD.count(old) == 1
    (folder / NAME).write_text(RECORD.replace(old, new), "utf-8")
    (only,) = told(folder)
    assert only.startswith(problem)
    assert ", expected " in only or ": expected " in only


def test_numbers_have_no_gaps_and_no_twins(folder: Path) -> None:
    (folder / "README.md").write_text("[](0001-another.md) [](0003-later.md)" + LISTED, "utf-8")
    later = RECORD.replace("# 0001", "# 0003")
    (folder / "0003-later.md").write_text(later, "utf-8")
    (only,) = told(folder, "0003-later.md")
    assert only == "1: there is no 0002, expected numbers without gaps from 0001 on"
    (folder / "0001-another.md").write_text(RECORD, "utf-8")
    (only,) = told(folder)
    assert only == "1: 0001-another.md has the number 0001 too, expected the next free one"


def test_it_is_listed_and_named_by_its_number(folder: Path) -> None:
    (folder / "README.md").write_text("# Decisions\n", "utf-8")
    assert told(folder) == ["1: README.md beside it does not list it, expected a line with a link"]
    (folder / "hash.md").write_text(RECORD, "utf-8")
    (only,) = told(folder, "hash.md")
    assert only == "1: its name is hash.md, expected NNNN-what-was-chosen.md"


def test_what_replaced_a_record_is_there_and_later(folder: Path) -> None:
    file, replaced = folder / NAME, RECORD.replace("accepted", "superseded by 0002")
    file.write_text(replaced, "utf-8")
    (only,) = told(folder)
    assert only.startswith("2: status is superseded by 0002, and no later record has that number")
    (folder / "0002-by-time.md").write_text(RECORD.replace("# 0001", "# 0002"), "utf-8")
    assert told(folder) == []
    file.write_text(replaced.replace("by 0002", "by 0001"), "utf-8")
    (only,) = told(folder)
    assert only.startswith("2: status is superseded by 0001, and no later record")


def test_options_may_be_long_and_capitals_do_not_count(folder: Path) -> None:
    text = RECORD.replace("- A hash: needs no list.", "1. **A hash**: needs\n   no list. Nor ids.")
    text = text.replace("## Considered options", "## Considered Options")
    (folder / NAME).write_text(text.replace("- A random split", "2. A random split"), "utf-8")
    assert told(folder) == []
