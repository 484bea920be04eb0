"""One example through every stage, in the order in which the pipeline runs them, as text."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from ..runtime.errors import UserError
from ..runtime.files import Workspace
from ..schema import Manifest
from ..splits import Split, fold_of, part_in_view, place_of, split_of, views
from .origin import Origin
from .outcome import Outcome

if TYPE_CHECKING:
    from ..config.kit import Data

SAMPLES = "samples.parquet"
MOST_SEARCHED, MOST_NEAR = 100_000, 3  # ids


@dataclass(frozen=True)
class Asked:
    """What the user wants to see."""

    name: str  # the example's id
    fold: int | None  # whose network it goes through; None: that of its own fold, if there are some
    model: Path
    own: bool  # whether the model is the pipeline's or the run's, from which stored tables are


def follow(asked: Asked, workspace: Workspace, data: Data) -> Iterator[str]:
    """Yield the lines of every stage.

    Raises:
        UserError: when there is no such example or fold, or something was not made yet.
    """
    prepared = workspace.reads("data/prepared")
    tables = [workspace.reads(f"predictions/{name}") for name in ("network", "baselines")]
    findings = json.loads(workspace.reads("reports/audit.json").read_text("utf-8"))
    manifest = Manifest.load(prepared)
    name = asked.name.replace("\\", "/").removeprefix("data/raw/")
    row = find_row(prepared, name, manifest)
    origin = Origin(workspace.reads("data/raw"), prepared, row, data, workspace.given("contracts"))
    fold = _view(manifest, row, asked.fold)
    part = pl.DataFrame([row]).select(part_in_view(manifest.folds, fold).alias("part")).item()
    outcome = Outcome(asked.model, prepared, manifest, name, part, fold)
    stages = [
        ("raw record", origin.raw()),
        ("split", _split(row, manifest, origin.key(), part, fold)),
        ("leak check", [*_audit(findings, name), *origin.alike()]),
        ("prepared", origin.prepared_as(outcome.inputs, _place(prepared, row), manifest, fold)),
        *outcome.stages(tables[0], tables[1], own=asked.own),
    ]
    base = f"{workspace.project.as_posix()}/"
    yield f"{name}, through {outcome.folder.as_posix()}".replace(base, "")
    for number, (title, lines) in enumerate(stages, start=1):
        yield f"\n{number} {title}"
        yield from (f"  {line}".replace(base, "") for line in lines)


def find_row(prepared: Path, name: str, manifest: Manifest) -> dict[str, Any]:
    """Return the row of samples.parquet that is called ``name``.

    Raises:
        UserError: when there is none; it names the nearest.
    """
    samples = pl.scan_parquet(prepared / SAMPLES)
    found = samples.filter(pl.col("id") == name).collect()
    if not found.is_empty():
        return found.row(0, named=True)
    ids = samples.select("id").head(MOST_SEARCHED).collect()["id"].to_list()
    near = difflib.get_close_matches(name, ids, MOST_NEAR, cutoff=0) or ids[:MOST_NEAR]
    told = f" {manifest.left_out}" if manifest.left_out else ""
    raise UserError(
        f"{name}: no such example among the {sum(manifest.rows.values()):,} of data/prepared. "
        f"The nearest are: {', '.join(near)}.{told}"
    )


def _view(manifest: Manifest, row: dict[str, Any], fold: int | None) -> int | None:
    """Return the fold whose network the example goes through."""
    if fold is None:
        return int(row["fold"]) if manifest.folds else None
    try:
        return views(manifest.folds, fold)[0]
    except UserError as error:
        raise UserError(str(error).removeprefix("data.")) from error


def _split(
    row: dict[str, Any],
    manifest: Manifest,
    key: tuple[str, str | None, Split],
    part: str,
    fold: int | None,
) -> list[str]:
    told, text, split = key
    lines = [f"{row['split']}, by {told}"]
    if text is not None:
        place = pl.DataFrame({"key": [text]}).select(
            place_of(pl.col("key"), f"split {split.salt}").alias("place"),
            split_of(pl.col("key"), split).alias("split"),
            fold_of(pl.col("key"), split, manifest.folds).alias("fold"),
        )
        borders = f"test below {split.test:g}, val below {split.test + split.val:g}, then train"
        lines.append(f"its hash is {place['place'][0]:.6f} of 1 ({borders}; salt {split.salt})")
        if (place["split"][0], place["fold"][0]) != (row["split"], row["fold"]):
            now = f"{place['split'][0]}, fold {place['fold'][0]}"
            lines.append(f"TODAY that would be {now}: `uv run dvc repro prepare`")
    if manifest.folds:
        lines.append(f"fold {row['fold']} of {manifest.folds}, by another hash of the same")
        lines.append(f"seen by the network of fold {fold}, for which it is a row of {part}")
    if row["group"] is not None:
        lines.append(f"group {row['group']}: all of it is in the same split")
    if part == "train":
        lines.append("a TRAINING row: the network has seen its answer, and is right too often")
    return lines


def _audit(findings: list[dict[str, Any]], name: str) -> list[str]:
    """Return what the leak check told and somebody accepted; what was not stopped the pipeline."""
    lines = [
        f"accepted{', and it names this example' if name in finding['message'] else ''}: "
        f"{finding['message']}"
        for finding in findings
    ]
    return lines or ["audit found no leak in these data"]


def _place(prepared: Path, row: dict[str, Any]) -> int:
    """Return the number of the row among the stored ones of its split."""
    own = pl.scan_parquet(prepared / SAMPLES).filter(pl.col("split") == row["split"])
    return own.select((pl.col("id") == row["id"]).arg_max()).collect().item()
