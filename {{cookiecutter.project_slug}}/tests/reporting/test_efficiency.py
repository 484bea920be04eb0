import json
from pathlib import Path
from typing import Any

import pytest

from {{ cookiecutter.package_name }}.reporting import efficiency
from {{ cookiecutter.package_name }}.runtime.errors import UserError

FOUND: dict[str, Any] = {
    "model_hash": "ours",
    "parameters": 72666,
    "flops_per_row": {"value": 2696960, "method": "counted"},
    "size_bytes": {"state.ckpt": 3 * 2**20},
    "cold_start": {"load_seconds": {"value": 1.5, "low": 1.25, "high": 2.0}},
    "latency_seconds": {"p50": {"value": 0.0005, "low": 0.00048, "high": 0.00056}},
    "rows_per_second": {"value": 22684.2, "low": 19417.2, "high": 23767.6},
    "peak_memory_bytes": {"value": 345 * 2**20, "low": None, "high": None},
    "protocol": {"processes": 10, "calls": 2000, "warmup": 200, "batch": 256, "threads": 1},
    "machine": {"processor": "a chip", "system": "Linux", "torch": "2.13.0"},
}


def test_costs_of_this_model_are_read_and_those_of_another_are_not(tmp_path: Path) -> None:
    file = tmp_path / "efficiency.json"
    assert efficiency.read_efficiency(file, "ours") is None
    file.write_text(json.dumps(FOUND), "utf-8")
    assert efficiency.read_efficiency(file, "ours") == FOUND
    assert efficiency.read_efficiency(file, "another") is None


@pytest.mark.parametrize("text", ["<<<<<<< HEAD", "[]", "{}"])
def test_a_damaged_file_is_told(text: str, tmp_path: Path) -> None:
    (tmp_path / "efficiency.json").write_text(text, "utf-8")
    with pytest.raises(UserError, match=r"records/efficiency\.json: damaged"):
        efficiency.read_efficiency(tmp_path / "efficiency.json", "ours")


def test_every_number_is_shown_with_its_unit_and_interval() -> None:
    assert efficiency.costs(FOUND) == [
        ("parameters", "72,666", ""),
        ("FLOPs of one row", "2,696,960", ""),
        ("size of state.ckpt", "3.00 MiB", ""),
        ("cold start: loading the model", "1,500 ms", "1,250 to 2,000"),
        ("one row, p50", "0.5 ms", "0.48 to 0.56"),
        ("rows a second, 256 at once", "22,684", "19,417 to 23,768"),
        ("peak memory", "345 MiB", ""),
    ]


def test_what_could_not_be_counted_says_why_and_what_is_missing_is_left_out() -> None:
    assert efficiency.costs({"flops_per_row": {"value": None, "why": "an odd operation"}}) == [
        ("FLOPs of one row", "not counted", "an odd operation")
    ]
    assert efficiency.circumstances({}) == ""


def test_it_is_told_how_and_on_what_was_measured() -> None:
    assert efficiency.circumstances(FOUND) == (
        "10 fresh processes, 2,000 calls each, 200 calls before those, 1 thread; "
        "a chip, Linux, torch 2.13.0"
    )
