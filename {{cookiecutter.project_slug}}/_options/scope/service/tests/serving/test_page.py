"""The page in a real browser: what a person sends is answered, and can be read."""

import html
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from browser import find_browser, measure, problems
from requested import KIND, filled, request_of, rows_of_training
from served import Client, listening, loaded, settings

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.serving.page import page
from {{ cookiecutter.package_name }}.serving.service import Service

TRY = """<!doctype html><meta charset="utf-8"><iframe id="frame" src="/" width="900" height="900">
</iframe><pre id="said"></pre><script>
const frame = document.getElementById("frame");
frame.onload = async () => {
  const page = frame.contentDocument;
  FILL
  page.querySelector("button").click();
  const answer = page.getElementById("answer");
  for (let turn = 0; turn < 400 && !answer.children.length; turn++)
    await new Promise((done) => setTimeout(done, 25));
  document.getElementById("said").textContent = answer.innerText;
};
</script>"""


def said(client: Client, folder: Path) -> str:
    """What the page says after it was filled in and sent."""
    command = [find_browser(), "--headless", "--disable-gpu", "--no-first-run", "--dump-dom"]
    command += [f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=20000"]
    if sys.platform != "win32" and os.geteuid() == 0:
        command.append("--no-sandbox")
    url = f"http://127.0.0.1:{client.port}/try"
    done = subprocess.run([*command, url], capture_output=True, timeout=120, check=True)
    found = re.search('<pre id="said">(.*?)</pre>', done.stdout.decode(), re.DOTALL)
    assert found
    return html.unescape(found[1])


@pytest.mark.slow
def test_a_person_gets_what_a_program_gets(model: Path, pipeline: Path, tmp_path: Path) -> None:
    (name,) = load_split(pipeline / "data/prepared", "test").ids[:1]
    (row,) = rows_of_training(pipeline, [name])
    script = TRY.replace("FILL", filled(row))
    with listening(Service.of(settings(), loaded(model)), {"/try": script}) as client:
        expected = client.post(request_of([row]), KIND).json["predictions"][0]
        shown = said(client, tmp_path)
    assert shown.startswith(expected["prediction"])
    for share in expected["probabilities"].values():
        assert f"{100 * share:.1f} %" in shown


@pytest.mark.slow
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_is_cut_off_or_too_pale(dark: bool, client: Client, tmp_path: Path) -> None:
    shown = page(client.service.model(), with_key=True)
    for width, found in measure(shown, tmp_path, dark=dark).items():
        assert problems(found, dark=dark) == [], width


def test_it_asks_for_a_key_where_there_is_one(client: Client) -> None:
    model = client.service.model()
    assert 'id="key"' in page(model, with_key=True)
    assert 'id="key"' not in page(model, with_key=False)
    assert client.get("/").body.decode() == page(model, with_key=False)
