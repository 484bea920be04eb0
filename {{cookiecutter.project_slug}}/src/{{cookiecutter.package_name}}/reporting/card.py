"""The model card: the sections of Mitchell et al. (2019), as Markdown with the hub's metadata."""

from __future__ import annotations

from ..stats.verdict import FEWEST_ROWS, INVALID
from . import checklist
from .answers import PLACE, UNANSWERED
from .cautions import cautions
from .claims import BEGIN, END, claimed, name, plain, rows_of, table, with_interval
from .hub import front_matter
from .lineage import commands, lineage, settings
from .material import Material
from .results import quantitative
from .shown import counted

SAID = {
    "better": "ahead of every baseline",
    "worse": "behind a baseline",
    "no_difference": "not clearly ahead of every baseline",
    "too_few_rows": f"measured on fewer than {FEWEST_ROWS} rows, too few to conclude anything",
    INVALID: "not to be judged by these rows",
}
PEOPLE = {  # the heading and question of what only people can say
    "Intended use": [
        ("Use", "intended_use"),
        ("Users", "intended_users"),
        ("Out of scope", "out_of_scope"),
    ],
    "Factors": [("Groups, instruments, environments", "factors")],
    "Ethical considerations": [
        ("Considerations", "ethical_considerations"),
        ("People in the data", "people"),
        ("Review", "ethics_review"),
        ("Wider impact", "broader_impact"),
        ("Safeguards", "safeguards"),
    ],
}


def model_card(material: Material) -> str:
    """Return the card: the same bytes for the same material."""
    title = f"# Model card: {plain(material.name)}"
    sections = [
        ("Model details", details(material)),
        ("Intended use", asked(material, "Intended use")),
        ("Factors", asked(material, "Factors")),
        ("Metrics", metrics_of(material)),
        ("Evaluation data", evaluation_data(material)),
        ("Training data", training_data(material)),
        ("Quantitative analyses", quantitative(material)),
        ("Ethical considerations", asked(material, "Ethical considerations")),
        ("Caveats and recommendations", caveats(material)),
        ("Reproducibility", reproducibility(material)),
    ]
    lines = [
        f"<!-- Written by `uv run dvc repro report`; what people say stands in {PLACE}. -->",
        "",
        f"{title} (no conclusion)" if not material.concluded else title,
        "",
        *verdict(material),
    ]
    for heading, body in sections:
        lines += ["", f"## {heading}", "", *body]
    text = "\n".join(lines).replace("\n\n\n", "\n\n")
    return f"{front_matter(material)}\n{text}\n"


def verdict(material: Material) -> list[str]:
    """Return the result in a sentence, behind a warning where it is no ground for a decision."""
    metrics, primary = material.metrics, material.primary
    rows = rows_of(metrics, "test_set.rows")
    value = with_interval(metrics, f"models.network.{primary.key}", primary.how)
    path = f"comparison.differences.{material.best}"
    ahead = with_interval(metrics, path, material.ahead)
    unit = "" if material.regression else " points"
    result = (
        f"The network is **{SAID[metrics['verdict']]}**: {primary.label} {value} on {rows} rows; "
        f"{ahead}{unit} ahead of {material.best}."
    )
    if metrics["verdict"] == INVALID:
        problems = plain("; ".join(metrics["problems"]))
        return ["> [!CAUTION]", f"> **INVALID, no conclusion:** {problems}.", "", result]
    if metrics["verdict"] == "too_few_rows":
        told = f"> **Too few rows, no conclusion:** fewer than {FEWEST_ROWS} rows were tested."
        return ["> [!WARNING]", told, "", result]
    return [result]


def details(material: Material) -> list[str]:
    """Return what the model is, and who answers for it."""
    facts, said = material.facts, material.answers
    classes = counted(len(material.table.classes), "class", "classes")
    return unclaimed(
        [
            f"Network: {settings(facts['model'])}, {counted(facts['parameters'], 'parameter')}",
            f"Predicts: {'values' if material.regression else classes}",
            f"Trained with: {settings(facts['optimizer'])}, seed {facts['seed']}",
            f"Version: weights `{material.model_hash}`",
            "Files: `models/network` (`program.pt2`, `model.onnx`), see docs/model_folder.md",
            f"License: {said['license'] or UNANSWERED}",
            f"Contact: {said['contact'] or UNANSWERED}",
        ]
    )


def asked(material: Material, heading: str) -> list[str]:
    """Return what people said, or that they have not yet."""
    answers = material.answers
    return unclaimed([f"{title}: {answers[q] or UNANSWERED}" for title, q in PEOPLE[heading]])


def metrics_of(material: Material) -> list[str]:
    """Return what is measured, and how its uncertainty is."""
    definitions = [f"{one.label}: {plain(one.definition)}" for one in material.measures]
    return unclaimed([*definitions, plain(checklist.intervals(material))])


def unclaimed(entries: list[str]) -> list[str]:
    """Return a list whose numbers are no measurements."""
    return [BEGIN, "", *(f"- {' '.join(entry.split())}" for entry in entries), "", END]


def evaluation_data(material: Material) -> list[str]:
    """Return which rows were tested, and how often this test set was looked at."""
    test_set = material.metrics["test_set"]
    looks = counted(material.looks, "model") if material.looks else "an unknown number of models"
    lines = unclaimed(
        [
            f"Split: {checklist.splits(material)}",
            f"Hash of ids and targets: `{test_set['hash']}`",
            f"Looked at by {looks} so far (`records/test_looks.jsonl`)",
        ]
    )
    return [f"{claimed(material.metrics, 'test_set.rows', ',.0f')} rows.", "", *lines]


def training_data(material: Material) -> list[str]:
    """Return what the network learned from."""
    manifest, said = material.manifest, material.answers
    return unclaimed(
        [
            f"Rows: {plain(manifest.summary)}",
            f"About: {plain(manifest.about) or UNANSWERED}",
            f"Left out: {plain(manifest.left_out) or 'nothing'}",
            f"Preprocessing: {checklist.PREPROCESSING}",
            f"Source: {said['data_source'] or UNANSWERED}",
            f"License: {said['data_license'] or UNANSWERED}",
            f"Collection: {said['data_collection'] or UNANSWERED}",
            "Datasheet: docs/datasheet.md",
        ]
    )


def caveats(material: Material) -> list[str]:
    """Return what speaks against relying on it, what was not measured, and what people advise."""
    said = material.answers
    return unclaimed(
        [
            *map(plain, cautions(material)),
            *(f"Not measured: {plain(gap)}" for gap in material.metrics["not_measured"]),
            f"Limitations: {said['limitations'] or UNANSWERED}",
            f"Recommendations: {said['recommendations'] or UNANSWERED}",
        ]
    )


def reproducibility(material: Material) -> list[str]:
    """Return commands, hashes and both checklists."""
    lines = [BEGIN, "", "```bash"]
    lines += [f"{command:<20} # {purpose.replace('`', '')}" for command, purpose in commands()]
    lines += ["```", "", *table(["from", "value"], _facts(material))]
    for title, items in checklist.both(material).items():
        lines += ["", f"### {title}", "", f"{checklist.filled(items)}.", ""]
        lines += [f"- **{item.asked}** ({item.state}): {plain(item.answer)}" for item in items]
    return [*lines, "", END]


def _facts(material: Material) -> list[list[str]]:
    return [
        [key, name(value) if key.startswith("hash") else plain(value)]
        for key, value in lineage(material)
    ]
