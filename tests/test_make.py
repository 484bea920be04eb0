"""What the Makefile hands on to the programs that it starts."""

import os
import subprocess

import pytest

from support import TEMPLATE


@pytest.fixture
def environment_of(tmp_path):
    """The environment of a recipe, where the caller's own has these variables and no others."""
    (tmp_path / "probe.mk").write_text(".PHONY: probe\nprobe:\n\t@env\n", "utf-8", newline="\n")

    def environment_of(**variables):
        known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        result = subprocess.run(
            ["make", "--file", "Makefile", "--file", str(tmp_path / "probe.mk"), "probe"],
            cwd=TEMPLATE,
            env=known | variables,
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        return dict(line.split("=", 1) for line in result.stdout.splitlines() if "=" in line)

    return environment_of


def test_the_settings_of_pip_reach_uv(environment_of):
    found = environment_of(
        PIP_FIND_LINKS="wheels more-wheels",
        PIP_INDEX_URL="https://mirror.example/simple",
        PIP_EXTRA_INDEX_URL="https://extra.example/simple",
        PIP_CERT="bundle.pem",
    )
    assert found["UV_FIND_LINKS"] == "wheels,more-wheels"
    assert found["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert found["UV_INDEX"] == "https://extra.example/simple"
    assert found["SSL_CERT_FILE"] == "bundle.pem"


def test_the_settings_of_uv_go_before_those_of_pip(environment_of):
    found = environment_of(PIP_FIND_LINKS="wheels", UV_FIND_LINKS="own")
    assert found["UV_FIND_LINKS"] == "own"
    assert "UV_DEFAULT_INDEX" not in found


def test_every_process_may_write_bytecode(environment_of):
    assert "PYTHONDONTWRITEBYTECODE" not in environment_of(PYTHONDONTWRITEBYTECODE="1")
