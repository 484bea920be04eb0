"""A small real table for the tests, and what to configure for it."""

import csv
from pathlib import Path

import numpy as np

from {{ cookiecutter.package_name }}.config.kit import OnBad
from {{ cookiecutter.package_name }}.contract.contract import Column, Contract, Kind, Task
from {{ cookiecutter.package_name }}.prepare import prepare
from {{ cookiecutter.package_name }}.raw.writing import write_raw as write_parquet
from {{ cookiecutter.package_name }}.schema import Manifest
from {{ cookiecutter.package_name }}.splits import Split

CLASSES = ["R&D, $5-$9", "grüne Äpfel", "it's"]  # in the order of the manifest
COLORS = ["blue", "red", "true"]
SHARES = Split(val=0.15, test=0.2, folds=0, salt=0)
ROWS = 120
# Columns are called like what the code itself uses, and like what Python, regular expressions
# and HTML take for something else.
TARGET, KEY, SIZE, COLOR = "class", "id", "split", "$a_b$ <i>"
COLUMNS = [KEY, SIZE, "fold", COLOR, "^never.*$", TARGET]
SOURCE = "file"  # data.source of what write_raw writes
OVERRIDES = [
    "data.source=file",
    "data.path=source",
    "data.split.val=0.15",
    "data.split.test=0.2",
    "data.split.folds=0",
    "data.batch_size=16",
]


def contract(source: str = "source") -> Contract:
    """What the small table is."""
    number = Column(Kind.number, min=-100, max=100, missing=0.5)
    return Contract(
        source=source,
        target=TARGET,
        task=Task.classification,
        key=KEY,
        columns={
            KEY: Column(Kind.text),
            SIZE: number,
            "fold": number,
            COLOR: Column(Kind.category, values=tuple(COLORS), missing=0.5),
            "^never.*$": Column(Kind.boolean, missing=0.5),
            TARGET: Column(Kind.category, values=tuple(CLASSES)),
        },
    )


def table(rows: int = ROWS, seed: int = 0) -> list[dict[str, str]]:
    """Return rows whose class follows from a number and a category, with some values missing."""
    generator = np.random.default_rng(seed)
    found: list[dict[str, str]] = []
    for number in range(rows):
        label = number % len(CLASSES)
        size, noise = 3 * label + generator.normal(), generator.normal()
        color = COLORS[label if generator.random() < 0.8 else generator.integers(3)]
        found.append(
            {
                KEY: f"row-{number:03d}",
                SIZE: "" if generator.random() < 0.1 else f"{size:.4f}",
                "fold": f"{noise:.4f}",
                COLOR: "NA" if generator.random() < 0.1 else color,
                "^never.*$": ["yes", "no"][number % 2],
                TARGET: CLASSES[label],
            }
        )
    return found


def write_csv(file: Path, rows: list[dict[str, str]]) -> Path:
    """Write ``rows`` as a person's CSV file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return file


def write_raw(folder: Path, count: int = ROWS) -> Path:
    """Write two CSV files into ``folder``, and their contract where a project has it."""
    rows = table(count)
    write_csv(folder / "first.csv", rows[:50])
    write_csv(folder / "second.csv", rows[50:])
    contracts = folder.parent / "contracts"
    contracts.mkdir(exist_ok=True)
    contract(folder.name).save(contracts / f"{folder.name}.yaml")
    return folder


def write_many(folder: Path) -> Path:
    """Write as many rows as a test split needs; a folder of another name has others."""
    return write_raw(folder, 1500 + len(folder.name))


def prepare_small(
    source: Path,
    destination: Path,
    *,
    split: Split = SHARES,
    on_bad: OnBad = OnBad.stop,
    agreed: Contract | None = None,
) -> Manifest:
    """Bring ``source`` in and prepare it as the stages do."""
    raw = destination.with_name(f"{destination.name}-raw")
    write_parquet(source, raw)
    return prepare(raw, destination, agreed or contract(), split=split, on_bad=on_bad)
