from pathlib import Path

from matplotlib.figure import Figure

from {{ cookiecutter.package_name }}.contrast.standalone import write_figure
from {{ cookiecutter.package_name }}.reporting.drawing import NETWORK, PAPER, new_figure


def line() -> Figure:
    figure, axes = new_figure(2.0)
    axes.plot([0, 1], [0, 1], color=NETWORK)
    axes.set_xlabel("seed")
    return figure


def test_a_figure_stands_on_paper_with_its_own_colours(tmp_path: Path) -> None:
    file = tmp_path / "line.svg"
    write_figure(file, line, alternative="a < b")
    text = file.read_text("utf-8")
    assert "var(" not in text
    assert NETWORK in text
    assert 'xmlns="http://www.w3.org/2000/svg"' in text
    assert 'aria-label="a &lt; b"' in text
    assert text.index(f'fill="{PAPER}"') < text.index(NETWORK)  # below what is drawn
