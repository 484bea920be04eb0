"""For the site of docs/: a link to a file outside of docs/ leads to the repository.

In Markdown such a link is relative, and works on a forge and in an editor. A site holds only
docs/, so zensical, which calls this as an extension of Markdown, is given an address there.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

PROJECT = Path(__file__).resolve().parents[2]


def address(link: str, files: str, project: Path = PROJECT) -> str:
    """Return ``link``, or where the file that it names is in the repository.

    Args:
        link: as it stands in a page of docs/ or of a folder in it.
        files: the address of the project's folder in the repository.
        project: the same folder here.
    """
    path, mark, place = link.partition("#")
    inside = path
    while inside.startswith("../"):
        inside = inside.removeprefix("../")
    outside = path.startswith("../") and not (project / "docs" / inside).exists()
    if outside and (project / inside).exists():
        return f"{files}/{inside}{mark}{place}"
    return link


class Links:
    """Gives the links of a page their address, when Markdown has made a tree of the text."""

    def __init__(self, files: str) -> None:
        self.files = files

    def run(self, root: Element) -> None:
        """Change the page in place."""
        for link in root.iter("a"):
            link.set("href", address(link.get("href", ""), self.files))


def makeExtension(files: str) -> Any:  # noqa: N802 - what Markdown looks for
    """Return the extension; ``files`` is an option of it in mkdocs.yml."""
    markdown = import_module("markdown")  # it comes with zensical, and is not installed everywhere

    class Outside(markdown.Extension):
        """Takes part in making a page."""

        def extendMarkdown(self, md: Any) -> None:  # noqa: N802 - Markdown's name for it
            """Add what changes links, to be the last."""
            md.treeprocessors.register(Links(files), "outside", 0)

    return Outside()
