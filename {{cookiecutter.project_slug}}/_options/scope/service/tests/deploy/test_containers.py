"""The Dockerfile without an engine: what it copies is there, and what it runs works there alone."""

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml
from import_graph import PROJECT

from {{ cookiecutter.package_name }}.serving.running import SECONDS_TO_END

DOCKERFILE = (PROJECT / "Dockerfile").read_text("utf-8")
CHECK = Path(sys.executable).with_name("check-jsonschema")
MADE = {"uv.lock": "uv lock", "models/network": "dvc repro"}  # what git does not have


def instructions(name: str, text: str = DOCKERFILE) -> list[str]:
    """What follows each instruction of this name, in order."""
    joined = text.replace("\\\n", " ")
    return re.findall(rf"^{name} (.+)$", joined, re.MULTILINE)


def copied() -> list[tuple[list[str], str]]:
    """The sources and the target of each COPY from the project."""
    words = [shlex.split(line) for line in instructions("COPY") if "--from=" not in line]
    named = [[word for word in line if not word.startswith("--")] for line in words]
    return [(line[:-1], line[-1]) for line in named]


def test_what_is_copied_is_there_and_let_through() -> None:
    lines = (PROJECT / ".dockerignore").read_text("utf-8").splitlines()
    through = [line[1:] for line in lines if line.startswith("!")]
    sources = [source for some, _ in copied() for source in some]
    assert {"pyproject.toml", "src", "models/network"} <= set(sources)
    for source in sources:
        assert source in MADE or (PROJECT / source).exists(), source
        assert any(fnmatch(source, pattern) for pattern in through), source


def test_it_runs_as_nobody_in_particular_and_brings_no_build_tools() -> None:
    final = DOCKERFILE.partition("AS service")[2]
    assert re.search(r"^USER app$", final, re.MULTILINE)
    assert not re.search(r"apt-get|gcc|/uv\b|pip install", final)


def run_lines() -> list[str]:
    """What the build stage runs, without what only an engine knows."""
    build = DOCKERFILE.partition("AS build")[2].partition("\nFROM ")[0]
    return [re.sub(r"--mount=\S+ ", "", line) for line in instructions("RUN", build)]


@pytest.mark.slow
@pytest.mark.full
@pytest.mark.skipif(sys.platform == "win32", reason="the commands are those of a Linux image")
def test_the_commands_work_in_an_empty_folder(pipeline: Path, tmp_path: Path) -> None:
    app = tmp_path / "app"
    app.mkdir()
    for sources, target in copied():
        for source in sources:
            made = pipeline if source.startswith("models") else PROJECT
            place = app / target if target.startswith("./") and target != "./" else app
            here = made / source
            if here.is_dir():
                shutil.copytree(here, place, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(here, place)
    keep = ("PATH", "HOME", "UV_CACHE_DIR", "UV_FIND_LINKS", "UV_DEFAULT_INDEX", "SSL_CERT_FILE")
    bare = {name: os.environ[name] for name in keep if name in os.environ}
    for line in run_lines():
        subprocess.run(line.replace("${SYNC}", ""), shell=True, cwd=app, env=bare, check=True)
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    options = re.findall(r'SERVE_OPTIONS="([^"]*)"', DOCKERFILE)[-1]  # of the target `baked`
    settings = {"PATH": f"{app / '.venv/bin'}:/usr/bin:/bin", "HOME": str(tmp_path)}
    settings["SERVE_OPTIONS"] = options.replace("0.0.0.0", "127.0.0.1") + f" port={port}"
    command = yaml.safe_load(instructions("CMD")[-1])
    check = yaml.safe_load(instructions("HEALTHCHECK")[0].partition("CMD ")[2])
    service = subprocess.Popen([app / ".venv/bin" / command[0]], cwd=app, env=settings)
    try:
        words = [word.replace(":8000", f":{port}") for word in check]
        end = time.monotonic() + 120
        while subprocess.run(
            words, env=settings, check=False, stderr=subprocess.DEVNULL
        ).returncode:
            assert service.poll() is None
            assert time.monotonic() < end
            time.sleep(0.5)
    finally:
        service.terminate()
        assert service.wait(60) == 0


def test_the_compose_file_keeps_its_schema() -> None:
    command = [CHECK, "--builtin-schema", "vendor.compose-spec", PROJECT / "compose.yaml"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_mistake_in_the_compose_file_would_be_found(tmp_path: Path) -> None:
    text = (PROJECT / "compose.yaml").read_text("utf-8").replace("    image:", "    imag:", 1)
    (tmp_path / "compose.yaml").write_text(text, "utf-8")
    command = [CHECK, "--builtin-schema", "vendor.compose-spec", tmp_path / "compose.yaml"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


def test_what_the_compose_file_builds_and_asks_for_is_there() -> None:
    text = (PROJECT / "compose.yaml").read_text("utf-8")
    services = yaml.safe_load(text)["services"]
    for service in services.values():
        build = service.get("build")
        folder = build["context"] if isinstance(build, dict) else build
        assert build is None or (PROJECT / folder / "Dockerfile").is_file()
        assert set(service.get("depends_on", {})) <= set(services)
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
    grace = str(services["service"]["stop_grace_period"])
    assert int(grace.removesuffix("s")) > SECONDS_TO_END
    example = (PROJECT / "deploy/example.env").read_text("utf-8")
    asked = set(re.findall(r"\$\{(\w+)", text))
    assert asked == set(re.findall(r"^(\w+)=", example, re.MULTILINE))
