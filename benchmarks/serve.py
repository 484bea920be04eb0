"""`serve` against `mlflow models serve` and a minimal FastAPI by hand, on loopback, in turns.

All three have one process and the same exported program. Clients keep their connections open and
ask again as soon as they are answered; they run in a process of their own, beside the server.
"""

import argparse
import json
import os
import signal
import socket
import statistics
import subprocess
import time
import urllib.error
import urllib.request

from project import (
    BUILD,
    PACKAGE,
    UV,
    environment,
    generate,
    machine,
    measure,
    run_stages,
    save,
    show,
)

CLIENTS, ROWS, SECONDS = (1, 4, 32), (1, 64), 4.0
LOGGED = f"""
import sys
from pathlib import Path
import mlflow.pyfunc
from mlflow.models import ModelSignature
from {PACKAGE}.schema import Manifest, signature
mlflow.pyfunc.save_model(
    sys.argv[1],
    loader_module="{PACKAGE}.predictor",
    data_path="models/network",
    signature=ModelSignature(*signature(Manifest.load(Path("data/prepared")))),
    pip_requirements=[],
)
"""
MINIMAL = """
import json
import numpy as np
import torch
from fastapi import FastAPI
from pydantic import BaseModel, create_model
facts = json.load(open("models/network/model.json"))
names = [feature["name"] for feature in facts["features"]]
Row = create_model("Row", **{name: (float, ...) for name in names})
class Rows(BaseModel):
    rows: list[Row]
torch.set_num_threads(1)
program = torch.export.load("models/network/program.pt2").module()
app = FastAPI()
@app.post("/predict")
async def predict(request: Rows):
    table = np.array([[getattr(row, name) for name in names] for row in request.rows], np.float32)
    with torch.inference_mode():
        shares = program(torch.from_numpy(table)).softmax(dim=1).numpy()
    return {"predictions": [dict(zip(facts["classes"], row)) for row in shares.tolist()]}
"""
ASKING = """
import asyncio, json, sys, time
import uvloop
port, path, clients, seconds = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
body = sys.stdin.buffer.read()
head = f"POST {path} HTTP/1.1\\r\\nHost: here\\r\\nContent-Type: application/json\\r\\n"
request = f"{head}Content-Length: {len(body)}\\r\\n\\r\\n".encode() + body
async def ask(end, times):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.perf_counter() < end:
        begun = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\\r\\n\\r\\n")
        assert b" 200 " in head.split(b"\\r\\n")[0], head
        length = [l for l in head.lower().split(b"\\r\\n") if l.startswith(b"content-length:")]
        await reader.readexactly(int(length[0].split(b":")[1]))
        times.append(time.perf_counter() - begun)
    writer.close()
async def main():
    begun, times = time.perf_counter(), []
    await asyncio.gather(*(ask(begun + seconds, times) for _ in range(clients)))
    times.sort()
    took = time.perf_counter() - begun
    quantile = lambda share: times[min(len(times) - 1, int(share * len(times)))]
    found = {"per_second": len(times) / took, "p50": quantile(0.5), "p99": quantile(0.99)}
    print(json.dumps(found))
uvloop.run(main())
"""
EXAMPLES = """
import json, sys
from pathlib import Path
import polars as pl
facts = json.loads(Path("models/network/model.json").read_text())
table = pl.concat([pl.read_parquet(file) for file in Path("data/raw").glob("*.parquet")])
rows = table.select(list(facts["columns"])).head(int(sys.argv[1])).to_dicts()
print(json.dumps(rows))
"""


def free_port():
    """Return a port that nobody listens to."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def start(project, way, port):
    """Start a server, and wait until it answers."""
    words = {
        "ours": "serve model=models/network port=PORT",
        "minimal": f"uvicorn --app-dir {BUILD} minimal_service:app --port PORT --no-access-log",
        "mlflow": "mlflow models serve --model-uri build/logged --env-manager local --port PORT",
    }
    command = [UV, "run", "--no-sync", "--quiet", *words[way].replace("PORT", str(port)).split()]
    process = subprocess.Popen(
        command,
        cwd=project,
        env=environment()
        | {"OMP_NUM_THREADS": "1", "MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5)
        except urllib.error.HTTPError:
            return process
        except OSError:
            time.sleep(0.1)
        else:
            return process
    raise TimeoutError(way)


def ask(project, port, way, rows, clients):
    """Return requests a second, and the quantiles of their times."""
    path = "/invocations" if way == "mlflow" else "/predict"
    body = {"dataframe_records": rows} if way == "mlflow" else {"rows": rows}
    command = [UV, "run", "--no-sync", "--quiet", "python", "-c", ASKING]
    command += [str(port), path, str(clients), str(SECONDS)]
    done = subprocess.run(
        command,
        cwd=project,
        env=environment(),
        input=json.dumps(body).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)


def main():
    """Measure, show the ratios, and keep the numbers in build/."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    project = generate("tabular", scope="service")
    run_stages(project, "train")
    assert "failed" not in measure(project, LOGGED, "build/logged")
    (BUILD / "minimal_service.py").write_text(MINIMAL, "utf-8", newline="\n")
    examples = {n: json.loads(measure(project, EXAMPLES, n)["said"]) for n in ROWS}
    found = {}
    ways = ["ours", "minimal", "mlflow"]
    for number in range(rounds):
        for way in ways if number % 2 else reversed(ways):
            port = free_port()
            process = start(project, way, port)
            for rows in ROWS:
                ask(project, port, way, examples[rows], 1)  # warm-up
                for clients in CLIENTS:
                    one = ask(project, port, way, examples[rows], clients)
                    found.setdefault(f"{rows} rows, {clients} clients", {}).setdefault(
                        way, []
                    ).append(one)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    for name, by_way in found.items():
        middle = {
            way: {key: statistics.median(one[key] for one in all_of) for key in all_of[0]}
            for way, all_of in by_way.items()
        }
        told = ", ".join(f"{way} {one['per_second']:,.0f}/s" for way, one in middle.items())
        times = [1e3 * middle["ours"][key] for key in ("p50", "p99")]
        ours = middle["ours"]["per_second"]
        ratios = [
            f"{ours / middle[way]['per_second']:.2f} of {way}" for way in ("minimal", "mlflow")
        ]
        show(f"{name}: {'; '.join(ratios)} ({told}; p50 {times[0]:.1f}, p99 {times[1]:.1f} ms)")
    save("serve", {**machine(), "seconds": SECONDS, "found": found})


if __name__ == "__main__":
    main()
