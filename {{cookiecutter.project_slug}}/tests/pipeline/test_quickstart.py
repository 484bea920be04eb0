"""The commands of README.md, as they stand there, on a small network."""

import re
import tomllib

import pytest
from project_copy import ProjectCopy
from project_pages import PROJECT, commands

PAGES = [PROJECT / "README.md"]
SCRIPTS: dict[str, str] = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"][
    "scripts"
]
# In the order in which they are run here; NAME and FILES are what a reader puts there.
RUN = [
    "dvc repro",
    "explore",
    "train --help",
    "train model.width=48 optimizer.lr=0.01",
    "train experiment=* run=try",
    "score run=NAME",
    "evaluate run=NAME",
    "use run=try",
    "dvc repro",
    "dvc push",
]
LEFT_OUT = {
    "tune *": "takes minutes: tests/pipeline/test_search.py",
    "ingest *": "needs a file or folder of the reader's: tests/test_ingest.py",
    "replace-example *": "deletes the example: tests/tools/test_replacement.py",
    "gate*": "needs commits and two models: tests/gate",
    "predict FILES model=champion": "needs a model in use: tests/prediction",
    "dvc remote *": "needs another machine: tests/pipeline/test_storage.py",
    "dvc pull": "is for another clone: tests/pipeline/test_storage.py",
    "sync": "needs a server that was away: tests/tracking/test_sync.py",
    "mlflow *": "is a server that does not end",
    "serve*": "is a server that does not end: tests/serving",
    "monitor": "needs requests that were served: tests/monitoring",
    "migrate *": "needs another server: tests/migration",
    "doctor": "is about the machine: tests/tools/test_doctor.py",
    "pytest*": "is what runs here",
    "pre-commit *": "changes the reader's own clone",
    "zensical *": "is not installed by default, and the template's tests build the site",
    "reference": "is about the pages: tests/tools/test_reference.py",
}


def matches(told: str, pattern: str) -> bool:
    """Whether a command is meant by an entry above."""
    return bool(re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), told))


def test_every_command_of_these_pages_is_run_here_or_left_out_for_a_reason() -> None:
    told = {" ".join(one.words) for page in PAGES for one in commands(page)}
    new = [one for one in told if not any(matches(one, entry) for entry in [*RUN, *LEFT_OUT])]
    assert new == []
    assert any(one.startswith("train ") for one in told)
    named = [r for e, r in LEFT_OUT.items() if any(matches(one, e) for one in told)]
    tests = [place for reason in named for place in re.findall(r"tests/\S+", reason)]
    assert [place for place in tests if not (PROJECT / place).exists()] == []


@pytest.mark.slow
@pytest.mark.full
def test_the_commands_run_in_their_order(finished: ProjectCopy) -> None:
    told = sorted({" ".join(one.words) for page in PAGES for one in commands(page)})
    for entry in RUN:
        for command in [one for one in told if matches(one, entry)]:
            name, *words = command.replace("run=NAME", "run=try").split()
            if name in SCRIPTS:
                finished.run(SCRIPTS[name].partition(":")[0], *words)
            else:
                finished.run(name, *words)
    assert (finished.folder / "reports/data.html").is_file()
    assert (finished.folder / "runs/try/reports/metrics.json").is_file()
    assert (finished.conf / "current.yaml").read_text("utf-8").strip() != "[]"
