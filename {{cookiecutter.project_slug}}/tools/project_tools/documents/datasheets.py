"""The datasheet of the data, docs/datasheet.md: the headings of Gebru et al. (2021)."""

from __future__ import annotations

import datetime
from pathlib import Path

from project_tools.documents import deadlines, origin
from project_tools.documents.page import Page, Problems

FILE = "docs/datasheet.md"
TEMPLATE = Path(__file__).with_name("datasheet.md")  # `uv run replace-example` puts it in place
HEADINGS = (
    "Motivation",
    "Composition",
    "Collection process",
    "Preprocessing, cleaning, labelling",
    "Uses",
    "Distribution",
    "Maintenance",
)
FEWEST_WORDS = 5  # under a heading


def check(path: Path, today: datetime.date | None = None) -> list[str]:
    """Return what is wrong with a datasheet; what is open may be until the day it names."""
    problems, page = Problems(path), Page.read(path)
    deadline = deadlines.of(page.whole)
    may_be_open = deadline.allows(today or datetime.date.today())
    found = [one.heading for one in page.sections if one.heading in HEADINGS]
    if found != [heading for heading in HEADINGS if heading in found]:
        problems.add(1, f"its headings are in another order, expected {', '.join(HEADINGS)}")
    for heading in HEADINGS:
        section = page.section(heading)
        if section is None:
            problems.add(1, f"no heading {heading!r}, expected {', '.join(HEADINGS)}")
        elif not may_be_open and not (
            section.answered and len(section.text.split()) >= FEWEST_WORDS
        ):
            problems.add(section.line, deadlines.told(deadline, repr(heading)))
    origin.check(path, page.whole, problems)
    problems.links(page)
    return problems.lines()
