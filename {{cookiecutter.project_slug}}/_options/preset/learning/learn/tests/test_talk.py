import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from learn.talk import plain, slides
from learn.talk.story import Story
from learn.tests.stories import EACH, ROWS, measured, of_kinds, of_values, told_of

FIXED = {"300", "100", "1,000"}  # the fewest rows, and the whole that shares are of


def numbers(text: str) -> set[str]:
    """The numbers of a text, as they stand there."""
    return set(re.findall(r"(?<!\w)\d{1,3}(?:,\d{3})*(?:\.\d+)?", text))


def known(node: Any) -> set[str]:
    """Every way in which a number of metrics.json may be told: as it is, or of 100 or 1,000."""
    if isinstance(node, dict):
        return {text for value in node.values() for text in known(value)}
    if isinstance(node, list):
        return {text for value in node for text in known(value)}
    if isinstance(node, str) or node is None:
        return set()
    ways = [abs(node), 100 * abs(node), 1000 * abs(node), 100 - 100 * node, 1000 - 1000 * node]
    return {f"{round(value):,}" for value in ways if value >= 0}


@EACH
def test_every_number_on_the_slides_is_one_of_the_measurements(
    make: Callable[[str], Story], verdict: str
) -> None:
    story = make(verdict)
    allowed = known(story.metrics) | FIXED | {"2", "2,100", "14,000"}  # kinds; rows needed, about
    told = told_of(make, verdict)
    for slide in told:
        assert numbers(slide.text) <= allowed, slide.text
    assert f"{ROWS:,}" in told[0].text


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (
            measured(0.9772, 0.9581, 0.9866),
            "about 98 of 100 times. | anything from 96 to 99 of 100",
        ),
        (
            measured(0.9972, 0.9938, 0.9989),
            "about 997 of 1,000 times. | anything from 994 to 999 of 1,000",
        ),
        (measured(1.0, 0.9905, 1.0), "about 100 of 100 times. | anything from 99 to 100 of 100"),
        (measured(0.501, 0.452, 0.55), "about 50 of 100 times. | anything from 45 to 55 of 100"),
    ],
)
def test_a_share_is_told_as_so_many_of_a_hundred_with_what_it_could_be(
    entry: dict[str, Any], told: str
) -> None:
    story = of_kinds()
    models = {**story.metrics["models"], "network": {"accuracy": entry}}
    _, slide, *_ = slides.five(of_kinds(models=models))
    for part in told.split(" | "):
        assert part in slide.text


def test_an_amount_has_no_more_digits_than_its_interval_leaves() -> None:
    text = told_of(of_values, "no_difference")[1].text
    assert "about 45." in text
    assert "42 to 48" in text
    models = {"network": {"mae": measured(0.0449955, 0.0421, 0.0479)}}
    story = of_values()
    _, slide, *_ = slides.five(of_values(models={**story.metrics["models"], **models}))
    assert "about 0.045." in slide.text


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ((0.12, 0.088, 0.163), "Ours is right 9 to 16 more times in 100. That is more than luck."),
        ((-0.03, -0.05, -0.01), "Ours is right 1 to 5 fewer times in 100. That is more than luck."),
        ((0.006, 0.003, 0.009), "Ours is right 3 to 9 more times in 1,000."),
        ((0.0, -0.02, 0.03), "anything from 2 fewer to 3 more times in 100. It may be luck."),
    ],
)
def test_a_difference_is_told_with_its_interval_and_whether_it_may_be_luck(
    found: tuple[float, float, float], told: str
) -> None:
    story = of_kinds()
    comparison = story.metrics["comparison"] | {"differences": {"linear": measured(*found)}}
    assert told in slides.five(of_kinds("better", comparison=comparison))[2].text


def test_less_far_off_is_better_where_numbers_are_said() -> None:
    story = of_values()
    comparison = story.metrics["comparison"] | {"differences": {"linear": measured(6, 4, 8)}}
    told = slides.five(of_values("better", comparison=comparison))[2].text
    assert "Ours is off by 4 to 8 less. That is more than luck." in told


@EACH
def test_what_is_decided_follows_from_the_verdict(
    make: Callable[[str], Story], verdict: str
) -> None:
    *_, comparison, _, decision = (slide.text for slide in told_of(make, verdict))
    assert ("propose to use it" in decision) == (verdict == "better")
    assert ("keep the simple way" in decision) == (verdict in ("worse", "no_difference"))
    assert ("decide nothing" in decision) == (verdict in ("too_few_rows", "invalid"))
    assert ("cannot say" in comparison) == (verdict in ("too_few_rows", "invalid"))


def test_the_rival_is_the_one_that_the_verdict_turns_on() -> None:
    story = of_kinds("worse")
    found = story.metrics["comparison"]["differences"]
    found["knn"] = measured(-0.1, -0.15, -0.05)
    assert story.rival == "knn"
    behind = of_kinds("no_difference")
    behind.metrics["comparison"]["differences"]["linear"] = measured(0.03, 0.01, 0.05)
    behind.metrics["comparison"]["differences"]["knn"] = measured(0.01, -0.01, 0.03)
    assert behind.rival == "knn"
    assert of_kinds("better").rival == "linear"


def test_where_it_fails_is_the_worst_of_what_was_measured() -> None:
    told = told_of(of_kinds, "better")[3].text
    assert "\N{LEFT DOUBLE QUOTATION MARK}bill\N{RIGHT DOUBLE QUOTATION MARK}" in told
    assert "about 5 of 100 wrong. It could be 2 to 9 of 100, since only 150 were tested." in told
    told = told_of(of_values, "better")[3].text
    assert "noise" in told
    assert "off by about 70 on average. It could be 66 to 74" in told
    wet = {"name": "wet", "measured": True, "mae": measured(90, 80, 100, 60)}
    assert "wet" in slides.five(of_values(slices=[wet]))[3].text
    told = slides.five(of_values(robustness={}))[3].text
    assert told.startswith("Where it fails Nobody has measured")


@EACH
def test_the_words_are_plain_and_few(make: Callable[[str], Story], verdict: str) -> None:
    long = replace(make(verdict), purpose="words " * 60)
    for slide in slides.five(long):
        assert plain.check(slide.text) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Its accuracy is high.", "'accuracy' is jargon, say: how often it is right"),
        ("Two Baselines", "'Baselines' is jargon, say: the simple way"),
        ("The p-value is small.", "'p-value' is jargon, say: how often luck alone does that"),
        ("word " * 41, "41 words, expected at most 40"),
    ],
)
def test_jargon_and_too_many_words_are_told(text: str, told: str) -> None:
    assert plain.check(text) == [told]


def test_words_that_only_look_like_jargon_are_let_through() -> None:
    assert plain.check("Precisely one glossary of recalled bathroom tiles, and 40 more.") == []
    assert plain.check("word " * 40) == []
