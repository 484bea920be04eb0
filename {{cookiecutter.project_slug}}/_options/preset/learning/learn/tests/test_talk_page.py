import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from browser import measure, problems

from learn import talk
from learn.talk import command, page, slides
from learn.talk.story import Story
from learn.tests.stories import EACH, of_kinds, told_of


@EACH
def test_the_page_is_one_file_and_each_slide_has_one_figure_told_in_words(
    make: Callable[[str], Story], verdict: str
) -> None:
    text = page.render(told_of(make, verdict))
    assert text.count("<section") == text.count("<svg") == text.count('role="img"') == 5
    assert not re.search(r"""(src|href)=["'](https?:)?//|@import|url\((?!#)""", text)
    assert "break-after: page" in text
    assert "ArrowRight" in text


def test_the_same_numbers_give_the_same_bytes() -> None:
    first, second = (page.render(slides.five(of_kinds())) for _ in range(2))
    assert first == second


def test_names_that_people_gave_stay_text() -> None:
    story = of_kinds()
    story.metrics["classes"][1]["class"] = "<b>bill</b> & more"
    text = page.render(slides.five(replace(story, name="<i>post</i>")))
    assert "<b>" not in text
    assert "<i>" not in text
    assert "&lt;i&gt;post&lt;/i&gt;" in text


@pytest.mark.slow
@EACH
def test_a_browser_shows_every_slide_whole_on_a_telephone_and_a_desk(
    make: Callable[[str], Story], verdict: str, tmp_path: Path
) -> None:
    text = page.render(slides.five(replace(make(verdict), purpose="A long sentence " * 9)))
    for width, found in measure(text, tmp_path, dark=False).items():
        assert problems(found, dark=False) == [], width
        assert len(found["figures"]) == 5


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "post"\n', "utf-8")
    for folder in ("docs", "reports"):
        (tmp_path / folder).mkdir()
    (tmp_path / "docs/model_card.yaml").write_text('intended_use: "To sort letters."\n', "utf-8")
    return tmp_path


def test_the_command_writes_the_page_from_the_results_of_the_pipeline(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "PROJECT", project)
    assert talk.main() == 1
    assert "metrics.json is not there yet: `uv run dvc repro` makes it" in capsys.readouterr().err
    (project / "reports/metrics.json").write_text(json.dumps(of_kinds().metrics), "utf-8")
    assert talk.main() == 0
    written = (project / "docs/talk/talk.html").read_text("utf-8")
    assert "<h2>What post is for</h2>\n<p>To sort letters.</p>" in written
    (project / "docs/model_card.yaml").write_text("intended_use: High recall.\n", "utf-8")
    assert talk.main() == 1
    printed = capsys.readouterr().out
    assert "docs/talk/talk.html: slide 1: 'recall' is jargon, say: how many cases it" in printed
