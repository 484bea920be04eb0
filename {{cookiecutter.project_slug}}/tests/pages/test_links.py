from pathlib import Path
from typing import Any

import pytest
import yaml
from project_pages import FILES, PROJECT, anchors, links

DOCS = PROJECT / "docs"
EACH = pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(PROJECT).as_posix())


def pages_of(entries: list[Any]) -> list[str]:
    """The pages of the site's navigation, in order."""
    found: list[str] = []
    for entry in entries:
        for page in entry.values():
            found += [page] if isinstance(page, str) else pages_of(page)
    return found


NAVIGATION = pages_of(yaml.safe_load((PROJECT / "mkdocs.yml").read_text("utf-8"))["nav"])


@EACH
def test_every_link_leads_to_a_file_of_the_project(file: Path) -> None:
    targets = {link: (file.parent / link.partition("#")[0]).resolve() for link in links(file)}
    lost = [
        link
        for link, target in targets.items()
        if link[0] != "#" and not (target.exists() and target.is_relative_to(PROJECT))
    ]
    assert lost == []


@EACH
def test_every_link_to_a_heading_finds_it_on_a_forge_and_on_the_site(file: Path) -> None:
    lost: list[str] = []
    for link in links(file):
        path, _, anchor = link.partition("#")
        target = file.parent / path if path else file
        if anchor and target.suffix == ".md" and anchor not in anchors(target):
            lost.append(link)
    assert lost == []


def test_every_page_is_in_the_navigation_once_or_in_a_folder_with_a_readme() -> None:
    pages = [file.relative_to(DOCS).as_posix() for file in FILES if file.is_relative_to(DOCS)]
    assert len(NAVIGATION) == len(set(NAVIGATION))
    assert sorted(set(NAVIGATION) - set(pages)) == []
    collected = [str(Path(page).parent) for page in pages if page.endswith("/README.md")]
    assert [p for p in pages if p not in NAVIGATION and str(Path(p).parent) not in collected] == []


def test_the_start_page_names_every_other_page_of_the_navigation() -> None:
    named = {link for link in links(DOCS / "index.md") if not link.startswith("../")}
    assert sorted({"index.md", *named} ^ set(NAVIGATION)) == []


def test_a_page_is_read_as_a_forge_and_the_site_read_it(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# What is `it`?\n## A & B\n[a `b` c](x.md#y) [web](https://example.com/)\n"
        "`[no](link.md)`\n```\n# no heading\n[no](link.md)\n```\n",
        "utf-8",
    )
    assert links(page) == ["x.md#y"]
    assert anchors(page) == {"what-is-it"}  # a forge has a--b, the site a-b
