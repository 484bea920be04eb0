"""From evidence to the content of metrics.json."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np

from ..config.evaluation import Evaluation
from ..stats.multiplicity import holm
from ..stats.verdict import FEWEST_ROWS, INVALID, decide
from . import calibrated, classification, regression, slices
from .behaviour import behaviour
from .folds import test_share_of
from .headline import headline
from .per_class import missing_classes, per_class
from .robustness import robustness
from .tables import NETWORK, Evidence, require_same_rows, rows_hash
from .uncertainty import Uncertainty

Metrics = dict[str, Any]
FEWEST_IN_GROUP = 50  # rows of a sensitive group


def evaluate(evidence: Evidence, settings: Evaluation, seed: int) -> Metrics:
    """Return metrics.json. Which baseline is the best is decided on validation."""
    network, validation = evidence.network, evidence.validation[NETWORK]
    measures = measures_of(evidence)
    for name, table in evidence.test.items():
        require_same_rows(network, table, name)
    how = Uncertainty(
        settings.level,
        settings.resamples,
        seed,
        settings.margin,
        test_share_of(network, validation),
    )
    comparison = compare_all(measures, evidence, how)
    best, rows = comparison["best_baseline"], len(network.ids)
    problems = problems_of(evidence)
    folds = 0 if network.fold is None else int(network.fold.max()) + 1
    verdict = decide(comparison["differences"], best, rows, how.level)
    metrics: Metrics = {
        "verdict": INVALID if problems else verdict,
        "problems": problems,
        "level": how.level,
        "margin": how.margin,
        "seeds": [seed],
        "test_set": {"rows": rows, "folds": folds, "hash": rows_hash(network)},
        "models": {name: measures.describe(table, how) for name, table in evidence.test.items()},
        "comparison": comparison,
    }
    metrics |= parts(measures, evidence, settings, how, best)
    metrics["not_measured"] = not_measured(metrics, evidence)
    of_test = {"seeds": [seed], "test_set": metrics["test_set"]["hash"]}
    of_validation = {"seeds": [seed], "validation_set": rows_hash(validation)}
    for key, value in metrics.items():
        stamp(value, of_validation if key == "found_slices" else of_test)
    if "calibration" in metrics:
        stamp(metrics["calibration"].get("temperature", {}), of_validation, overwrite=True)
    return {"headline": headline(metrics)} | metrics


def measures_of(evidence: Evidence) -> ModuleType:
    """Return the module that measures this kind of target."""
    return classification if evidence.network.classes else regression


def compare_all(measures: ModuleType, evidence: Evidence, how: Uncertainty) -> Metrics:
    """Return the paired difference to each baseline, their p values adjusted as one family."""
    others = [name for name in evidence.test if name != NETWORK]
    network = evidence.network
    differences = {name: measures.compare(network, evidence.test[name], how) for name in others}
    adjusted = holm([differences[name]["p_value"] for name in others])
    for name, p_value in zip(others, adjusted.tolist(), strict=True):
        differences[name]["p_adjusted"] = p_value
    return {
        "metric": measures.PRIMARY,
        "best_baseline": max(others, key=lambda n: measures.quality(evidence.validation[n])),
        "differences": differences,
    }


def parts(
    measures: ModuleType, evidence: Evidence, settings: Evaluation, how: Uncertainty, best: str
) -> Metrics:
    """Return what is measured of the network beyond its comparison."""
    network, validation = evidence.network, evidence.validation[NETWORK]
    found: Metrics = {}
    if network.classes:
        found["classes"] = per_class(network, how.level)
        found["calibration"] = calibrated.probabilities(network, validation, how)
    else:
        found["intervals_of_values"] = calibrated.intervals_of_values(network, validation, how)
    other = evidence.test[best]
    found["slices"] = slices.declared(measures, network, other, settings.slices, how)
    columns = list(dict.fromkeys([*settings.sensitive, *evidence.sensitive]))
    found["sensitive_groups"] = slices.sensitive(measures, network, columns, FEWEST_IN_GROUP, how)
    found["found_slices"] = slices.discovered(measures, validation, how)
    reference = evidence.reference
    if reference and NETWORK in evidence.corrupted:
        own, other = evidence.corrupted[NETWORK], evidence.corrupted[reference]
        clean = network, evidence.test[reference]
        found["robustness"] = robustness(measures, own, other, reference, how, clean)
    if evidence.behaviour is not None:
        found["behaviour"] = behaviour(evidence.behaviour, how.level)
    return found


def problems_of(evidence: Evidence) -> list[str]:
    """Return why no conclusion may be drawn, whatever the numbers are."""
    network = evidence.network
    if len(np.unique(network.targets)) > 1:
        return []
    one = network.classes[network.targets[0]] if network.classes else network.targets[0]
    return [f"every test row has the target {one}: nothing can be told apart"]


def not_measured(metrics: Metrics, evidence: Evidence) -> list[str]:
    """Return what a reader may expect and will not find, each with its reason."""
    network = evidence.network
    found = [
        f"slice {entry['name']}: {entry['why']}"
        for entry in metrics["slices"]
        if not entry["measured"]
    ]
    found += [
        f"{entry['group']}: {entry['why']}"
        for entry in metrics["sensitive_groups"]
        if not entry["measured"]
    ]
    found += [f"class {name}: no test row has it" for name in missing_classes(network)]
    if metrics["test_set"]["rows"] < FEWEST_ROWS:
        found.append(f"any difference: {len(network.ids)} test rows, fewer than {FEWEST_ROWS}")
    for part in ("robustness", "behaviour"):
        if part not in metrics:
            found.append(f"{part}: no predictions for it")
    found.append("other seeds: one network was trained; `uv run compare` trains several")
    return found


def stamp(value: Any, facts: dict[str, Any], *, overwrite: bool = False) -> None:
    """Add ``facts`` to each number, so that it says by itself what it is of."""
    if isinstance(value, dict):
        if "method" in value and (overwrite or "seeds" not in value):
            for key in ("test_set", "validation_set"):
                value.pop(key, None)
            value |= facts
        for entry in value.values():
            stamp(entry, facts, overwrite=overwrite)
    elif isinstance(value, list):
        for entry in value:
            stamp(entry, facts, overwrite=overwrite)
