"""Slides as one file of HTML: offline, with the arrow keys, and to be printed, a page each."""

from __future__ import annotations

import html
from pathlib import Path
from string import Template

from .slides import Slide

HERE = Path(__file__).parent
SLIDE = Template("""\
<section class="slide" id="slide$number" aria-label="Slide $number of $count">
<div class="words"><h2>$heading</h2>
$sentences
</div>
<figure>$figure</figure>
<p class="number" aria-hidden="true">$number/$count</p>
</section>
""")


def render(slides: list[Slide]) -> str:
    """Return the page: the same bytes for the same slides."""
    parts = [_slide(slide, number, len(slides)) for number, slide in enumerate(slides, start=1)]
    return Template((HERE / "page.html").read_text(encoding="utf-8")).substitute(
        title=html.escape(slides[0].heading),
        style=(HERE / "style.css").read_text(encoding="utf-8"),
        script=(HERE / "keys.js").read_text(encoding="utf-8"),
        slides="\n".join(parts),
    )


def _slide(slide: Slide, number: int, count: int) -> str:
    sentences = "\n".join(f"<p>{html.escape(sentence)}</p>" for sentence in slide.sentences)
    return SLIDE.substitute(
        number=number,
        count=count,
        heading=html.escape(slide.heading),
        sentences=sentences,
        figure=slide.figure,
    )
