"""Generate a project with the default answers, run its pipeline, and print what came out."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

TEMPLATE = Path(__file__).resolve().parent.parent
BUILD = TEMPLATE / "build"
PROJECT = BUILD / "demo"
FINGERPRINT = BUILD / "demo.sha256"
KEPT = (".venv", ".dvc/cache")  # what makes a second start fast
UV = os.environ.get("UV", "uv")  # uv run names itself there
# In a fresh environment the first import of a module compiles it. For what training imports that
# takes a quarter of the first run, and the stages before it leave a core idle.
HEAVY = """
import lightning.pytorch, torch.export, mlflow.pyfunc, mlflow.store.tracking.sqlalchemy_store
import sklearn.ensemble, sklearn.neighbors, sklearn.svm, matplotlib.figure
"""


def environment():
    return {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"}


def run(what, *command, folder, quiet=False):
    """Run one step, with its output shown unless quiet; stop with one line when it fails."""
    print(f"\n== {what}", flush=True)
    started = time.monotonic()
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT} if quiet else {}
    result = subprocess.run(command, cwd=folder, env=environment(), check=False, **output)
    if result.returncode != 0:
        print((result.stdout or b"").decode(errors="replace"), flush=True)
        shown = " ".join(["uv", *command[1:]])
        sys.exit(
            f"\nmake demo stopped: '{shown}' ended with code {result.returncode}; "
            "the output above says why."
        )
    print(f"   done in {time.monotonic() - started:.1f} s", flush=True)


@contextmanager
def importing_ahead():
    """Compile what is heavy in the background; what is needed before its turn compiles itself."""
    command = [UV, "run", "--no-sync", "python", "-c", HEAVY]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=PROJECT, env=environment(), **quiet)
    try:
        yield
    finally:
        process.terminate()


def template_fingerprint():
    parts = [
        TEMPLATE / name for name in ("cookiecutter.json", "hooks", "{{cookiecutter.project_slug}}")
    ]
    files = [path for part in parts for path in (part, *part.rglob("*")) if path.is_file()]
    digest = hashlib.sha256()
    for path in sorted(path for path in files if path.suffix != ".pyc"):
        digest.update(f"{path.relative_to(TEMPLATE)}\n".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def generate(fingerprint):
    fresh = BUILD / "demo.new"
    shutil.rmtree(fresh, ignore_errors=True)
    run(
        "Generate a project with the default answers into build/demo",
        *(UV, "run", "--quiet", "cookiecutter", ".", "--no-input", "--default-config"),
        *("--output-dir", str(fresh)),
        folder=TEMPLATE,
        quiet=True,
    )
    (generated,) = fresh.iterdir()
    for kept in KEPT:
        if (PROJECT / kept).exists():
            (generated / kept).parent.mkdir(exist_ok=True)
            (PROJECT / kept).rename(generated / kept)
    shutil.rmtree(PROJECT, ignore_errors=True)
    generated.rename(PROJECT)
    fresh.rmdir()
    FINGERPRINT.write_text(fingerprint, "utf-8", newline="\n")


def shown_interval(estimate, sign=""):
    value, low, high = (format(estimate[key], f"{sign}.3f") for key in ("value", "low", "high"))
    return f"{value}  [{low}, {high}]"


def print_results(seconds):
    metrics = json.loads((PROJECT / "reports" / "metrics.json").read_text(encoding="utf-8"))
    comparison = metrics["comparison"]
    baseline = comparison["best_baseline"]
    uv = "uv" if ".tools" not in Path(UV).parts else "../../.tools/bin/uv"
    print(f"\n== Results on the test set ({metrics['test_set']['rows']} rows, 95 % intervals)")
    for name in ("network", baseline):
        for metric, estimate in metrics["models"][name].items():
            print(f"   {name:<20} {metric:<10} {shown_interval(estimate)}")
    difference = comparison["differences"][baseline]
    print(f"   network - {baseline:<10} accuracy   {shown_interval(difference, '+')}")
    print(f"\n   {metrics['headline']}")
    print("\n   report  build/demo/reports/report.html")
    print(f"   MLflow  cd build/demo && {uv} run mlflow ui --backend-store-uri sqlite:///mlflow.db")
    print(f"   checks  make test\n\nReady after {seconds:.0f} s.")


def main():
    started = time.monotonic()
    fingerprint = template_fingerprint()
    known = FINGERPRINT.read_text("utf-8") if FINGERPRINT.exists() else None
    if known != fingerprint or not PROJECT.exists():
        generate(fingerprint)
    run("Set up its environment", UV, "sync", folder=PROJECT)
    with importing_ahead():
        run("Run its pipeline: dvc repro", UV, "run", "--no-sync", "dvc", "repro", folder=PROJECT)
    print_results(time.monotonic() - started)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\nmake demo interrupted; run it again to go on.")
