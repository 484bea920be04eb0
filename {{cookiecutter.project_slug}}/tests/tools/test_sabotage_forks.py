"""Trials that are forked from one process: as fresh ones are, and none knows of another."""

import os
import signal
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from project_tools.sabotage import trial
from project_tools.sabotage.cuts import Cut, CutError
from project_tools.sabotage.processes import CAN_FORK, Forks, Order, foreign_imports
from project_tools.sabotage.trial import BROKEN, CAUGHT, SURVIVED, TIMEOUT
from toy_project import cut_of, write_toy

TOTAL = "tests/test_sums.py::test_total"
forked = pytest.mark.skipif(not CAN_FORK, reason="trials are fresh processes here")
both = pytest.mark.parametrize("fork", [False, pytest.param(True, marks=forked)])
TOOL = "def doubled(a):\n    return 2 * a\n"
OF_THE_TOOL = """\
from project_tools import doubling

def test_doubled():
    assert doubling.doubled(2) == 4
"""
WHAT_IS_THERE = """\
import signal, sys
from pathlib import Path

def test_what_is_there():
    before = [n for n in sys.modules if n.startswith(("toy.", "project_tools."))]
    usual = signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    with Path(PLACE).open("a") as stream:
        stream.write(f"{before} {'zoneinfo' in sys.modules} {usual}\\n")
    from toy import sums
    assert sums.total(1, 2) == 3
"""


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The toy project with a tool; copies of it lie in tmp_path/copies."""
    (tmp_path / "copies").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "copies"))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # it takes half of the time
    folder = write_toy(tmp_path / "a toy")
    tools = folder / "tools" / "project_tools"
    tools.mkdir(parents=True)
    (tools / "__init__.py").touch()
    (tools / "doubling.py").write_text(TOOL, "utf-8")
    (folder / "tests" / "test_doubling.py").write_text(OF_THE_TOOL, "utf-8")
    return folder


@pytest.mark.slow
@both
def test_a_tool_is_cut_like_the_package_and_its_copy_is_what_tests_see(
    toy: Path, fork: bool
) -> None:
    target, test = "tools/project_tools/doubling.py::doubled", "tests/test_doubling.py"
    wrong = Cut("thrice", target, "A slip.", "return 3 * a", (test,))
    equal = Cut("sum", target, "A slip.", "return a + a", (test,))
    found = {one.cut.name: one for one in trial.try_cuts(toy, [wrong, equal], fork=fork)}
    assert found["thrice"].verdict == CAUGHT, found["thrice"].detail
    assert found["sum"].verdict == SURVIVED
    assert (toy / "tools" / "project_tools" / "doubling.py").read_text("utf-8") == TOOL


def test_a_tool_that_is_not_there_is_told_with_the_nearest(toy: Path) -> None:
    cut = Cut("", "tools/project_tools/dubling.py::f", "", "pass", ("tests/test_doubling.py",))
    (found,) = trial.try_cuts(toy, [cut])
    assert found.verdict == BROKEN
    assert "Did you mean tools/project_tools/doubling.py?" in found.detail


@pytest.mark.slow
@forked
def test_a_fork_has_what_others_wrote_and_nothing_of_the_project_or_of_another_trial(
    toy: Path,
) -> None:
    seen = toy.parent / "seen.txt"
    seen.touch()
    test = "tests/test_there.py"
    (toy / test).write_text(WHAT_IS_THERE.replace("PLACE", repr(str(seen))), "utf-8")
    (toy / "tests" / "helper.py").write_text("import zoneinfo, nothing_of_that_name\n", "utf-8")
    cuts = [cut_of("total", f"return a - {n} * b", test, name=f"cut {n}") for n in range(3)]
    found = list(trial.try_cuts(toy, cuts, jobs=2, fork=True))
    assert [one.verdict for one in found] == [CAUGHT] * 3
    assert seen.read_text("utf-8").splitlines() == ["[] True True"] * 4  # once without a cut


@pytest.mark.slow
@forked
def test_what_a_fork_was_told_and_left_running_ends_with_it(toy: Path) -> None:
    place = toy.parent / "number"
    text = (
        "import pathlib, subprocess, sys\nfrom toy import sums\n"
        "def test_total():\n"
        "    left = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"    pathlib.Path({str(place)!r}).write_text(str(left.pid))\n"
        "    left.returncode = 0\n"
        "    assert sums.total(1, 2) == 3\n"
    )
    (toy / "tests" / "test_sums.py").write_text(text, "utf-8")
    (found,) = trial.try_cuts(toy, [cut_of("total", "return 0", TOTAL)], fork=True)
    assert found.verdict == CAUGHT
    with suppress(psutil.NoSuchProcess):  # one that has ended stays until somebody asks for it
        left = psutil.Process(int(place.read_text("utf-8")))
        assert left.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)


@pytest.mark.slow
@forked
def test_a_fork_that_runs_for_ever_is_stopped(toy: Path) -> None:
    cut = cut_of("total", "while True: pass", TOTAL)
    (found,) = trial.try_cuts(toy, [cut], patience=0, fork=True)
    assert (found.verdict, found.detail[:13]) == (TIMEOUT, "stopped after")
    assert list((toy.parent / "copies").iterdir()) == []


@pytest.mark.slow
@forked
def test_a_run_whose_number_an_interruption_has_lost_ends_too(
    toy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = toy.parent / "number"
    text = f"import os, time\nopen({str(place)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)\n"
    (toy / "tests" / "test_sums.py").write_text(text, "utf-8")
    forks = Forks(toy, [TOTAL], toy.parent / "warm.txt")

    def interrupted(request: dict[str, object]) -> int:
        forks._send(request)
        while not place.is_file() or not place.read_text("utf-8"):
            time.sleep(0.02)
        raise KeyboardInterrupt

    monkeypatch.setattr(forks, "ask", interrupted)
    environment = {**os.environ, "PYTHONPATH": str(toy / "src")}
    with pytest.raises(KeyboardInterrupt):
        forks(Order([TOTAL], toy, environment, toy.parent / "output.txt"))
    forks.close()
    assert not psutil.pid_exists(int(place.read_text("utf-8")))


@forked
def test_a_process_to_fork_from_that_ends_is_one_clear_error(toy: Path) -> None:
    forks = Forks(toy, [TOTAL], toy.parent / "warm.txt")
    os.kill(forks.warm.pid, signal.SIGKILL)
    with pytest.raises(CutError, match="the process that forks has ended; --fresh does without"):
        forks.ask({"pid": 1, "wait": False})
    forks.close()


def test_what_is_imported_beforehand_is_never_the_projects_own(toy: Path) -> None:
    (toy / "src" / "toy" / "more.py").write_text(
        "import os.path\nfrom . import sums\nfrom toy import sums\nimport project_tools.doubling\n"
        "def f():\n    from json import decoder, loads\n    import helper\n",
        "utf-8",
    )
    (toy / "tests" / "helper.py").touch()
    (toy / "tests" / "test_other.py").write_text("import xml.dom\n", "utf-8")
    assert foreign_imports(toy, [TOTAL]) == [["json", "decoder", "loads"], ["os.path"], ["pytest"]]
    assert ["xml.dom"] in foreign_imports(toy, [TOTAL, "tests/test_other.py::test_it"])


@pytest.mark.skipif(sys.platform == "linux", reason="there it is forked")
def test_elsewhere_than_on_linux_nothing_is_forked() -> None:
    assert not CAN_FORK
