from pathlib import Path

import pytest
from project_tools.documents import papers

CARD = """\
---
authors: Doe, Roe
year: 2021
venue: A Conference
link: https://arxiv.org/abs/2103.03098
verdict: holds here
---

# A title

## Claim

Networks need many rows.

## Evidence

Ten data sets, with fewer and fewer rows.

## How it was measured

- n: ten data sets
- seeds: not said
- interval: none

## To reproduce it

A day, with the code of the authors.

## Verdict

Tried in [wider](../experiments/wider.md), and it was so.
"""


@pytest.fixture
def file(project: Path) -> Path:
    for name in ("papers", "experiments"):
        (project / "docs" / name).mkdir(parents=True)
    (project / "docs/experiments/wider.md").write_text("# wider\n", "utf-8")
    place = project / "docs/papers/doe_2021.md"
    place.write_text(CARD, "utf-8")
    return place


def told(file: Path) -> list[str]:
    problems = papers.check(file)
    assert all(one.startswith(f"docs/papers/{file.name}:") for one in problems)
    return [one.removeprefix(f"docs/papers/{file.name}:") for one in problems]


def test_a_card_with_everything_passes(file: Path) -> None:
    assert told(file) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("Doe, Roe", "", "2: authors is missing, expected who wrote it"),
        ("2021\n", "21\n", "3: year is 21, expected when, as 2021"),
        ("venue: A Conference\n", "", "1: venue is missing, expected where it was published"),
        ("arxiv.org/abs/2103.03098", "example.com/2103.03098", "5: link is https://example.com/2"),
        ("holds here", "true", "6: verdict is true, expected holds here, does not hold here"),
        ("../experiments/wider.md", "doe_2021.md", "6: verdict is holds here, and no experiment"),
        ("../experiments/wider.md", "../experiments/gone.md", "31: link ../experiments/gone.md le"),
        ("# A title\n", "\n", "1: no title, expected the paper's as `# Title`"),
        ("## Evidence", "## Data", "1: no heading 'Evidence', expected Claim, Evidence, How it"),
        ("A day, with the code of the authors.", "...", "25: 'To reproduce it' is not answered"),
        ("Networks need many rows.", "word " * 41, "11: the claim has 41 words, expected at most"),
        ("- n: ten data sets\n", "", "19: n is missing, expected an entry `- n: ...`"),
        ("- seeds: not said\n", "- seeds:\n", "19: seeds is missing, expected an entry"),
        ("- interval: none", "- intervals: none", "19: interval is missing, expected an entry"),
    ],
)
def test_a_fault_is_told_with_its_line_and_what_was_expected(
    old: str, new: str, problem: str, file: Path
) -> None:
    assert CARD.count(old) == 1
    file.write_text(CARD.replace(old, new), "utf-8")
    (only,) = told(file)
    assert only.startswith(problem)
    assert ", expected " in only


@pytest.mark.parametrize(
    ("link", "right"),
    [
        ("https://doi.org/10.18653/v1/D19-1224", True),
        ("https://doi.org/10.1023/A:1010933404324", True),
        ("https://doi.org/10.1016/0893-6080(89)90020-8", True),
        ("https://doi.org/11.18653/v1/D19-1224", False),
        ("https://doi.org/10.18653", False),
        ("https://doi.org/10.18653/v1/D19 1224", False),
        ("10.18653/v1/D19-1224", False),
        ("https://arxiv.org/abs/2207.08815", True),
        ("https://arxiv.org/abs/2207.08815v3", True),
        ("https://arxiv.org/abs/0704.0001", True),
        ("https://arxiv.org/abs/2207.0881", False),  # five digits since 2015
        ("https://arxiv.org/abs/0704.00001", False),
        ("https://arxiv.org/abs/2213.08815", False),  # no month
        ("https://arxiv.org/pdf/2207.08815", False),
    ],
)
def test_a_link_has_the_form_of_a_doi_or_of_arxiv(link: str, right: bool) -> None:
    assert papers.is_link(link) == right


def test_where_there_are_experiments_one_card_has_tried_one(file: Path) -> None:
    assert papers.check_all(file.parent) == []
    untried = CARD.replace("holds here", "not tried").replace("wider.md", "README.md")
    file.write_text(untried, "utf-8")
    (file.parents[1] / "experiments/README.md").write_text("# Experiments\n", "utf-8")
    assert told(file) == []
    (only,) = papers.check_all(file.parent)
    assert only.startswith("docs/papers:1: no card links to an experiment, expected one")
    (file.parents[1] / "experiments/wider.md").unlink()
    assert papers.check_all(file.parent) == []
    assert papers.check_all(file.parent / "no folder") == []
