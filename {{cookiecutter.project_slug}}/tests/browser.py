"""A real browser without a window, which lays a page out and measures it."""

import html
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

WIDTHS = (400, 1400)  # pixels: a telephone, and a desk
LEAST_CONTRAST = 4.5  # of text (WCAG 2.2, level AA)
SMALLEST_TEXT = 7  # pixels, in a figure on a telephone
NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
NAMES += ["microsoft-edge", "msedge", "brave-browser", "brave"]
APPLICATIONS = ("Google Chrome", "Chromium", "Microsoft Edge", "Brave Browser")  # of macOS
PROGRAMS = (  # of Windows
    "Google/Chrome/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
    "BraveSoftware/Brave-Browser/Application/brave.exe",
)
SCRIPT = (Path(__file__).parent / "browser.js").read_text("utf-8")


def find_browser() -> str:
    """Return the browser to use; skip the test where there is none."""
    places = [Path(f"/Applications/{name}.app/Contents/MacOS/{name}") for name in APPLICATIONS]
    folders = [os.environ.get(f) for f in ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData")]
    places += [Path(folder) / program for folder in folders if folder for program in PROGRAMS]
    on_path = [found for name in NAMES if (found := shutil.which(name))]
    found = [*on_path, *(str(place) for place in places if place.is_file())]
    if not found:
        pytest.skip("no Chromium, Chrome, Edge or Brave on this machine")
    return found[0]


def measure(page: str, folder: Path, *, dark: bool) -> dict[int, dict[str, Any]]:
    """Return what browser.js finds on ``page`` at each of WIDTHS, and what the console says."""
    size = 'height="900" style="border: 0"'
    frames = "".join(
        f'<iframe width="{width}" {size} srcdoc="{html.escape(page)}"></iframe>' for width in WIDTHS
    )
    wrapper = folder / "wrapper.html"
    wrapper.write_text(
        '<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
        f'{frames}<pre id="found"></pre><script>{SCRIPT}</script>',
        "utf-8",
    )
    command = [find_browser(), "--headless", "--disable-gpu", "--hide-scrollbars", "--no-first-run"]
    command += [f"--user-data-dir={folder / 'profile'}", "--enable-logging=stderr"]
    command += [f"--blink-settings=preferredColorScheme={0 if dark else 1}"]
    if sys.platform != "win32" and os.geteuid() == 0:
        command.append("--no-sandbox")  # the sandbox refuses to run as root
    command += ["--dump-dom", wrapper.as_uri()]
    done = subprocess.run(command, capture_output=True, timeout=120, check=True)
    shown, told = (text.decode("utf-8", "replace") for text in (done.stdout, done.stderr))
    match = re.search('<pre id="found">(.*?)</pre>', shown, re.DOTALL)
    assert match, f"{shown[-500:]}\n{told[-2000:]}"
    console = [line for line in told.splitlines() if ":CONSOLE" in line]
    measured = json.loads(html.unescape(match[1]))
    return {
        width: {**found, "console": console} for width, found in zip(WIDTHS, measured, strict=True)
    }


def problems(found: dict[str, Any], *, dark: bool) -> list[str]:
    """Return what is wrong with a page that was measured."""
    told = [f"console: {line}" for line in found["console"]]
    if found["dark"] != dark:
        told.append(f"dark: {found['dark']}")
    if found["scrollWidth"] > found["width"]:
        told.append(f"the page is {found['scrollWidth']} wide, the window {found['width']}")
    told += [f"reaches out of the window: {name}" for name in found["outside"]]
    told += [f"picture without content: {name}" for name in found["broken"]]
    for figure in found["figures"]:
        name = figure["name"]
        if not (figure["width"] > 0 and figure["height"] > 0):
            told.append(f"{name}: has no size")
        if not figure["painted"]:
            told.append(f"{name}: nothing is painted")
        if not figure["alternative"]:
            told.append(f"{name}: has no text alternative")
        if figure["smallestText"] < SMALLEST_TEXT:
            told.append(f"{name}: text of {figure['smallestText']:.1f} pixels")
    for text in found["texts"]:
        if text["contrast"] < LEAST_CONTRAST:
            told.append(f"contrast {text['contrast']:.2f}: {text['text']}")
    return told
