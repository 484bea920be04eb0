"""Requests that nobody would think of: schemathesis makes them from /openapi.json."""

import subprocess
import sys
from pathlib import Path

import pytest
from served import serving

CHECKS = ["not_a_server_error", "status_code_conformance", "content_type_conformance"]
CHECKS += ["response_schema_conformance"]
PROGRAM = Path(sys.executable).with_name("schemathesis")


@pytest.mark.slow
@pytest.mark.parametrize(
    "examples", [50, pytest.param(3000, marks=pytest.mark.full)], ids=["some", "thousands"]
)
def test_no_request_breaks_the_service(examples: int, model: Path, tmp_path: Path) -> None:
    with serving(model, "seconds=10") as client:
        url = f"http://127.0.0.1:{client.port}/openapi.json"
        command = [str(PROGRAM), "run", url, f"--max-examples={examples}", "--seed=1"]
        command += ["--phases=examples,coverage,fuzzing", f"--checks={','.join(CHECKS)}"]
        command += ["--generation-database=none", "--no-color", "--warnings=off"]
        done = subprocess.run(
            command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, done.stdout
        assert "/predict" in client.get("/openapi.json").body.decode()
        text = client.get("/metrics").body.decode()
        assert 'requests_total{status="422"}' in text  # they have reached the rows
        assert client.get("/ready").status == 200
