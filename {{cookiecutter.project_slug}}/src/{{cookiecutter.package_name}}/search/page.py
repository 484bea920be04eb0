"""reports/search.html: what was searched, what was chosen, and whether it is better."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from markupsafe import Markup

from ..measures import amounts
from ..reporting.drawing import as_svg
from ..reporting.templates import templates_in
from . import figures
from .space import as_text
from .telling import against_baselines, caution, luck

Found = dict[str, Any]
BADGES = {
    "better": ("better", "better than the current configuration"),
    "worse": ("worse", "worse than the current configuration"),
    "equivalent": ("", "equivalent to the current configuration"),
    "inconclusive": ("", "no clear difference"),
    "descriptive": ("", "too little to conclude"),
    "same": ("", "nothing better was found"),
}


def render(found: Found) -> str:
    """Return the page as HTML text: the same bytes for the same numbers."""
    templates = templates_in(Path(__file__).parent)
    templates.filters |= {"value": "{:.4f}".format, "text": as_text, "clock": clock, "lead": lead}
    kind, badge = BADGES[found["comparison"]["verdict"]]
    best = next(one for one in found["trials"] if one["number"] == found["best"]["trial"])
    return templates.get_template("search.html").render(
        found=found,
        kind=kind,
        badge=badge,
        best=best,
        sentence=found["comparison"]["sentence"],
        caution=caution(found["split"]),
        luck=luck(found) if "fresh" in found else "",
        against=against_baselines(found["baselines"]) if "baselines" in found else "",
        drawn=drawn(found),
    )


def drawn(found: Found) -> dict[str, Markup]:
    """Return every figure that there are numbers for, as SVG, by its name in search.html."""
    trials, space, maximize = found["trials"], found["space"], found["maximize"]
    complete = [one for one in trials if one["value"] is not None]
    best = found["best"]
    said = f"{len(complete)} complete trials, the best {best['value']:.4f} in trial {best['trial']}"
    made = {
        "history": as_svg(
            lambda: figures.history(trials, found["points"], maximize=maximize),
            alternative=f"The value of each trial in turn: {said}.",
        ),
        "slices": as_svg(
            lambda: figures.slices(trials, space, maximize=maximize),
            alternative=f"The value of each complete trial over each key: {', '.join(space)}.",
        ),
    }
    if len(space) > 1:
        made["parallel"] = as_svg(
            lambda: figures.parallel(trials, space, maximize=maximize),
            alternative="Each complete trial as a line across the keys; the best fifth stands out.",
        )
    if found["importance"]:
        shares = ", ".join(f"{key} {share:.0%}" for key, share in found["importance"].items())
        made["importance"] = as_svg(
            figures.importance, found["importance"], alternative=f"Share explained: {shares}."
        )
    if len(found["best_of"]) > 1:
        first, last = found["best_of"][0], found["best_of"][-1]
        made["best_of"] = as_svg(
            figures.best_of_k,
            found["best_of"],
            found["first"],
            alternative=f"Expected best value: {first:.4f} of one trial, {last:.4f} of "
            f"{len(found['best_of'])}.",
        )
    return {name: Markup(text) for name, text in made.items()}  # noqa: S704 - escaped there


def lead(number: float, metric: str) -> str:
    """Return a difference with its sign."""
    return amounts.lead(metric, number, 1 if amounts.scale(metric) > 1 else 3)


def clock(seconds: float) -> str:
    """Return a duration as people say it."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
