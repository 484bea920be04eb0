"""The pages as a site: every link leads somewhere, and nothing is fetched from another host."""

import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest
import yaml

from support import TEMPLATE

# What a browser fetches by itself; a link that a reader follows may lead anywhere.
FETCHED = {"link": "href", "script": "src", "img": "src", "source": "src", "iframe": "src"}
# What the theme's script would fetch a library for: diagrams, boxes of light, editors.
FETCHED_BY_SCRIPT = {"mermaid", "glightbox", "pyodide"}
FETCHED_BY_STYLE = re.compile(r"(?:url\(|@import)\s*[\"']?((?:https?:)?//[^\"')\s]+)")


class Page(HTMLParser):
    """What one page fetches, where it leads, and the anchors that it has."""

    def __init__(self, text):
        super().__init__()
        self.fetched, self.links, self.anchors, self.classes = [], [], set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.anchors.add(found.get("id"))
        self.classes.update((found.get("class") or "").split())
        if found.get("rel") not in {"canonical", "next", "prev"}:
            self.fetched.append(found.get(FETCHED.get(tag)))
        if tag == "a":
            self.links.append(found.get("href"))


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of the site, built from a copy, so that a checkout is left as it was."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copy(TEMPLATE / "mkdocs.yml", folder)
    shutil.copytree(TEMPLATE / "docs", folder / "docs")
    result = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--strict"],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return folder / "build" / "site"


@pytest.fixture(scope="module")
def pages(site):
    return {path: Page(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}


def test_every_page_is_built(site):
    written = {path.relative_to(TEMPLATE / "docs") for path in (TEMPLATE / "docs").rglob("*.md")}
    assert len(written) > 10
    for page in written:
        name = "index.html" if page.name == "README.md" else f"{page.stem}.html"
        assert (site / page.parent / name).is_file()


def test_every_page_is_in_the_navigation():
    def named(entries):
        for entry in entries:
            target = next(iter(entry.values()))
            yield from named(target) if isinstance(target, list) else [target]

    listed = list(named(yaml.safe_load((TEMPLATE / "mkdocs.yml").read_text("utf-8"))["nav"]))
    docs = TEMPLATE / "docs"
    pages = {path.relative_to(docs).as_posix() for path in docs.rglob("*.md")}
    records = {page for page in pages if re.match(r"decisions/\d", page)}  # listed by their README
    assert sorted(listed) == sorted(pages - records)


def test_no_page_fetches_anything_from_another_host(site, pages):
    fetched = [one for page in pages.values() for one in page.fetched if one]
    assert any(one.endswith(".css") for one in fetched)
    assert any(one.endswith(".js") for one in fetched)
    assert [one for one in fetched if urlsplit(one).netloc] == []
    assert FETCHED_BY_SCRIPT.isdisjoint(set().union(*(page.classes for page in pages.values())))
    styles = [path.read_text(encoding="utf-8") for path in site.rglob("*.css")]
    styles += [path.read_text(encoding="utf-8") for path in pages]
    assert [found for text in styles for found in FETCHED_BY_STYLE.findall(text)] == []


def test_every_link_of_the_site_leads_to_a_page_and_an_anchor(pages):
    followed = 0
    for path, page in pages.items():
        if path.name == "404.html":  # its links are meant to be seen from any folder
            continue
        for link in filter(None, page.links):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            target = target / "index.html" if target.is_dir() else target
            assert target.is_file(), f"{path.name}: {link}"
            if parts.fragment and target in pages:
                assert unquote(parts.fragment) in pages[target].anchors, f"{path.name}: {link}"
            followed += 1
    assert followed > 100
