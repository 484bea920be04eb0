import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.figure import Figure

from {{ cookiecutter.package_name }}.reporting import drawing
from {{ cookiecutter.package_name }}.reporting.figures.outcomes import confusion_matrix

TWO = np.eye(2, dtype=np.int64)


def line(color: str) -> Figure:
    figure, axes = drawing.new_figure(2)
    axes.plot([0, 1], [0, 1], color=color)
    axes.set_xlabel(f"drawn in {color};")
    return figure


def test_colours_become_those_of_the_page_and_text_stays() -> None:
    svg = drawing.as_svg(line, drawing.NETWORK)
    assert "stroke: var(--network, #0b6e99)" in svg
    assert f"drawn in {drawing.NETWORK};" in svg
    assert re.findall('style="[^"]*: (#[0-9a-f]{6})', svg) == []  # but for where there is no page
    assert "stroke: #123456" in drawing.as_svg(line, "#123456")


def test_every_colour_has_a_value_by_day_and_by_night() -> None:
    style = (Path(drawing.__file__).parent / "style.css").read_text("utf-8")
    day, night = style.split("@media screen and (prefers-color-scheme: dark)")
    for name in drawing.COLORS.values():
        assert f"--{name}: " in day
        assert f"--{name}: " in night.partition("* {")[0]


def test_figures_share_no_ids_and_refer_to_their_own() -> None:
    first, second = (drawing.as_svg(line, color) for color in (drawing.NETWORK, drawing.BAD))
    ids = [re.findall(r' id="([^"]+)"', svg) for svg in (first, second)]
    assert all(ids)
    assert not set(ids[0]) & set(ids[1])
    for svg, own in ((first, ids[0]), (second, ids[1])):
        assert set(re.findall(r'(?:href="|url\()#([^")]+)', svg)) <= set(own)


def test_a_figure_takes_the_fonts_of_the_page() -> None:
    assert "font-family" not in drawing.as_svg(line, drawing.NETWORK)


def test_what_it_shows_is_told_to_those_who_do_not_see_it() -> None:
    svg = drawing.as_svg(line, drawing.NETWORK, alternative='a "rising" <line> & more')
    root = ElementTree.fromstring(svg)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == 'a "rising" <line> & more'
    assert "aria-label" not in ElementTree.fromstring(drawing.as_svg(line, "#123456")).attrib


@pytest.mark.parametrize("name", ["$5-$9", "a_$b$^", "<script>&'\"", "100 %", "\\frac{1}"])
def test_class_names_are_drawn_as_they_are(name: str) -> None:
    svg = drawing.as_svg(confusion_matrix, TWO, [name, "b"])
    escaped = name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert re.findall(r">([^<>]*)</text>", svg).count(escaped) == 2
    assert "<script" not in svg


def test_the_same_values_give_the_same_svg_and_no_date() -> None:
    drawn = [drawing.as_svg(confusion_matrix, TWO, ["a", "b"]) for _ in range(3)]
    assert all(first == second for first, second in pairwise(drawn))
    assert drawn[0].startswith("<svg")
    assert "dc:date" not in drawn[0]
    assert "http://purl.org" not in drawn[0]
    assert "<style" not in drawn[0]  # it would be the whole page's


def test_percentages_have_as_many_decimals_as_they_need() -> None:
    _, axes = drawing.new_figure(2)
    drawing.show_percent(axes.xaxis)
    formatter = axes.xaxis.get_major_formatter()
    assert [formatter(value, 0) for value in (0.5, 0.925, 0.1 + 0.2)] == ["50%", "92.5%", "30%"]
