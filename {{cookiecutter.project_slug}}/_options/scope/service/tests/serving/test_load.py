"""Thousands of requests, good and bad: what the service holds in memory does not grow with them."""

import http.client
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest
from import_graph import PACKAGE
from requested import KIND, request_of, rows_of_training

from {{ cookiecutter.package_name }}.arrays import load_split

CLIENTS, WARM_UP, REQUESTS = 4, 500, 2500  # of each client
MOST_GROWTH = 1.1


def ask(port: int, bodies: list[bytes], times: int, statuses: list[int]) -> None:
    """Ask again and again over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for turn in range(times):
        body = bodies[turn % len(bodies)]
        connection.request("POST", "/predict", body, {"Content-Type": KIND})
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    connection.close()


def load(port: int, bodies: list[bytes], times: int) -> list[int]:
    statuses: list[int] = []
    threads = [
        threading.Thread(target=ask, args=(port, bodies, times, statuses)) for _ in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


@pytest.mark.slow
@pytest.mark.full
def test_memory_is_as_after_the_first_requests(
    pipeline: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(pipeline)
    ids = load_split(pipeline / "data/prepared", "test").ids
    rows = rows_of_training(pipeline, ids)
    bodies = [request_of(rows[:1]), request_of(rows), b"{", request_of(rows[:3])[:-9]]
    words = ["model=models/network", "port=0", "record=inputs", f"record_to={tmp_path}"]
    with subprocess.Popen(
        [sys.executable, "-m", f"{PACKAGE}.serving.serve", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ,
        encoding="utf-8",
    ) as process:
        try:
            assert process.stdout is not None
            found = re.fullmatch(r"serve: http://\S+:(\d+)\n", process.stdout.readline())
            assert found is not None
            threading.Thread(target=process.stdout.read, daemon=True).start()  # or it would block
            port, held = int(found[1]), psutil.Process(process.pid).memory_info
            load(port, bodies, WARM_UP)
            before = held().rss
            statuses = load(port, bodies, REQUESTS)
            after = held().rss
        finally:
            process.terminate()
    assert len(statuses) == CLIENTS * REQUESTS
    assert set(statuses) == {200, 422}
    assert after < MOST_GROWTH * before
