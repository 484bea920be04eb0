"""NAME.md: the result of an experiment on one page, each number with its place in NAME.json."""

from __future__ import annotations

from dataclasses import dataclass

from ..measures.amounts import amount, lead, unit
from ..measures.classification import PRIMARY as ACCURACY
from .telling import Result, digits_of, sentence


@dataclass(frozen=True)
class Writer:
    """Writes numbers so that `uv run claims` finds them again."""

    name: str
    metric: str
    digits: int

    def claim(self, number: str, path: str, unit: str = "") -> str:
        """Return a number, and behind it where it is from."""
        return f"{number}<!-- claim: {f'{self.name}.json#{path} {unit}'.strip()} -->"

    def apart(self, number: str, path: str) -> str:
        """Return a difference."""
        return self.claim(number, path, "points" if self.metric == ACCURACY else "")

    def lead(self, number: float, path: str) -> str:
        """Return a difference with its sign."""
        return self.apart(lead(self.metric, number, self.digits), path)

    def score(self, number: float, path: str) -> str:
        """Return a value of the metric."""
        shown = amount(self.metric, number, self.digits)
        if self.metric == ACCURACY:
            return f"{self.claim(shown, path, 'percent')} %"
        return self.claim(shown, path)


def opening(result: Result, answer: str) -> list[str]:
    """Return how a page begins: what was expected, and what came of it."""
    return [
        f"<!-- written by `uv run compare {result['name']}`: do not edit -->",
        f"# {result['name']}",
        "",
        "<!-- not a claim: begin -->",
        f"Hypothesis: {' '.join(result['plan']['hypothesis'].split())}",
        "<!-- not a claim: end -->",
        "",
        f"**Result:** {answer}.",
        "",
    ]


def page(result: Result) -> str:
    """Return the page."""
    name, metric, plan = result["name"], result["metric"], result["plan"]
    write = Writer(name, metric, digits_of(result))
    lines = [
        *opening(result, sentence(result, write.apart)),
        f"| | overrides | {metric} | sd over seeds |",
        "|---|---|---|---|",
    ]
    for one in ("a", "b"):
        value, spread = (write.score(result[one][key], f"{one}.{key}") for key in ("value", "sd"))
        overrides = " ".join(plan[one]) or "as configured"
        lines.append(f"| {one} | `{overrides}` | {value} | {spread} |")
    lines += ["", f"| seed | a | b | b ahead by{unit(metric)} |", "|---|---|---|---|"]
    for place, entry in enumerate(result["by_seed"]):
        a, b = (write.score(entry[one], f"by_seed.{place}.{one}") for one in ("a", "b"))
        lead = write.lead(entry["ahead"], f"by_seed.{place}.ahead")
        lines.append(f"| {entry['seed']} | {a} | {b} | {lead} |")
    return "\n".join([*lines, "", *_details(result, write), ""])


def _details(result: Result, write: Writer) -> list[str]:
    name, chance = result["name"], result["chance_to_be_ahead"]
    over = result["over_seeds"]
    low, high = (write.lead(over[key], f"over_seeds.{key}") for key in ("low", "high"))
    value, least, most = (
        write.claim(f"{chance[key]:.2f}", f"chance_to_be_ahead.{key}")
        for key in ("value", "low", "high")
    )
    told = "an improvement" if chance["improvement"] else "no improvement by that"
    commit = result["plan_commit"]
    plan = f"committed in {commit[:12]}" if commit else "not in git"
    return [
        f"- Interval: {result['ahead']['method']}, on {result['split']}. Over seeds alone, by t: "
        f"{low} to {high}{unit(result['metric'])}.",
        f"- Chance that b is ahead with the same seed: {value} [{least}, {most}], {told}.",
        f"- Not as planned: {'; '.join(result['deviations']) or 'nothing'}.",
        f"- Plan: [{name}.yaml]({name}.yaml), {plan}. Numbers: [{name}.json]({name}.json).",
    ]
