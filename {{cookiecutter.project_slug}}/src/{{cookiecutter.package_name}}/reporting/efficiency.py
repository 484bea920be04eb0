"""What the model costs, if `uv run benchmark` has measured this one: records/efficiency.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..runtime.errors import UserError

PLACE = "records/efficiency.json"
COLD_START = {
    "import_seconds": "cold start: import of the libraries",
    "load_seconds": "cold start: loading the model",
    "first_call_seconds": "cold start: the first row",
}
MEBIBYTE = 2**20


def read_efficiency(file: Path, model_hash: str) -> dict[str, Any] | None:
    """Return what was measured of the model with this hash; None where nothing was.

    Raises:
        UserError: for a file that is no measurement, as a merge may leave it.
    """
    if not file.exists():
        return None
    try:
        found = json.loads(file.read_text("utf-8"))
        is_ours = found["model_hash"] == model_hash
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"{PLACE}: damaged. `uv run benchmark` writes it anew.") from error
    return found if is_ours else None


def costs(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return name, value and interval of each number that ``found`` holds."""
    rows: list[tuple[str, str, str]] = []
    if found.get("parameters") is not None:
        rows.append(("parameters", f"{found['parameters']:,}", ""))
    flops = found.get("flops_per_row")
    count = flops.get("value") if isinstance(flops, dict) else flops
    why = flops.get("why", "") if isinstance(flops, dict) else ""
    rows.append(("FLOPs of one row", "not counted" if count is None else f"{count:,}", why))
    for name, size in found.get("size_bytes", {}).items():
        rows.append((f"size of {name}", f"{size / MEBIBYTE:.2f} MiB", ""))
    for key, name in COLD_START.items():
        rows += _row(name, found.get("cold_start", {}).get(key), 1e3, "ms")
    for quantile, entry in found.get("latency_seconds", {}).items():
        rows += _row(f"one row, {quantile}", entry, 1e3, "ms")
    batch = found.get("protocol", {}).get("batch")
    at_once = f", {batch} at once" if batch else ""
    rows += _row(f"rows a second{at_once}", found.get("rows_per_second"), 1, "")
    rows += _row("peak memory", found.get("peak_memory_bytes"), 1 / MEBIBYTE, "MiB")
    rows += _row("peak memory of the GPU", found.get("peak_gpu_memory_bytes"), 1 / MEBIBYTE, "MiB")
    return rows


def _row(name: str, entry: Any, scale: float, unit: str) -> list[tuple[str, str, str]]:
    if not isinstance(entry, dict) or entry.get("value") is None:
        return []
    ends = [entry[key] for key in ("low", "high") if entry.get(key) is not None]
    interval = " to ".join(_number(end * scale) for end in ends)
    return [(name, f"{_number(entry['value'] * scale)} {unit}".strip(), interval)]


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def circumstances(found: dict[str, Any]) -> str:
    """Say how and on what it was measured."""
    how, machine = found.get("protocol", {}), found.get("machine", {})
    counts = ("processes", "calls", "warmup", "threads")
    given = {name: how[name] for name in counts if name in how}
    told = [f"{number:,} {_counted(name, number)}" for name, number in given.items()]
    place = machine.get("gpu") or machine.get("processor")
    on = [str(machine[name]) for name in ("system", "architecture") if machine.get(name)]
    on += [f"{name} {machine[name]}" for name in ("python", "torch") if machine.get(name)]
    return "; ".join([", ".join(told), ", ".join([str(place), *on] if place else on)]).strip("; ")


def _counted(name: str, number: int) -> str:
    words = {
        "processes": ("fresh process", "fresh processes"),
        "calls": ("call each", "calls each"),
        "warmup": ("call before those", "calls before those"),
        "threads": ("thread", "threads"),
    }
    return words[name][number != 1]
