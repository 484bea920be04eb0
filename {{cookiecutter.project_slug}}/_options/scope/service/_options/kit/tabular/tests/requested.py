"""Requests as clients of this kind of data send them."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import small_data

KIND = "application/json"
NUMBERS, TRUTHS = (small_data.SIZE, "fold"), {"yes": True, "no": False}


def rows_of_training(pipeline: Path, ids: list[str]) -> list[dict[str, Any]]:
    """The raw rows of these ids, as JSON has them."""
    tables = [pl.read_csv(f, infer_schema=False) for f in (pipeline / "source").glob("*.csv")]
    known = {row[small_data.KEY]: row for row in pl.concat(tables).to_dicts()}
    return [_typed(known[name]) for name in ids]


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    typed = {name: row[name] and float(row[name]) for name in NUMBERS}
    typed |= {small_data.COLOR: row[small_data.COLOR], "^never.*$": TRUTHS[row["^never.*$"]]}
    return typed


def request_of(rows: list[dict[str, Any]]) -> bytes:
    """The body of a request."""
    return json.dumps({"rows": rows}).encode()


def too_many(pipeline: Path, rows: int) -> bytes:
    """A request of so many rows."""
    return request_of(rows_of_training(pipeline, [f"row-{number:03d}" for number in range(rows)]))


def filled(row: dict[str, Any]) -> str:
    """JavaScript that fills the form of ``page`` in."""
    texts = {name: "" if value is None else str(value) for name, value in row.items()}
    texts["^never.*$"] = texts["^never.*$"].lower()
    return f"""for (const [name, text] of Object.entries({json.dumps(texts)}))
    [...page.forms[0].elements].find((one) => one.name === name).value = text;"""
