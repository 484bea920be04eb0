"""NAME.md of a contrast: the question, the answer, and each number with its place in NAME.json."""

from __future__ import annotations

from typing import Any

from ..experiments.page import Writer, opening
from ..experiments.telling import digits_of, sentence
from ..measures.amounts import unit
from .plan import CAME_ALONG

Result = dict[str, Any]
ENDS = ("value", "low", "high")


def page(result: Result) -> str:
    """Return the page."""
    name, settings = result["name"], result["settings"]
    level = f"{100 * result['level']:g} %"
    lines = [
        *opening(result, result["sentence"]),
        f"![{result['sentence']}]({name}.svg)",
        "",
        f"Points are means over seeds, lines {level} intervals over other seeds and rows. "
        "<!-- not a claim -->",
        "",
        f"| data | {result['names']['a']} | {result['names']['b']} | "
        f"ahead by{unit(result['metric'])} | verdict |",
        "|---|---|---|---|---|",
        *(_row(result, setting) for setting in settings),
        "",
        *(_told(result, setting) for setting in settings),
        "",
        "## What was tried, and what it cost",
        "",
        "| data | overrides | classical models chosen | network chosen | seconds, network | "
        "seconds, classical |",
        "|---|---|---|---|---|---|",
        *(_cost(result, setting) for setting in settings),
        "",
        *_details(result),
        "",
    ]
    return "\n".join(lines)


def _writer(result: Result, setting: str) -> Writer:
    return Writer(result["name"], result["metric"], digits_of(result["settings"][setting]))


def _row(result: Result, setting: str) -> str:
    entry, write = result["settings"][setting], _writer(result, setting)
    place = f"settings.{setting}"
    a, b = (_with_interval(write, entry[side], f"{place}.{side}") for side in ("a", "b"))
    value, low, high = (write.lead(entry["ahead"][key], f"{place}.ahead.{key}") for key in ENDS)
    return f"| {setting} | {a} | {b} | {value} [{low}, {high}] | {entry['verdict']} |"


def _with_interval(write: Writer, entry: Result, place: str) -> str:
    value, low, high = (write.score(entry[key], f"{place}.{key}") for key in ENDS)
    return f"{value} [{low}, {high}]"


def _told(result: Result, setting: str) -> str:
    write = _writer(result, setting)

    def show(number: str, path: str) -> str:
        return write.apart(number, f"settings.{setting}.{path}")

    return f"- {setting}: {sentence(result['settings'][setting], show)}."


def _cost(result: Result, setting: str) -> str:
    entry, write = result["settings"][setting], _writer(result, setting)
    words = " ".join(result["plan"]["settings"][setting])
    models = ", ".join(dict.fromkeys(entry["a"]["chosen"]))
    seconds = (
        write.claim(f"{entry[side]['seconds']:.0f}", f"settings.{setting}.{side}.seconds")
        for side in ("b", "a")
    )
    chosen = entry["b"]["chosen"][0]
    return f"| {setting} | `{words}` | {models} | `{chosen}` | {' | '.join(seconds)} |"


def _details(result: Result) -> list[str]:
    name, plan = result["name"], result["plan"]
    tries, seeds = len(plan["network"]), len(result["seeds"])
    commit = result["plan_commit"]
    without = "which came along with the project" if name.startswith(CAME_ALONG) else "not in git"
    kept = f"committed in {commit[:12]}" if commit else without
    level = f"{100 * result['level']:g} %"
    limits = " ".join(plan["limits"].split())
    return [
        "<!-- not a claim: begin -->",
        f"- Budget: {tries} configurations of the network and {tries} of each classical model, "
        "chosen on the validation rows. The network's was chosen with a seed of its own and then "
        f"trained with {seeds} others; the classical models were tuned anew with each.",
        f"- Judged on {result['split']}, which chose nothing. Differences have intervals by "
        f"Holm's procedure: all of them hold at once, {level} of the time.",
        f"- Not as planned: {'; '.join(result['deviations']) or 'nothing'}.",
        f"- Plan: [{name}.yaml]({name}.yaml), {kept}. Numbers: [{name}.json]({name}.json).",
        f"- Once more: `uv run compare {name} --again`. Seconds are by the clock on the "
        "wall, on a machine that may have been busy; last digits differ with the libraries.",
        *([f"- Limits: {limits}"] if limits else []),
        "<!-- not a claim: end -->",
    ]
