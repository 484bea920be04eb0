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


def stale(project: Path) -> dict[Path, str]:
    """Return the pages that do not say what the code says, with what they must say."""
    return {file: text for file, text in pages(project).items() if _read(file) != text}


def renew(project: Path) -> list[str]:
    """Write the pages that are stale; their names."""
    written = stale(project)
    for file, text in written.items():
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    return [file.relative_to(project).as_posix() for file in written]


def main() -> int:
    """Write the pages that have changed, or say which have; the exit status."""
    parser = argparse.ArgumentParser(
        prog="reference", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; end with 1 if a page is out of date"
    )
    try:
        if parser.parse_args().check:
            names = [file.relative_to(PROJECT).as_posix() for file in stale(PROJECT)]
            for name in names:
                print(f"{name}: not what the code says now. `uv run reference` writes it.")
            return 1 if names else 0
        for name in renew(PROJECT):
            print(f"reference: wrote {name}")
    except UndescribedError as error:
        print(f"reference: {error}", file=sys.stderr)
        return 1
    return 0


def _read(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.exists() else None


if __name__ == "__main__":
    sys.exit(main())
