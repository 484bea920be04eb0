"""Decision records: docs/decisions/NNNN-*.md, as MADR 4 has them (https://adr.github.io/madr/)."""

from __future__ import annotations

import re
from pathlib import Path

from project_tools.documents.page import Page, Problems, is_date

FOLDER = "docs/decisions"
NAME = re.compile(r"(?P<number>\d{4})-[a-z0-9]+(-[a-z0-9]+)*\.md")
STATUSES = ("proposed", "accepted", "rejected", "deprecated", "superseded by NNNN")
SUPERSEDED = re.compile(r"superseded by (?P<number>\d{4})")
HEADINGS = (
    "Context and problem statement",
    "Considered options",
    "Decision outcome",
    "Consequences",
)
CHOSEN = re.compile(r'Chosen option: "(?P<option>[^"]+)", because (?P<reason>\S+ .+)', re.DOTALL)
REASON = 'Chosen option: "one of the options", because ...'


def check(path: Path) -> list[str]:
    """Return what is wrong with a decision record, its number among its neighbours included."""
    problems, page = Problems(path), Page.read(path)
    _number(path, page, problems)
    _status(path, page, problems)
    problems.sections(page, HEADINGS, "a sentence or more")
    _choice(page, problems)
    _consequences(page, problems)
    problems.links(page)
    return problems.lines()


def _number(path: Path, page: Page, problems: Problems) -> None:
    name = NAME.fullmatch(path.name)
    if name is None:
        problems.add(1, f"its name is {path.name}, expected NNNN-what-was-chosen.md")
        return
    number = name["number"]
    twins = {file.name for file in path.parent.glob(f"{number}-*.md")} - {path.name}
    if twins:
        problems.add(1, f"{min(twins)} has the number {number} too, expected the next free one")
    before = f"{int(number) - 1:04d}"
    if int(number) != 1 and not [*path.parent.glob(f"{before}-*.md")]:
        problems.add(1, f"there is no {before}, expected numbers without gaps from 0001 on")
    title = page.title
    if title is None or not re.match(rf"{number} \S", title.heading):
        problems.add(title.line if title else 1, f"expected a title `# {number} what was chosen`")
    listing = path.parent / "README.md"
    if listing.exists() and f"({path.name})" not in listing.read_text(encoding="utf-8"):
        problems.add(1, "README.md beside it does not list it, expected a line with a link")


def _status(path: Path, page: Page, problems: Problems) -> None:
    line, status = page.fields.get("status", (1, "missing"))
    replaced = SUPERSEDED.fullmatch(status)
    if replaced:
        by = [*path.parent.glob(f"{replaced['number']}-*.md")]
        if not by or by[0].name <= path.name:
            told = f"status is {status}, and no later record has that number"
            problems.add(line, f"{told}, expected the one that replaces it")
    elif status not in STATUSES[:-1]:
        problems.add(line, f"status is {status}, expected {', '.join(STATUSES)}")
    line, date = page.fields.get("date", (1, "missing"))
    if not is_date(date):
        problems.add(line, f"date is {date}, expected the day of the decision, as 2026-01-31")


def _choice(page: Page, problems: Problems) -> None:
    options, outcome = page.section(HEADINGS[1]), page.section(HEADINGS[2])
    items = options.items if options else []
    names = [_plain(re.split(r"[:;.](?:\s|$)", item)[0]) for item in items]
    if options and len(names) < 2:
        problems.add(options.line, f"{len(names)} options in a list, expected at least 2")
    if outcome is None or not outcome.answered:
        return
    chosen = CHOSEN.search(outcome.text)
    if chosen is None:
        problems.add(outcome.line, f"no choice with its reason, expected {REASON}")
    elif names and _plain(chosen["option"]) not in names:
        told = f"chosen was {chosen['option']!r}, which was not considered"
        problems.add(outcome.line, f"{told}, expected one of {', '.join(names)}")


def _consequences(page: Page, problems: Problems) -> None:
    section = page.section(HEADINGS[3])
    if section is None or not section.answered:
        return
    for kind in ("Good", "Bad"):
        if not any(item.startswith(f"{kind}, because ") for item in section.items):
            expected = f"expected an entry `- {kind}, because ...`"
            problems.add(section.line, f"no consequence is {kind.lower()}, {expected}")


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[*_`]", "", text).lower().split())
