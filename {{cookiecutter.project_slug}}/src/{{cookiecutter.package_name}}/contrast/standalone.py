"""A figure as a file of its own: its colours fixed, on paper, for pages light or dark."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from matplotlib.figure import Figure

from ..reporting.drawing import PAPER, as_svg
from ..runtime.files import write_text

PAGE = f'<rect width="100%" height="100%" rx="4" fill="{PAPER}"/>'
LETTERS = "<style>text { font-family: system-ui, sans-serif; }</style>"


def write_figure(
    file: Path, draw: Callable[..., Figure], *values: object, alternative: str
) -> None:
    """Write what ``draw`` draws of ``values``; ``alternative`` says it in words."""
    write_text(file, standalone(as_svg(draw, *values, alternative=alternative)) + "\n")


def standalone(svg: str) -> str:
    """Return SVG text that needs no page around it: the report's has its colours and its font."""
    fixed = re.sub(r"var\(--\w+, (#[0-9a-f]{6})\)", r"\1", svg).strip()
    opening = fixed.index(">") + 1
    return f"{fixed[:opening]}\n{LETTERS}\n{PAGE}{fixed[opening:]}"
