"""How tests read the report."""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from {{ cookiecutter.package_name }}.reporting import page as page_of


class Page(HTMLParser):
    """Every tag of a page with its attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def rendered(project: Path, **changes: Any) -> str:
    """The page of ``project``'s outputs."""
    values: dict[str, Any] = {
        "metrics": json.loads((project / "reports/metrics.json").read_text("utf-8")),
        "leaks": json.loads((project / "reports/audit.json").read_text("utf-8")),
        "model": project / "models/network",
        "prepared": project / "data/prepared",
        "network": project / "predictions/network",
        "baselines": project / "predictions/baselines",
        "name": "reader",
    }
    return page_of.render(**values | changes)
