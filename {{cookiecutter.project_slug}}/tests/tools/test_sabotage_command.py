import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from project_tools.sabotage import command
from toy_project import cut_of, write_toy

TOTAL = "tests/test_sums.py::test_total"
CUTS = [
    cut_of("total", "return a - b", TOTAL, name="minus"),
    cut_of("total", "return b + a", TOTAL, name="swapped"),
    cut_of("totl", "return 0", TOTAL, name="misspelt"),
]
TELLS_ITS_NUMBER = """\
import os, pathlib, time

def test_slow():
    pathlib.Path({place!r}).write_text(str(os.getpid()))
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def _plain_pytest(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # it takes half of the time
    previous = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, previous)


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = write_toy(tmp_path / "toy", CUTS)
    monkeypatch.setattr(command, "PROJECT", folder)
    return folder


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["sabotage", *words])
    return command.main()


@pytest.mark.slow
@pytest.mark.usefixtures("toy")
def test_it_fails_unless_every_cut_is_caught(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch) == 1
    said = capsys.readouterr().out
    assert "\n3 cuts: 1 BROKEN, 1 SURVIVED, 1 caught (" in said
    assert "BROKEN   misspelt no function totl. Did you mean total?\n" in said
    assert "caught   minus    by tests/test_sums.py::test_total[0] (AssertionError) [" in said
    assert "SURVIVED swapped  2 tests pass as if nothing were wrong: sums.py::total. A" in said
    assert run(monkeypatch, "minus", "--jobs", "4") == 0


@pytest.mark.usefixtures("toy")
def test_the_list_says_what_each_cut_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--list", "swapped") == 0
    assert capsys.readouterr().out == "swapped\n    sums.py::total\n    A slip.\n"


@pytest.mark.usefixtures("toy")
def test_a_mistyped_name_or_number_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "swaped") == 2
    assert capsys.readouterr().err == "sabotage: swaped: no such cut. Did you mean swapped?\n"
    with pytest.raises(SystemExit, match="2"):
        run(monkeypatch, "--jobs", "0")
    assert "0: expected a whole number above 0" in capsys.readouterr().err


@pytest.mark.slow
def test_tests_that_do_not_run_at_all_are_shown(
    toy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (toy / "tests" / "conftest.py").write_text("import nothing_of_that_name\n", "utf-8")
    assert run(monkeypatch, "minus") == 2
    said = capsys.readouterr().err
    assert "sabotage: the tests do not run, even without a cut:" in said
    assert "No module named 'nothing_of_that_name'" in said


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_stops_the_tests_and_leaves_nothing(toy: Path, number: int) -> None:
    place, copies = toy / "number", toy.parent / "copies"
    copies.mkdir()
    slow = TELLS_ITS_NUMBER.format(place=str(place)) + "\ndef test_total():\n    pass\n"
    (toy / "tests" / "test_sums.py").write_text(slow, "utf-8")
    cuts = toy / "tests" / "cuts" / "sums.toml"
    cuts.write_text(cuts.read_text("utf-8").replace("::test_total", ""), "utf-8")
    code = (
        "import pathlib, signal, sys\n"
        "from project_tools.sabotage import command\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have it ignored\n"
        f"command.PROJECT = pathlib.Path({str(toy)!r})\n"
        "sys.exit(command.main())"
    )
    environment = os.environ | {"TMPDIR": str(copies)}
    with subprocess.Popen([sys.executable, "-c", code], env=environment) as running:
        while not place.is_file() or not place.read_text("utf-8"):
            assert running.poll() is None
            time.sleep(0.05)
        running.send_signal(number)
        assert running.wait(timeout=30) == 128 + number
    with pytest.raises(ProcessLookupError):
        os.kill(int(place.read_text("utf-8")), 0)
    assert list(copies.iterdir()) == []
