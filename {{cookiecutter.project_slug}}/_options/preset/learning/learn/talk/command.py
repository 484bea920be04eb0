"""Writes docs/talk/talk.html from reports/metrics.json and what the report reads.

Exits with 1 when there is nothing to tell yet, or a slide has words that an audience would not
know, or too many of them; the slides are written all the same.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

from . import page, plain, slides
from .story import Story, StoryError

PROJECT = Path(__file__).resolve().parents[2]
TALK = "docs/talk/talk.html"


def main() -> int:
    """Write the slides; the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a letter that the console cannot write
    try:
        file, problems = write(PROJECT)
    except StoryError as error:
        print(f"talk: {error}", file=sys.stderr)
        return 1
    for problem in problems:
        print(f"{TALK}: {problem}")
    print(f"talk: {file}")
    return 1 if problems else 0


def write(project: Path) -> tuple[Path, list[str]]:
    """Write the slides of a project; where they are, and which words are not plain.

    Raises:
        StoryError: when the pipeline has not run.
    """
    described = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    told = slides.five(Story.read(project, name=described["project"]["name"]))
    file = project / TALK
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(page.render(told), encoding="utf-8", newline="\n")
    return file, [
        f"slide {number}: {problem}"
        for number, slide in enumerate(told, start=1)
        for problem in plain.check(slide.text)
    ]
