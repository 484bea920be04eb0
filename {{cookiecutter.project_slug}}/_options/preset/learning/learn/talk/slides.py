"""The five slides: what it is for, how good, against the simple way, where it fails, what next."""

from __future__ import annotations

import re
from dataclasses import dataclass

from {{ cookiecutter.package_name }}.reporting.drawing import as_svg
from {{ cookiecutter.package_name }}.stats.verdict import FEWEST_ROWS

from . import figures
from .numbers import amount, frequency, roughly
from .story import Story
from .weak import Weakness, weaknesses

LONGEST_PURPOSE = 18  # words; what follows stands in the model card
UNSAID = "Nobody has written down yet what it is for."
DECISIONS = {
    "better": (
        "We propose to use it. The lead is more than luck.",
        "Next: use it beside today's way first, and count.",
    ),
    "worse": (
        "We keep the simple way. It is better, by more than luck.",
        "Next: find out why, before anything is built on this.",
    ),
    "too_few_rows": (
        "We decide nothing yet: {rows:,} examples are too few.",
        "Next: test at least {fewest:,}.",
    ),
    "invalid": (
        "We decide nothing: the test itself has a fault.",
        "Next: mend the test, then look again.",
    ),
}
UNDECIDED = "We keep the simple way for now. Nobody knows yet which is better."
NEEDED = "Next: test about {needed:,} examples. They would show a difference that matters."
UNNEEDED = "Next: more examples, or another idea."


@dataclass(frozen=True)
class Slide:
    """A heading, a few sentences, and a figure as SVG."""

    heading: str
    sentences: list[str]
    figure: str
    says: str  # the figure in words

    @property
    def text(self) -> str:
        """What is read."""
        return " ".join([self.heading, *self.sentences])


def five(story: Story) -> list[Slide]:
    """Return the slides, in order."""
    return [purpose(story), quality(story), comparison(story), failures(story), decision(story)]


def purpose(story: Story) -> Slide:
    """Return what it is for, and what it was tested on."""
    tested = f"We tested it on {story.rows:,} examples that it had never seen."
    if story.of_values:
        told, says = f"It says a number. {tested}", "How often which number is the true one"
        svg = as_svg(figures.numbers, story.targets, alternative=says)
    else:
        kinds = {str(one["class"]): one["rows"] for one in story.metrics["classes"]}
        told = f"It tells {len(kinds)} kinds apart. {tested}"
        each = ", ".join(f"{name} {rows:,}" for name, rows in kinds.items())
        says = f"How many examples of each kind were tested: {each}"
        svg = as_svg(figures.examples, kinds, alternative=says)
    return Slide(f"What {story.name} is for", [_first(story.purpose), told], svg, says)


def quality(story: Story) -> Slide:
    """Return how often it is right, or how far off, and what else that could be."""
    entry, fault = story.overall, _fault(story)
    if story.of_values:
        about, low, high = (amount(entry[key], entry) for key in ("value", "low", "high"))
        told = [f"On average it is off by about {about}.", _could(f"{low} to {high}"), *fault]
        says = f"How far off it is: about {about}, it could be {low} to {high}"
        svg = as_svg(figures.errors, story.errors, entry, alternative=says)
        return Slide("How far off it is", told, svg, says)
    found = frequency(entry)
    told = [f"It is right about {found.told} times.", _could(found.between), *fault]
    says = f"Of {found.of:,} dots {found.value:,} are right; it could be {found.between}"
    svg = as_svg(figures.dots, found, alternative=says)
    return Slide("How often it is right", told, svg, says)


def comparison(story: Story) -> Slide:
    """Return whether it is better than the simple way."""
    way = f"The simple way: {story.simple(story.rival)}."
    if story.verdict in ("too_few_rows", "invalid"):
        answer = ["This test cannot say which is better."]
    else:
        answer = [_gap(story)]
    key = story.metrics["comparison"]["metric"]
    models = {
        "this program": story.metrics["models"]["network"][key],
        story.simple(story.rival): story.metrics["models"][story.rival][key],
    }
    says = f"Both ways with what each could be: {', '.join(models)}"
    svg = as_svg(figures.ways, models, not story.of_values, alternative=says)
    return Slide("Is it better than a simple way?", [way, *answer], svg, says)


def failures(story: Story) -> Slide:
    """Return where it fails most."""
    found = weaknesses(story)
    if not found:
        told = ["Nobody has measured where it fails. That comes next."]
        found = [Weakness("all examples", "slice", story.overall)]
    else:
        told = _worst(story, found[0])
    says = f"How it does in each part, the worst on top: {', '.join(one.name for one in found)}"
    parts = {one.name: one.entry for one in found}
    svg = as_svg(figures.parts, parts, not story.of_values, alternative=says)
    return Slide("Where it fails", told, svg, says)


def decision(story: Story) -> Slide:
    """Return what is decided, and what comes next."""
    needed = story.difference.get("rows_needed")
    undecided = (UNDECIDED, NEEDED if needed else UNNEEDED)
    words = {"rows": story.rows, "fewest": FEWEST_ROWS, "needed": roughly(needed or 0)}
    told = [text.format(**words) for text in DECISIONS.get(story.verdict, undecided)]
    says = "The difference to the simple way with what it could be, and what would matter"
    values = (story.difference, story.margin, not story.of_values)
    return Slide("What we decide", told, as_svg(figures.gap, *values, alternative=says), says)


def _first(purpose: str) -> str:
    """The first sentence of what people wrote, cut where it is too long for a slide."""
    sentence = re.split(r"(?<=[.!?])\s", " ".join(purpose.split()))[0] or UNSAID
    words = sentence.split()
    if len(words) <= LONGEST_PURPOSE:
        return sentence
    return " ".join(words[:LONGEST_PURPOSE]).rstrip(",;:") + " \N{HORIZONTAL ELLIPSIS}"


def _fault(story: Story) -> list[str]:
    if story.verdict == "invalid":
        return ["But the test has a fault, so this may be wrong."]
    few = story.verdict == "too_few_rows"
    return [f"Only {story.rows:,} were tested: too few to rely on."] if few else []


def _could(range_: str) -> str:
    return f"With other examples it could be anything from {range_}."


def _gap(story: Story) -> str:
    """How the two ways differ, in a sentence that no interval is missing from."""
    found = story.difference
    more, less = ("less", "more") if story.of_values else ("more", "fewer")
    if story.of_values:
        low, high = (amount(abs(found[key]), found) for key in ("low", "high"))
        unit, what = "", "off by"
    else:
        ends = sorted(abs(found[key]) for key in ("low", "high"))
        clear = found["low"] > 0 or found["high"] < 0  # then both ends say more than nothing
        share = frequency(found | {"value": ends[0] if clear else ends[1]})
        low, high = f"{abs(share.low):,}", f"{abs(share.high):,}"
        unit, what = f" times in {share.of:,}", "right"
    if found["low"] > 0:
        return f"Ours is {what} {low} to {high} {more}{unit}. That is more than luck."
    if found["high"] < 0:
        return f"Ours is {what} {high} to {low} {less}{unit}. That is more than luck."
    return (
        f"Nobody can say: ours is {what} anything from {low} {less} to {high} {more}{unit}. "
        "It may be luck."
    )


def _worst(story: Story, worst: Weakness) -> list[str]:
    name = f"\N{LEFT DOUBLE QUOTATION MARK}{worst.name}\N{RIGHT DOUBLE QUOTATION MARK}"
    where = {
        "class": f"Of examples that are {name}",
        "slice": f"Among those called {name}",
        "disturbance": f"Where examples are disturbed by {name}",
    }[worst.kind]
    entry = worst.entry
    if story.of_values:
        about, low, high = (amount(entry[key], entry) for key in ("value", "low", "high"))
        told = f"{where} it is off by about {about} on average."
        return [told, f"It could be {low} to {high}, from {entry['rows']:,} examples."]
    found = frequency(entry)
    told = f"{where} it gets about {found.told} wrong."
    return [told, f"It could be {found.between}, since only {entry['rows']:,} were tested."]
