"""A card as text: for a terminal, for a reader, for a program."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from project_tools.score.catalogue import SECTIONS
from project_tools.score.scoring import band

if TYPE_CHECKING:
    from project_tools.score.card import Card

SOURCE = (
    "After Breck, Cai, Nielsen, Salib and Sculley, The ML Test Score: A Rubric for ML Production "
    "Readiness and Technical Debt Reduction (IEEE Big Data 2017): 28 items in four sections; the "
    "score is the smallest section."
)
WIDTH = 100
MOST_STEPS = 4


def number(points: float) -> str:
    """Points as people write them."""
    return f"{points:g}"


def summary(card: Card) -> list[str]:
    """The score in words."""
    projected = min(card.projected.values())
    lines = [f"ML Test Score: {number(card.score)}, {band(card.score)}."]
    if card.repeated:
        lines.append(f"These are the points of {card.run.schedule}, valid for 8 days.")
    else:
        told = f"In a scheduled run of the CI the same outcomes would make {number(projected)}"
        lines.append(f"{told}: {band(projected)}.")
    return lines


def next_steps(card: Card) -> list[str]:
    """What would raise the score."""
    section = card.weakest
    told = f"The weakest section is {SECTIONS[section]} ({number(card.projected[section])}"
    told += " of 7, projected)."
    steps = [f"{line.item.name}: {line.advice}." for line in card.next_steps()[:MOST_STEPS]]
    return [f"{told} Next:", *steps] if steps else [told]


def for_a_terminal(card: Card) -> str:
    """The table, the score, and what to do next."""
    written: list[str] = []
    for section, title in SECTIONS.items():
        sums = f"{number(card.now[section])} now, {number(card.projected[section])} projected"
        written.append(f"{title}: {sums}, of 7")
        for line in card.lines:
            if line.item.section == section:
                points = f"{number(line.now):>3} {number(line.projected):>4}"
                told = f"  {line.item.name:8} {points}  {line.item.title}: {line.told}"
                written += _folded(told, " " * 21)
        written.append("")
    first, *steps = next_steps(card)
    listed = [text for step in steps for text in _folded(f"- {step}", "  ")]
    told = [text for line in summary(card) for text in _folded(line, "")]
    return "\n".join([*written, *told, "", first, *listed])


def _folded(text: str, indent: str) -> list[str]:
    """Lines of a terminal; the name of a test stays whole, to be copied."""
    return textwrap.wrap(
        text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def for_a_reader(card: Card) -> str:
    """The report in Markdown."""
    ran = f"{card.run.when:%Y-%m-%d %H:%M} UTC, {card.run.schedule or 'by hand'}"
    if card.run.commit:
        ran += f", commit {card.run.commit[:12]}"
    first, *steps = next_steps(card)
    written = ["# ML Test Score", "", *summary(card), "", f"Tests ran {ran}. {SOURCE}", ""]
    written += [first, "", *(f"- {step}" for step in steps), ""]
    for section, title in SECTIONS.items():
        sums = f"{number(card.now[section])} now, {number(card.projected[section])} projected"
        written += [f"## {title}: {sums}", "", "| item | | now | projected | rests on |"]
        written.append("|---|---|---|---|---|")
        for line in card.lines:
            if line.item.section == section:
                points = f"{number(line.now)} | {number(line.projected)}"
                told = line.told.replace("|", r"\|")
                written.append(f"| {line.item.name} | {line.item.title} | {points} | {told} |")
        written.append("")
    return "\n".join(written)


def for_a_program(card: Card) -> dict[str, Any]:
    """The same as values."""
    return {
        "score": card.score,
        "band": band(card.score),
        "projected": min(card.projected.values()),
        "weakest": card.weakest,
        "sections": card.now,
        "sections_projected": card.projected,
        "counts_as_repeated": card.repeated,
        "data_of_the_example": card.example,
        "items": {
            line.item.name: {
                "title": line.item.title,
                "now": line.now,
                "projected": line.projected,
                "rests_on": line.told,
                "next": line.advice,
            }
            for line in card.lines
        },
        **card.outcomes.as_dict(),
    }
