"""A generated project to measure in, and children whose time and memory are told."""

import json
import os
import platform
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

TEMPLATE = Path(__file__).resolve().parent.parent
BUILD = TEMPLATE / "build"
UV = os.environ.get("UV", "uv")  # uv run names itself there
PACKAGE = "my_ml_project"
# What every child ends with: its own peak memory, which nobody else can tell.
PEAK = """
import resource, sys
unit = 1 if sys.platform == "darwin" else 1024
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
print("PEAK", peak)
"""
STAGES = ["compose", "ingest", "prepare", "audit", "train"]
STAGE = f"""
import sys
from importlib import import_module
stage = import_module("{PACKAGE}." + sys.argv[1])
sys.argv[1:] = ["--stage"]
stage.main()
"""


def generate(kit, **answers):
    """Make the project of a kit anew, but for its environment; return its folder."""
    name = "-".join(["benchmark", kit, *answers.values()])
    project, fresh = BUILD / name, BUILD / f"{name}.new"
    shutil.rmtree(fresh, ignore_errors=True)
    command = [UV, "run", "--quiet", "cookiecutter", ".", "--no-input", "--default-config"]
    command += ["--output-dir", str(fresh), f"kit={kit}"]
    command += [f"{question}={answer}" for question, answer in answers.items()]
    subprocess.run(command, cwd=TEMPLATE, check=True, stdout=subprocess.DEVNULL)
    (made,) = fresh.iterdir()
    if (project / ".venv").exists():
        (project / ".venv").rename(made / ".venv")
    shutil.rmtree(project, ignore_errors=True)
    made.rename(project)
    fresh.rmdir()
    subprocess.run([UV, "sync", "--quiet"], cwd=project, env=environment(), check=True)
    return project


def environment():
    """The caller's, without what would point into another environment."""
    foreign = ("VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if name not in foreign}


def run_stages(project, last):
    """Run the stages of the pipeline up to `last`, without DVC."""
    for stage in STAGES[: STAGES.index(last) + 1]:
        found = measure(project, STAGE, stage)
        assert "failed" not in found, found["failed"]


def measure(project, code, *arguments):
    """Run Python code in the project's environment: seconds, peak memory, and what it said."""
    command = [UV, "run", "--no-sync", "--quiet", "python", "-c", code + PEAK, *map(str, arguments)]
    started = time.perf_counter()
    done = subprocess.run(
        command, cwd=project, env=environment(), capture_output=True, encoding="utf-8", check=False
    )
    seconds = time.perf_counter() - started
    if done.returncode:
        return {"seconds": seconds, "failed": done.stderr.strip().splitlines()[-1]}
    said, _, peak = done.stdout.rpartition("PEAK ")
    return {"seconds": seconds, "mib": int(peak) / 2**20, "said": said.strip()}


def machine():
    """When and where something is measured."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }


def show(line):
    """Print at once: some of this takes minutes."""
    print(line, flush=True)
    sys.stdout.flush()


def save(name, results):
    """Keep the numbers of this run beside the project."""
    file = BUILD / f"{name}.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8", newline="\n")
    show(f"numbers: {file.relative_to(TEMPLATE)}")
