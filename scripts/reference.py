"""Write the pages of reference that generated projects begin with: `python scripts/reference.py`.

A project writes them itself, from its own code, with `uv run reference`. This does the same for
each kit and scope, and puts the pages where they are laid over a project.
"""

import os
import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path

TEMPLATE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TEMPLATE / "tests"))

from support import CHOICES, PROJECT, bake  # noqa: E402

PAGES = ("docs/configuration.md", "docs/commands.md")


def overlay(kit, scope):
    """The folder that is laid over a project of this kit and scope."""
    own = PROJECT if scope == "pipeline" else PROJECT / "_options" / "scope" / scope
    return own / "_options" / "kit" / kit


def ask(project, *words):
    """Run a project's own `reference`, without an environment of the project."""
    return subprocess.run(
        [sys.executable, "-m", "project_tools.reference.command", *words],
        env={**os.environ, "PYTHONPATH": str(project / "tools"), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def main():
    for kit, scope in product(CHOICES["kit"], CHOICES["scope"]):
        with tempfile.TemporaryDirectory() as folder:
            project = bake(Path(folder), kit=kit, scope=scope)
            done = ask(project)
            if done.returncode:
                sys.exit(done.stderr)
            for page in PAGES:
                target = overlay(kit, scope) / page
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes((project / page).read_bytes())


if __name__ == "__main__":
    main()
