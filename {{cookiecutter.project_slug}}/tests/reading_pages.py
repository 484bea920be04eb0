"""How tests read the report."""

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.reporting.material import Material, Sources, gather
from {{ cookiecutter.package_name }}.reporting.page import render


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

    def count(self, tag: str) -> int:
        """How many tags of this name there are."""
        return [name for name, _ in self.tags].count(tag)


def material_of(project: Path, *, name: str = "reader", **changes: Any) -> Material:
    """What the report of ``project``'s outputs is made of; ``changes`` are paths or values."""
    sources = Sources(
        metrics=project / "reports/metrics.json",
        leaks=project / "reports/audit.json",
        model=project / "models/network",
        prepared=project / "data/prepared",
        network=project / "predictions/network",
        baselines=project / "predictions/baselines",
        records=project / "records",
        answers=project / "docs/model_card.yaml",
    )
    paths = {key: value for key, value in changes.items() if isinstance(value, Path)}
    values = {key: value for key, value in changes.items() if key not in paths}
    return replace(gather(replace(sources, **paths), name=name, overrides=[]), **values)


def rendered(project: Path, **changes: Any) -> str:
    """The page of ``project``'s outputs."""
    return render(material_of(project, **changes))


def values_of(prepared: Path, off: float, split: str = "test") -> Predictions:
    """Values for rows of ``prepared``, each further off than the one before."""
    ids = load_split(prepared, split).ids
    targets = 100 + np.arange(len(ids)) * 10.0
    return Predictions(ids, [], targets, targets + off * np.arange(len(ids)))
