"""What the service counts, as Prometheus reads it at /metrics."""

from __future__ import annotations

from collections import Counter as Counts
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Measures:
    """Counters of one service. They begin at zero with its process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "requests", "Requests to /predict by status", ["status"], registry=self.registry
        )
        self.rows = Counter(
            "rows", "Rows predicted by class", ["prediction"], registry=self.registry
        )
        self.seconds = Histogram(
            "request_seconds",
            "From the first byte of a request to its answer",
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.at_work = Gauge("requests_at_work", "Requests being answered", registry=self.registry)
        self.unrecorded = Counter(
            "unrecorded", "Requests that could not be kept", registry=self.registry
        )
        self.pairs = Counter(
            "pairs", "Requests that the candidate predicted, too", registry=self.registry
        )
        self.refused = Gauge(
            "candidate_refused", "1 when the candidate was refused", registry=self.registry
        )
        self.model = Gauge(
            "model_info",
            "1 for the model in use",
            ["version", "model_hash"],
            registry=self.registry,
        )

    def in_use(self, version: str | None, model_hash: str) -> None:
        """Say which model answers."""
        self.model.clear()
        self.model.labels(version or "", model_hash).set(1)

    def count(self, answers: list[dict[str, Any]], *, classes: bool) -> None:
        """Count the rows of a request by what was said of them."""
        for name, rows in Counts(one["prediction"] if classes else "" for one in answers).items():
            self.rows.labels(name).inc(rows)

    def ended(self, status: int, seconds: float) -> None:
        """Count a request to /predict."""
        self.requests.labels(str(status)).inc()
        self.seconds.observe(seconds)

    def text(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self.registry)
