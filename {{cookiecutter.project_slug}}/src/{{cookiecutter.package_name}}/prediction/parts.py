"""A table that is written piece by piece, so that it can be gone on with after a kill."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
from filelock import FileLock, Timeout

from ..runtime.errors import UserError
from ..runtime.files import remove, write_text
from ..runtime.patience import patiently

MADE_FROM = "made_from.json"
LOCK = ".lock"


class Parts:
    """The pieces of ``destination``, in a folder beside it until all of them are there.

    Args:
        destination: the Parquet file that they become.
        made_from: what the pieces depend on; those of something else are not gone on with.
    """

    def __init__(self, destination: Path, made_from: dict[str, Any]) -> None:
        self.destination, self.made_from = destination, made_from
        self.folder = destination.with_name(f"{destination.name}.parts")

    @contextmanager
    def open(self) -> Iterator[int]:
        """Yield how many pieces there are from before; nobody else works at them meanwhile.

        Raises:
            UserError: when another process does.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / LOCK)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise UserError(f"{self.destination}: another command is writing it.") from None
        try:
            note, told = self.folder / MADE_FROM, json.dumps(self.made_from, sort_keys=True)
            if not note.is_file() or note.read_text("utf-8") != told:
                self.discard()
                write_text(note, told)
            yield len(self._pieces())
        finally:
            done = not self._pieces()
            lock.release()
            if done:
                remove(self.folder)

    def add(self, number: int, good: pl.DataFrame, bad: pl.DataFrame) -> None:
        """Write a piece; it counts once its good rows are there."""
        for name, table in ((f"bad-{number:06d}", bad), (f"good-{number:06d}", good)):
            partial = self.folder / f"{name}.partial"
            table.write_parquet(partial)
            patiently(partial.replace, self.folder / f"{name}.parquet")

    def counts(self) -> tuple[int, int]:
        """Return how many good and bad rows the pieces have."""
        good, bad = (
            sum(int(pl.scan_parquet(f).select(pl.len()).collect().item()) for f in files)
            for files in (self._pieces(), self._pieces("bad"))
        )
        return good, bad

    def first_bad(self) -> tuple[Any, ...]:
        """Return what the first bad row is called, and its reason."""
        return pl.scan_parquet(self._pieces("bad")).head(1).collect().row(0)

    def discard(self) -> None:
        """Delete all pieces."""
        for file in self.folder.glob("*.parquet"):
            file.unlink()

    def publish(self, bad: Path) -> None:
        """Put all pieces together, in order; the bad rows as CSV, which people read."""
        partial = self.folder / "whole.partial"
        pl.scan_parquet(self._pieces()).sink_parquet(partial)
        pl.scan_parquet(self._pieces("bad")).sink_csv(self.folder / "bad.partial")
        self.destination.parent.mkdir(parents=True, exist_ok=True)
        patiently((self.folder / "bad.partial").replace, bad)
        patiently(partial.replace, self.destination)
        self.discard()

    def _pieces(self, kind: str = "good") -> list[Path]:
        files = sorted(self.folder.glob(f"{kind}-*.parquet"))
        return [file for number, file in enumerate(files) if file.stem == f"{kind}-{number:06d}"]
