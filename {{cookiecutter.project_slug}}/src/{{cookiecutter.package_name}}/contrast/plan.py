"""The plan of a contrast: a plan with `settings`, each of them other data for the same question."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..experiments import plan as pairwise
from ..experiments.plan import STOPPING, Rule, read_keys, require_values

CAME_ALONG = "example"  # the template's own are called so, and come with their results
BEST = "best"  # of the baselines: by the validation rows, as the network's configuration


@dataclass(frozen=True)
class Contrast:
    """What is compared, on which data, and what would count as a difference."""

    hypothesis: str
    network: list[list[str]]  # overrides to try; the best on the validation rows goes on
    settings: dict[str, list[str]]  # by its name: overrides that make the data
    metric: str
    margin: float  # the smallest difference that matters: of accuracy, or a share of the error
    rows: dict[str, int]  # of each setting: those that both are judged by
    classical: str = BEST
    seeds: int = 5
    split: str = "test"
    stopping: str = STOPPING
    limits: str = ""  # what the result will not tell

    @property
    def tries(self) -> int:
        """Configurations of the network that are tried, and as many of each classical model."""
        return len(self.network)

    @property
    def names(self) -> dict[str, str]:
        """What both sides are called in sentences."""
        best = self.classical == BEST
        return {"a": "the best classical model" if best else self.classical, "b": "the network"}


def _are_tries(value: Any) -> bool:
    known, _ = pairwise.RULES["a"]
    return isinstance(value, list) and bool(value) and all(known(words) for words in value)


def _are_settings(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and _are_tries([*value.values()])


def _are_rows(value: Any) -> bool:
    known, _ = pairwise.RULES["rows"]
    return isinstance(value, dict) and all(known(number) for number in value.values())


RULES: dict[str, Rule] = {
    **{key: pairwise.RULES[key] for key in ("hypothesis", "metric", "margin", "seeds", "stopping")},
    "network": (_are_tries, "a list of lists of overrides, such as [[], [optimizer.lr=0.001]]"),
    "settings": (_are_settings, "names with lists of overrides, such as {small: [data.path=a]}"),
    "rows": (_are_rows, "a whole number above 0 for each setting"),
    "classical": (pairwise.RULES["hypothesis"][0], f"{BEST}, or the name of a baseline"),
    "split": pairwise.RULES["split"],
    "limits": (pairwise.RULES["hypothesis"][0], "what the result will not tell"),
}
REQUIRED = ("hypothesis", "network", "settings", "metric", "margin", "rows")


def is_contrast(file: Path) -> bool:
    """Whether a plan is there and has settings."""
    import yaml

    content = yaml.safe_load(file.read_text("utf-8")) if file.exists() else None
    return isinstance(content, dict) and "settings" in content


def read_contrast(file: Path) -> Contrast:
    """Read the plan of a contrast.

    Raises:
        UserError: for its first mistake.
    """
    content = read_keys(file, RULES, REQUIRED)
    require_values(content, RULES, file.name)
    return Contrast(**content)
