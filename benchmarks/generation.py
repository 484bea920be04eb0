"""Generating a project without a lock, with one and without a network, and a trivial template.

In turns; each in a process of its own, as a user would start it. With a lock, uv's cache has what
it needs after the first turn, which warms up.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from project import TEMPLATE, UV, environment, machine, save, show

TRIVIAL, PLAIN, LOCKED, ALONE = "a trivial template", "no uv", "a lock", "no network"
ASKED = {PLAIN: 2, LOCKED: 8, ALONE: 2}  # seconds
NOBODY = "http://127.0.0.1:9/simple"
WHO = {
    f"GIT_{who}_{what}": "a@b.example"
    for who in ("AUTHOR", "COMMITTER")
    for what in ("NAME", "EMAIL")
}


def trivial_template(folder):
    """Make a template of one file."""
    project = folder / "{{cookiecutter.project_slug}}"
    project.mkdir(parents=True)
    (folder / "cookiecutter.json").write_text('{"project_slug": "trivial"}', "utf-8")
    (project / "README.md").write_text("# {{ cookiecutter.project_slug }}\n", "utf-8")
    return folder


def settings_of(way, empty):
    """Return the environment of a way: what the hook finds decides what it does."""
    places = os.environ["PATH"].split(os.pathsep)
    without_uv = [place for place in places if shutil.which("uv", path=place) is None]
    with_uv = [str(Path(shutil.which(UV) or UV).parent), *without_uv]
    found = {name: value for name, value in environment().items() if name != "UV"} | WHO
    found["PATH"] = os.pathsep.join(with_uv if way in (LOCKED, ALONE) else without_uv)
    if way == ALONE:
        others = dict.fromkeys(("UV_FIND_LINKS", "UV_INDEX", "UV_EXTRA_INDEX_URL"), "")
        found |= others | {"UV_DEFAULT_INDEX": NOBODY, "UV_CACHE_DIR": str(empty)}
    return found


def seconds(way, template, folder):
    """Generate once; return the seconds, and what was skipped."""
    output = Path(tempfile.mkdtemp(dir=folder))
    command = [sys.executable, "-m", "cookiecutter", str(template), "--no-input"]
    command += ["--default-config", "--output-dir", str(output)]
    given = settings_of(way, output / "cache")
    began = time.perf_counter()
    said = subprocess.check_output(command, cwd=folder, env=given, encoding="utf-8")
    took = time.perf_counter() - began
    shutil.rmtree(output)
    return took, [line for line in said.splitlines() if line.startswith("skipped")]


def main():
    """Print the middle of the seconds of each way, and of its ratio to the trivial template."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        trivial = trivial_template(folder / "trivial")
        ways = {TRIVIAL: trivial, PLAIN: TEMPLATE, LOCKED: TEMPLATE, ALONE: TEMPLATE}
        found = {way: [] for way in ways}
        for turn in range(options.turns + 1):
            for way in list(ways) if turn % 2 else reversed(ways):
                took, skipped = seconds(way, ways[way], folder)
                assert (way == LOCKED) <= (not skipped), skipped
                found[way] += [took] * (turn > 0)
    for way, times in found.items():
        pairs = [one / plain for one, plain in zip(times, found[TRIVIAL], strict=True)]
        spread = f"{median(times):.2f} s ({min(times):.2f} to {max(times):.2f})"
        asked = f", asked for: {ASKED[way]} s" if way in ASKED else ""
        show(f"{way}: {spread}, {median(pairs):.1f} times the trivial one{asked}")
    save("benchmark-generation", {"machine": machine(), "seconds": found})


if __name__ == "__main__":
    main()
