"""Two reproducibility checklists: what a machine can fill in, what people said, and what is open.

The machine learning reproducibility checklist v2.0 (Pineau et al. 2021), and the NeurIPS paper
checklist. The items are given in short words.
"""

from __future__ import annotations

from dataclasses import dataclass

from .answers import UNANSWERED
from .efficiency import circumstances, costs
from .lineage import configuration, settings
from .material import Material
from .shown import counted

FILLED, PARTLY, OPEN, NOT_APPLICABLE = "filled", "partly filled", "open", "not applicable"
NO_THEORY = "no theoretical claim is made"
NOT_TIMED = "not measured; `uv run benchmark` does"


@dataclass(frozen=True)
class Item:
    """One item: what is asked, what there is to say, and whether that fills it."""

    asked: str
    answer: str
    state: str = FILLED


def both(material: Material) -> dict[str, list[Item]]:
    """Return the items of each checklist by its title."""
    return {
        "Reproducibility checklist v2.0": pineau(material),
        "NeurIPS paper checklist": neurips(material),
    }


def filled(items: list[Item]) -> str:
    """Say how many items are filled."""
    states = (FILLED, PARTLY, OPEN, NOT_APPLICABLE)
    counts = {state: sum(item.state == state for item in items) for state in states}
    return f"Of {len(items)} items " + ", ".join(f"{n} {state}" for state, n in counts.items() if n)


def pineau(material: Material) -> list[Item]:
    """Return the 21 items of the reproducibility checklist."""
    said, facts, manifest = material.answers, material.facts, material.manifest
    left_out = manifest.left_out or "no row was left out"
    return [
        Item("model: description", f"{settings(facts['model'])}, code in `model.py`"),
        _asked("model: assumptions", said["assumptions"]),
        Item("model: complexity", _complexity(material)),
        Item("theory: statement", NO_THEORY, NOT_APPLICABLE),
        Item("theory: proof", NO_THEORY, NOT_APPLICABLE),
        Item("data: statistics", f"{manifest.summary}; {_classes(material)}"),
        Item("data: splits", splits(material)),
        Item("data: exclusions, preprocessing", f"{left_out}; {PREPROCESSING}"),
        _asked("data: link to download", said["data_source"]),
        _asked("data: how they were collected", said["data_collection"]),
        Item("code: dependencies", "`pyproject.toml`, pinned by `uv.lock`"),
        Item("code: training", "`uv run dvc repro train`"),
        Item("code: evaluation", "`uv run dvc repro evaluate`"),
        Item("code: trained model", f"`models/network`, {material.model_hash}; `uv run dvc pull`"),
        Item("code: results and the command for them", "model card; `uv run dvc repro`"),
        Item("results: hyperparameters and their search", _search(material)),
        Item("results: number of runs", _runs(material)),
        Item("results: definition of the measures", definitions(material)),
        Item("results: centre and variation", intervals(material)),
        _measured("results: run time", _run_time(material)),
        _measured("results: infrastructure", circumstances(material.efficiency or {})),
    ]


def neurips(material: Material) -> list[Item]:
    """Return the 16 items of the NeurIPS paper checklist."""
    said, metrics = material.answers, material.metrics
    gaps = f"not measured: {'; '.join(metrics['not_measured'])}"
    return [
        Item("1 claims", "written from `reports/metrics.json`; `uv run claims` compares them"),
        _asked("2 limitations", said["limitations"], also=gaps),
        Item("3 theory and proofs", NO_THEORY, NOT_APPLICABLE),
        Item("4 reproducibility", "`uv run dvc repro`; the same hashes follow on one machine"),
        _asked("5 access to data and code", said["code"], also="`uv run dvc pull` for who may"),
        Item("6 settings", f"{configuration(material.overrides)}, resolved in `params.yaml`"),
        Item("7 statistical significance", intervals(material)),
        _compute(material),
        _asked("9 code of ethics", said["ethical_considerations"]),
        _asked("10 broader impact", said["broader_impact"]),
        _asked("11 safeguards", said["safeguards"], also="`uv run gate` before any use"),
        _asked("12 licences of assets", said["data_license"], also=_license(said["license"])),
        Item("13 new assets", "the model: `reports/model_card.md`; data: `docs/datasheet.md`"),
        _asked("14 crowdsourcing, people", said["people"]),
        _asked("15 approval by a review board", said["ethics_review"]),
        _asked("16 use of language models", said["language_models"]),
    ]


PREPROCESSING = "preprocessing is part of the model, its statistics are of training rows alone"


def _asked(asked: str, answer: str, also: str = "") -> Item:
    """An item for people; ``also`` is what a machine knows of it."""
    told = "; ".join(part for part in (answer or UNANSWERED, also) if part)
    return Item(asked, told, FILLED if answer else PARTLY if also else OPEN)


def _license(name: str) -> str:
    return f"the model's is {name}" if name else ""


def _measured(asked: str, told: str) -> Item:
    return Item(asked, told or NOT_TIMED, FILLED if told else OPEN)


def _compute(material: Material) -> Item:
    said = material.answers["compute"]
    where = circumstances(material.efficiency or {})
    return _asked("8 compute", said, also=f"predictions timed on: {where}" if where else "")


def _complexity(material: Material) -> str:
    parameters = f"{counted(material.facts['parameters'], 'parameter')}"
    found = material.efficiency
    flops = next((row[1] for row in costs(found or {}) if "FLOPs" in row[0]), "")
    return f"{parameters}; {flops} FLOPs for one row" if found else parameters


def _classes(material: Material) -> str:
    count = len(material.manifest.classes)
    return counted(count, "class", "classes") if count else "the target is a number"


def splits(material: Material) -> str:
    """Say how rows were split, and how many each part has."""
    manifest = material.manifest
    named = {"train": "training", "val": "validation", "test": "test"}
    parts = [f"{named[split]} {rows:,}" for split, rows in manifest.rows.items()]
    if manifest.folds:
        return f"{manifest.folds} folds by hash, each tested by models trained on the others"
    return f"by hash of a stable key: {', '.join(parts)} rows"


def _search(material: Material) -> str:
    facts = material.facts
    searched = [
        f"{name} {counted(found['trials'], 'trial')}{_of(found)}"
        for name, found in material.tuning.items()
    ]
    return (
        f"network: chosen by hand, {settings(facts['model'])}, {settings(facts['optimizer'])}; "
        f"baselines: random search, best on validation: {'; '.join(searched)}"
    )


def _of(found: dict[str, object]) -> str:
    space, chosen = found.get("space"), found["chosen"]
    ranges = f" from {_pairs(space)}" if isinstance(space, dict) and space else ""
    return f"{ranges}, chosen {_pairs(chosen)}" if isinstance(chosen, dict) and chosen else ranges


def _pairs(values: dict[str, object]) -> str:
    return ", ".join(f"{key}={value}" for key, value in values.items())


def _runs(material: Material) -> str:
    fits = sum(found["fits"] for found in material.tuning.values())
    folds = material.metrics["test_set"]["folds"]
    networks = counted(folds + 1 if folds else 1, "network")
    looks = counted(material.looks, "model") if material.looks else "this model"
    return (
        f"{networks}, {counted(fits, 'fit')} of baselines; {looks} evaluated on this test set "
        "(`records/test_looks.jsonl`)"
    )


def definitions(material: Material) -> str:
    """Return each measure with its definition."""
    return "; ".join(f"{one.label}: {one.definition}" for one in material.measures)


def intervals(material: Material) -> str:
    """Say how intervals and differences come about."""
    level, best = material.metrics["level"], material.differences[material.best]
    methods = dict.fromkeys(entry["method"] for entry in material.network.values())
    return (
        f"intervals of {100 * level:g}% ({', '.join(methods)}); differences paired, on the same "
        f"rows ({best['method']}); the variation is that of another draw of test rows"
    )


def _run_time(material: Material) -> str:
    rows = costs(material.efficiency or {})
    return "; ".join(f"{name} {value}" for name, value, _ in rows if name.startswith("one row"))
