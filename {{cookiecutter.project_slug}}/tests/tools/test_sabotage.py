"""A toy project is sabotaged for real: its tests run in a copy, as those of a project do."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from project_tools.sabotage import sandbox, trial
from project_tools.sabotage.cuts import Cut, CutError
from project_tools.sabotage.sandbox import Sandbox
from project_tools.sabotage.trial import BROKEN, CAUGHT, SURVIVED, TIMEOUT, Finding
from toy_project import FILES, SUMS, contents, cut_of, write_toy

TOTAL, MEAN = "tests/test_sums.py::test_total", "tests/test_sums.py::test_mean_needs_a_fixture"
MINUS, SWAPPED = cut_of("total", "return a - b", TOTAL), cut_of("total", "return b + a", TOTAL)
# What the cut is, its verdict, and what is said of it.
CASES = {
    "minus": (MINUS, CAUGHT, "by tests/test_sums.py::test_total[0] (AssertionError)"),
    "swapped": (SWAPPED, SURVIVED, "2 tests pass as if nothing were wrong"),
    "half": (cut_of("mean", "return (a + b) // 2", MEAN), SURVIVED, "1 tests pass"),
    "whole file": (
        cut_of("total", "return 0", "tests/test_sums.py"),
        CAUGHT,
        "by tests/test_sums.py::test_total[0]",
    ),
    "in a fixture": (
        cut_of("mean", "return a / 0", MEAN),
        BROKEN,
        "no test failed: those that did not pass could not start",
    ),
    "at import": (
        cut_of("default", "raise KeyError", TOTAL),
        BROKEN,
        "the tests do not run: tests/test_sums.py: KeyError",
    ),
    "no such import": (
        cut_of("total", "import nothing\nreturn 1", TOTAL),
        BROKEN,
        "the body does not run: ModuleNotFoundError",
    ),
    "no function": (cut_of("totl", "return 0", TOTAL), BROKEN, "Did you mean total?"),
    "no module": (Cut("", "sum.py::f", "", "pass", (TOTAL,)), BROKEN, "Did you mean sums.py?"),
    "no Python": (cut_of("total", "return (", TOTAL), BROKEN, "the body is no Python"),
    "no test": (cut_of("total", "return 0", f"{TOTAL}s"), BROKEN, f"no test {TOTAL}s ran. Did you"),
    "no file": (
        cut_of("total", "return 0", "tests/test_sum.py"),
        BROKEN,
        "no tests tests/test_sum.py. Did you mean tests/test_sums.py?",
    ),
    "red": (
        cut_of("total", "return 0", TOTAL, "tests/test_red.py"),
        BROKEN,
        "tests/test_red.py::test_red fails without a cut as well",
    ),
    "torn": (
        cut_of("total", "return 0", "tests"),
        BROKEN,
        "without a cut tests/test_torn.py cannot be imported: ModuleNotFoundError",
    ),
}


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The toy project; copies of it lie in tmp_path/copies."""
    (tmp_path / "copies").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "copies"))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # it takes half of the time
    return write_toy(tmp_path / "a toy")


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Finding]:
    """What comes of all cuts at once, two at a time."""
    project = write_toy(tmp_path_factory.mktemp("toy"))
    before = contents(project)
    cuts = [
        Cut(name, cut.target, cut.why, cut.body, cut.tests) for name, (cut, _, _) in CASES.items()
    ]
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        monkeypatch.setenv("PYTEST_ADDOPTS", "--collect-only")  # the caller's affair
        found = list(trial.try_cuts(project, cuts, jobs=2))
    assert contents(project) == before
    assert len(found) == len(CASES)
    return {finding.cut.name: finding for finding in found}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_a_cut_is_only_caught_when_a_test_fails_that_could_run(
    findings: dict[str, Finding], name: str
) -> None:
    _, verdict, detail = CASES[name]
    found = findings[name]
    assert (found.verdict, found.detail) == (verdict, found.detail)
    assert detail in found.detail


@pytest.mark.slow
def test_a_cut_that_runs_for_ever_is_stopped_and_leaves_nothing(toy: Path) -> None:
    (found,) = trial.try_cuts(toy, [cut_of("total", "while True: pass", TOTAL)], patience=0)
    assert (found.verdict, found.detail[:13]) == (TIMEOUT, "stopped after")
    assert list((toy.parent / "copies").iterdir()) == []


@pytest.mark.slow
def test_giving_up_midway_leaves_nothing(toy: Path) -> None:
    trials = trial.try_cuts(toy, [MINUS, cut_of("total", "return b + a", TOTAL, name="another")])
    assert next(trials).verdict == CAUGHT
    trials.close()
    assert list((toy.parent / "copies").iterdir()) == []


@pytest.mark.slow
def test_another_package_than_the_copy_is_noticed(toy: Path) -> None:
    elsewhere = write_toy(toy.parent / "installed") / "src"
    text = f"import sys\nsys.path.insert(0, {str(elsewhere)!r})\nimport toy\n"
    (toy / "tests" / "conftest.py").write_text(text, "utf-8")
    with pytest.raises(CutError, match=r"is imported and not .*nothing can be concluded"):
        list(trial.try_cuts(toy, [MINUS]))


def test_bytecode_of_the_same_second_and_size_does_not_hide_a_cut(toy: Path) -> None:
    copy = Sandbox(toy, toy.parent / "copy")
    module = copy.package / "sums.py"
    for number in (b"3", b"4"):
        copy.write("sums.py", SUMS.encode().replace(b"3", number))
        os.utime(module, (1_000_000_000, 1_000_000_000))
        asked = [sys.executable, "-c", "from toy.sums import LIMIT; print(LIMIT)"]
        kept = {key: text for key, text in os.environ.items() if not key.startswith("PYTHON")}
        environment = kept | {"PYTHONPATH": str(copy.package.parent)}
        assert subprocess.check_output(asked, env=environment).strip() == number
        assert list((module.parent / "__pycache__").glob("sums.*.pyc"))


def test_data_caches_and_hidden_folders_are_not_copied(
    toy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "LARGEST_FILE", 1000)
    before = set(contents(toy))
    left = ["data/raw/a.png", ".venv/b.py", ".git/c", "src/toy/__pycache__/d.pyc", ".dvc/cache/e"]
    for name in [*left, ".dvc/config", "dvc.yaml", "mlflow.db"]:
        (toy / name).parent.mkdir(parents=True, exist_ok=True)
        (toy / name).write_text("x" * (2000 if name == "mlflow.db" else 1), "utf-8")
    copied = set(contents(Sandbox(toy, toy.parent / "copy").project))
    assert copied == {*before, *FILES, ".dvc/config", "dvc.yaml"}


def test_a_project_with_no_package_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CutError, match="expected one package, found 0"):
        list(trial.try_cuts(tmp_path, [MINUS]))
