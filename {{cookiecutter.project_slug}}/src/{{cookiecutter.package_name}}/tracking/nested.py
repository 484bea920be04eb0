"""The journals of runs that are nested in another one, such as the trials of a search.

One process sends them all: each of its own would cost every trial the start of another process.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from filelock import Timeout

from .journal import UNENDED, Journal, Writer, journals
from .shipment import Shipment


class Nested:
    """Sends what is in the journals nested in ``parent`` to the MLflow at ``uri``."""

    def __init__(self, parent: Journal, uri: str, say: Callable[[str], None]) -> None:
        self.parent, self.uri, self.say = parent, uri, say
        self._shipments: dict[str, Shipment] = {}

    @property
    def project(self) -> Path:
        """The folder that has runs/tracking."""
        return self.parent.folder.parents[2]

    @property
    def complete(self) -> bool:
        """Whether MLflow has all of them."""
        return all(self._shipment(journal).complete for journal in self._journals())

    def send(self, patience: float | None = None) -> None:
        """Send what has not arrived; with ``patience``, at the end, of killed trials as well.

        Raises:
            Exception: whatever MLflow or the network raises; what arrived until then counts.
        """
        for journal in self._journals():
            try:
                with journal.sending().acquire(timeout=0):
                    self._send(journal, patience)
            except Timeout:
                continue  # `uv run sync` is at it

    def _send(self, journal: Journal, patience: float | None) -> None:
        ended = journal.status not in UNENDED
        if patience is not None and not ended:
            writer = Writer.open(journal.folder, patience)
            if writer:  # whose process is dead
                writer.end_if_killed()
                writer.close()
        shipment = self._shipment(journal)
        try:
            shipment.send()
        except Exception:
            del self._shipments[journal.key]  # one that failed is not used again
            raise
        writer = Writer.open(journal.folder) if ended and shipment.complete else None
        if writer:
            writer.settle(self.project)

    def _journals(self) -> list[Journal]:
        keys = {self.parent.key, self.parent.run.get("same_as") or self.parent.key}
        return [one for one in journals(self.project) if one.run.get("parent") in keys]

    def _shipment(self, journal: Journal) -> Shipment:
        return self._shipments.setdefault(journal.key, Shipment(journal, self.uri, self.say))
