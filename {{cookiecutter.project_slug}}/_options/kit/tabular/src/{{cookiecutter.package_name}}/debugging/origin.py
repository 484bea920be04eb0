"""Where one row of a table comes from, and what preparation made of it."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from ..config.kit import Data
from ..contract.casting import typed
from ..contract.contract import Contract
from ..leaks.finding import listed
from ..reading.opening import open_raw
from ..runtime.errors import UserError
from ..schema import Manifest, Statistics, Table
from ..splits import Split
from ..table.agreement import agreed, table_name
from ..table.encoding import column, key_of
from ..table.splitting import ROW


class Origin:
    """One row of samples.parquet on its way from data/raw to the network.

    Args:
        raw: data/raw.
        prepared: data/prepared.
        row: its columns in samples.parquet.
        data: the group ``data`` of the configuration.
        contracts: the folder of contracts.

    Raises:
        UserError: when data/raw does not hold the row, or there is no contract.
    """

    def __init__(
        self, raw: Path, prepared: Path, row: dict[str, Any], data: Data, contracts: Path
    ) -> None:
        self.prepared, self.row, self.data = prepared, row, data
        name = table_name(data.contract, data.source, data.path)
        roles = {"target": data.target, "key": data.key, "group": data.group, "time": data.time}
        self.contract: Contract = agreed(contracts, name, roles, data.task)
        table = open_raw(raw)
        rows = typed(table, self.contract).with_row_index(ROW, offset=1)
        named = column(self.contract.key or ROW).cast(pl.String)
        self.typed = rows.filter(named == row["id"]).collect()
        if self.typed.is_empty():
            raise UserError(
                f"{row['id']}: not in data/raw any more. `uv run dvc repro` mends that."
            )
        self.number = int(self.typed[ROW][0])
        self.written = table.slice(self.number - 1, 1).collect()
        self.raw_folder, self.contract_name = raw, name

    def raw(self) -> list[str]:
        """Say which row it is, and what stands in each column."""
        told = f"row {self.number} of {self.raw_folder.as_posix()}/*.parquet"
        features = self.contract.features
        values = [
            f"{name} = {_shown(value)}{'' if name in features else self._role(name)}"
            for name, value in self.written.row(0, named=True).items()
        ]
        return [f"{told}, by contracts/{self.contract_name}.yaml:", *values]

    def _role(self, name: str) -> str:
        contract = self.contract
        roles = {contract.key: "the key", contract.group: "the group", contract.time: "the time"}
        roles |= {contract.target: "the target"}
        return f"  ({roles.get(name, 'not seen by the network')})"

    def key(self) -> tuple[str, str | None, Split]:
        """Return what the split follows from, in words and as text (None: time), and the shares."""
        contract, split = self.contract, self.data.split
        salted = replace(split, salt=split.salt + contract.split.salt)
        if contract.time:
            return f"its {contract.time}, {self.row['time']}", None, salted
        key = key_of(contract.key, contract.group, list(contract.columns))
        text = str(self.typed.select(key.alias("key"))["key"][0])
        if contract.group or contract.key:
            return f"its {contract.group or contract.key} {text!r}", text, salted
        return "its content (a hash of all columns)", text, salted

    def alike(self) -> list[str]:
        """Say which other rows have the same values in all features."""
        names = Manifest.load(self.prepared).sample_names
        features = [names[name] for name in self.contract.features]
        samples = pl.scan_parquet(self.prepared / "samples.parquet")
        equal = [column(name).eq_missing(pl.lit(self.row[name])) for name in features]
        same = samples.filter(pl.col("id") != self.row["id"], *equal).select("id").collect()
        if same.is_empty():
            return ["no other row has the same features"]
        return [f"the same features as {listed(same['id'].to_list())}"]

    def prepared_as(
        self, inputs: Table, place: int, manifest: Manifest, fold: int | None
    ) -> list[str]:
        """Say what each column became.

        Args:
            inputs: the stored row (1, features).
            place: its number in the array of its split, from 0 on.
            manifest: of data/prepared.
            fold: whose network sees it.
        """
        statistics, names = manifest.statistics_of(fold), manifest.sample_names
        table = [("column", "typed", "encoded", "what that means")]
        for number, feature in enumerate(manifest.features):
            value = float(inputs[0, number])
            if feature.categories is None:
                means = _standardised(value, number, statistics)
            elif value:
                means = f"category {value:g} of {len(feature.categories)}"
            else:
                means = "missing, or never seen in training"
            typed_value = _shown(self.row[names[feature.name]])
            table.append((feature.name, typed_value, f"{value:.6g}", means))
        widths = [max(len(line[cell]) for line in table) for cell in range(3)]
        return [
            f"row {place} of {self.row['split']}/features.npy, {inputs.dtype} {inputs.shape[1:]}",
            *("  ".join([*map(str.ljust, line[:3], widths), line[3]]).rstrip() for line in table),
        ]


def _standardised(value: float, number: int, statistics: Statistics) -> str:
    if math.isnan(value):
        return "missing: a vector of its own"
    mean, std = statistics.mean[number], statistics.std[number] or 1.0
    return f"{(value - mean) / std:+.2f} std from the mean {mean:.6g}"


def _shown(value: Any) -> str:
    if value is None:
        return "missing"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
