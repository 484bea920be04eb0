"""Writes docs/configuration.md and docs/commands.md from the code: `uv run reference`.

The first comes from the types in config/ and the values in conf/, with what stands beside them; the
second from pyproject.toml, dvc.yaml and the help of each command. Nothing is imported or run.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from pathlib import Path

from project_tools.reference import commands, configuration
from project_tools.reference.fields import UndescribedError

PROJECT = Path(__file__).resolve().parents[3]


def pages(project: Path) -> dict[Path, str]:
    """Return what each page must say.

    Raises:
        UndescribedError: when a key has no words that say what it is, or a command no help.
    """
    described = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    scripts = described["project"]["scripts"]
    package = project / "src" / scripts["compose"].partition(".")[0]
    return {
        project / "docs/configuration.md": configuration.page(package),
        project / "docs/commands.md": commands.page(project, scripts),
    }


def main() -> int:
    """Write the pages that have changed, or say which have; the exit status."""
    parser = argparse.ArgumentParser(
        prog="reference", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; end with 1 if a page is out of date"
    )
    check = parser.parse_args().check
    try:
        wanted = pages(PROJECT)
    except UndescribedError as error:
        print(f"reference: {error}", file=sys.stderr)
        return 1
    stale = [file for file, text in wanted.items() if _read(file) != text]
    for file in stale:
        name = file.relative_to(PROJECT).as_posix()
        if check:
            print(f"{name}: not what the code says now. `uv run reference` writes it.")
        else:
            file.parent.mkdir(exist_ok=True)
            file.write_text(wanted[file], encoding="utf-8", newline="\n")
            print(f"reference: wrote {name}")
    return 1 if check and stale else 0


def _read(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.exists() else None


if __name__ == "__main__":
    sys.exit(main())
