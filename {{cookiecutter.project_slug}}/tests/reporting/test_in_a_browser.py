"""The report in a real browser: nothing is cut off, unreadable or left to be guessed."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from browser import WIDTHS, measure, problems
from reading_pages import material_of, rendered

pytestmark = pytest.mark.slow

LONG = "w" * 200


def wrong(page: str, folder: Path, *, dark: bool = False) -> list[str]:
    return [
        f"{width}: {told}"
        for width, found in measure(page, folder, dark=dark).items()
        for told in problems(found, dark=dark)
    ]


def renamed(project: Path) -> str:
    """The page of a project whose classes have names of 200 characters, and no conclusion."""
    material = material_of(project)
    names = [f"{LONG}{number}" for number in range(len(material.table.classes))]
    metrics = material.metrics | {"verdict": "invalid", "problems": [LONG], "headline": LONG}
    for entry, name in zip(metrics["classes"], names, strict=True):
        entry["class"] = name
    changes: dict[str, Any] = {"metrics": metrics, "manifest": replace(material.manifest)}
    changes["manifest"] = replace(material.manifest, classes=names, about=LONG)
    changes["table"] = replace(material.table, classes=names)
    return rendered(project, name=LONG, **changes)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_figure_is_drawn_and_told_and_nothing_is_cut_off_or_too_pale(
    pipeline: Path, tmp_path: Path, dark: bool
) -> None:
    page = (pipeline / "reports/report.html").read_text("utf-8")
    measured = measure(page, tmp_path, dark=dark)
    assert {width: found["width"] for width, found in measured.items()} == {w: w for w in WIDTHS}
    for width, found in measured.items():
        assert problems(found, dark=dark) == [], width
        assert len(found["figures"]) == page.count("<figure")
        assert len(found["texts"]) > 200


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_long_names_and_an_alarm_break_nothing(pipeline: Path, tmp_path: Path, dark: bool) -> None:
    assert wrong(renamed(pipeline), tmp_path, dark=dark) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_report_of_values_is_laid_out_as_well(
    of_values: Path, tmp_path: Path, dark: bool
) -> None:
    assert wrong(rendered(of_values), tmp_path, dark=dark) == []


def _without_alternative(page: str) -> str:
    return re.sub(r'<svg role="img" aria-label="[^"]*"', "<svg", page, count=1)


def _with(text: str) -> Callable[[str], str]:
    return lambda page: page.replace("</main>", f"{text}</main>")


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        (_with('<div style="width: 3000px">wide</div>'), "the page is 30"),
        (_with('<p style="margin-left: -90px">left</p>'), "reaches out of the window: p left"),
        (_without_alternative, "has no text alternative"),
        (_with('<figure aria-label="x"><svg role="img"></svg></figure>'), "nothing is painted"),
        (_with('<figure aria-label="x" hidden><img alt=""></figure>'), "has no size"),
        (_with('<p style="color: #999">pale</p>'), "contrast 2.85: p pale"),
        (_with('<script>console.error("a slip")</script>'), "a slip"),
        (_with('<img alt="" src="missing.png">'), "picture without content"),
    ],
)
def test_mistakes_on_a_page_are_noticed(
    pipeline: Path, tmp_path: Path, mistake: Callable[[str], str], told: str
) -> None:
    page = (pipeline / "reports/report.html").read_text("utf-8")
    assert any(told in one for one in wrong(mistake(page), tmp_path))
