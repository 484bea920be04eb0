"""Paper cards: docs/papers/*.md, what a paper claims, how that was measured, and what we think."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from project_tools.documents.page import NO_DOCUMENTS, Page, Problems, is_answer

FOLDER = "docs/papers"
HEADINGS = ("Claim", "Evidence", "How it was measured", "To reproduce it", "Verdict")
MEASURED = ("n", "seeds", "interval")
VERDICTS = ("holds here", "does not hold here", "inconclusive here", "used here", "not tried")
TRIED = VERDICTS[:3]  # each of these rests on an experiment of this project
DOI = re.compile(r"https://doi\.org/10\.\d{4,9}/[^\s\"<>]+[\w)]", re.ASCII)
ARXIV = re.compile(r"https://arxiv\.org/abs/(?P<month>\d{4})\.(?P<number>\d{4,5})(v\d+)?", re.ASCII)
LINKS = "https://doi.org/10.NNNN/... or https://arxiv.org/abs/YYMM.NNNNN"
EXPERIMENT = re.compile(r"\]\((?:\.\./)+experiments/(?!README)[^)]+\)")
MOST_WORDS = 40  # a claim that needs more is several


def check(path: Path) -> list[str]:
    """Return what is wrong with a paper card."""
    problems, page = Problems(path), Page.read(path)
    title = page.title
    if title is None:
        problems.add(1, "no title, expected the paper's as `# Title`")
    _fields(page, problems)
    problems.sections(page, HEADINGS, "a sentence or more")
    _claim(page, problems)
    _measured(page, problems)
    problems.links(page)
    return problems.lines()


def check_all(folder: Path) -> list[str]:
    """Return what is wrong with the cards together: if something was tried here, one says so."""
    cards = _pages(folder)
    tried = _pages(folder.parent / "experiments")
    if not cards or not tried or any(_tried(Page.read(file)) for file in cards):
        return []
    return [f"{FOLDER}:1: no card links to an experiment, expected one that tried a claim"]


def is_link(text: str) -> bool:
    """Whether this is the address of a DOI or of an arXiv paper, as far as its form tells."""
    arxiv = ARXIV.fullmatch(text)
    if arxiv:
        digits = 5 if arxiv["month"] >= "1501" else 4  # arXiv counts so since January 2015
        return 1 <= int(arxiv["month"][2:]) <= 12 and len(arxiv["number"]) == digits
    return bool(DOI.fullmatch(text))


def _fields(page: Page, problems: Problems) -> None:
    wanted: dict[str, tuple[Callable[[str], bool], str]] = {
        "authors": (is_answer, "who wrote it"),
        "year": (lambda text: bool(re.fullmatch(r"(19|20)\d\d", text)), "when, as 2021"),
        "venue": (is_answer, "where it was published"),
        "link": (is_link, LINKS),
        "verdict": (lambda text: text in VERDICTS, ", ".join(VERDICTS)),
    }
    for key, (holds, expected) in wanted.items():
        line, value = page.fields.get(key, (1, ""))
        if not holds(value):
            problems.add(line, f"{key} is {value or 'missing'}, expected {expected}")
    line, verdict = page.fields.get("verdict", (1, ""))
    if verdict in TRIED and not _tried(page):
        told = f"verdict is {verdict}, and no experiment is linked"
        problems.add(line, f"{told}, expected a link to ../experiments/")


def _claim(page: Page, problems: Problems) -> None:
    claim = page.section("Claim")
    words = len(claim.text.split()) if claim else 0
    if claim and words > MOST_WORDS:
        problems.add(claim.line, f"the claim has {words} words, expected at most {MOST_WORDS}")


def _measured(page: Page, problems: Problems) -> None:
    section = page.section("How it was measured")
    if section is None or not section.answered:
        return
    for name in MEASURED:
        said = [item.partition(":") for item in section.items]
        if not any(is_answer(text) for key, _, text in said if key == name):
            expected = f"expected an entry `- {name}: ...`, and `not said` where the paper does not"
            problems.add(section.line, f"{name} is missing, {expected}")


def _pages(folder: Path) -> list[Path]:
    return [file for file in sorted(folder.glob("*.md")) if file.name not in NO_DOCUMENTS]


def _tried(page: Page) -> bool:
    return bool(EXPERIMENT.search(page.prose))
