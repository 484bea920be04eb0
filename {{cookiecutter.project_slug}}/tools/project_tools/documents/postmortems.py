"""Postmortems: docs/postmortems/YYYY-MM-DD-what.md, by the template beside them."""

from __future__ import annotations

import re
from pathlib import Path

from project_tools.documents.page import Page, Problems, Section, is_answer, is_date

FOLDER = "docs/postmortems"
NAME = re.compile(r"(example_)?(?P<date>\d{4}-\d\d-\d\d)-[a-z0-9]+(-[a-z0-9]+)*\.md")
FACTS = ("who noticed it, and how", "from, until", "what it did", "versions")
HEADINGS = ("What happened", "Why", "What went well, and what was luck", "What changes")
COLUMNS = ("change", "the check that fails without it", "who, until")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d")


def check(path: Path) -> list[str]:
    """Return what is wrong with a postmortem."""
    problems, page = Problems(path), Page.read(path)
    _dates(path, page, problems)
    _facts(page, problems)
    problems.sections(page, HEADINGS, "what was learned, or why there is nothing")
    actions = page.section("What changes")
    if actions and actions.answered:
        _actions(actions, problems)
    problems.links(page)
    return problems.lines()


def _dates(path: Path, page: Page, problems: Problems) -> None:
    name = NAME.fullmatch(path.name)
    if name is None or not is_date(name["date"]):
        problems.add(1, f"its name is {path.name}, expected YYYY-MM-DD-what.md")
        return
    title = page.title
    if title is None or not re.match(rf"{name['date']}: \S", title.heading):
        expected = f"expected a title `# {name['date']}: what went wrong`, as its name says"
        problems.add(title.line if title else 1, expected)


def _facts(page: Page, problems: Problems) -> None:
    title = page.title
    line = title.line if title else 1
    rows = rows_of(title) if title else []
    said = {row[0].lower(): row[1] for row in rows if len(row) > 1}
    for fact in FACTS:
        if not is_answer(said.get(fact, "")):
            problems.add(line, f"{fact!r} is not answered, expected a row `| {fact} | ... |`")
    moments = MOMENT.findall(said.get("from, until", ""))
    if is_answer(said.get("from, until", "")) and not (
        len(moments) > 1 and all(map(is_date, moments)) and moments == sorted(moments)
    ):
        expected = "expected the days it began and was mended, as 2026-01-30 ... 2026-01-31"
        problems.add(line, f"'from, until' has no two days in order, {expected}")


def _actions(section: Section, problems: Problems) -> None:
    rows = rows_of(section)
    if tuple(rows[0] if rows else ()) != COLUMNS:
        told = "no table of actions"
        problems.add(section.line, f"{told}, expected the columns {', '.join(COLUMNS)}")
        return
    if len(rows) == 1:
        problems.add(section.line, "no action, expected at least one with its check and owner")
    for row in rows[1:]:
        change, checked, owner = [*row, "", "", ""][:3]
        if not is_answer(change) or not is_answer(checked):
            told = f"the action {change!r} has no check"
            problems.add(section.line, f"{told}, expected what fails without it")
        day = MOMENT.search(owner)
        name = MOMENT.sub("", owner).strip(" ,;:")
        if not (day and is_date(day[0]) and is_answer(name)):
            told = f"the action {change!r} has {owner!r} as owner"
            problems.add(section.line, f"{told}, expected who, and until when: Ada, 2026-01-31")


def rows_of(section: Section) -> list[list[str]]:
    """The rows of the tables in a section, without those that are lines or empty."""
    lines = [line.strip() for line in section.text.splitlines() if line.strip().startswith("|")]
    rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return [row for row in rows if any(re.search(r"\w", cell) for cell in row)]
