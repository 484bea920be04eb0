"""The real project that `make demo` makes from nothing: its output, and its own quick checks."""

import hashlib
import json
import re
import sys
from importlib.metadata import distributions

import pytest
import yaml

from commits import LET_THROUGH, MESSAGES, STOPPED
from support import CHOICES, PAIRS, Place, bake, refused_names
from windows import LONGEST_NAME, PROJECTS, impossible, too_long

pytestmark = pytest.mark.slow

CHECKS = [
    ["pytest", "-m", "not slow"],  # the others: test_strange_project.py
    ["pre-commit", "run", "--all-files"],  # ruff, pyrefly, deptry and more
]


@pytest.fixture(scope="module")
def metrics(demo_project):
    return json.loads((demo_project.folder / "reports" / "metrics.json").read_text("utf-8"))


def test_make_demo_installs_uv_into_the_checkout(checkout, demo):
    assert (checkout.folder / ".tools" / "bin" / "uv").exists()


def test_make_demo_prints_metrics_comparison_report_and_the_way_to_mlflow(demo):
    interval = r"0\.\d{3}  \[0\.\d{3}, \d\.\d{3}\]"
    assert re.search(rf"network +accuracy +{interval}", demo)
    assert re.search(r"network - \w+ +accuracy +[+-]0\.\d{3}  \[[+-]0\.\d{3}, [+-]0\.\d{3}\]", demo)
    assert "report  build/demo/reports/report.html" in demo
    assert "mlflow ui --backend-store-uri sqlite:///mlflow.db" in demo


def test_a_second_pipeline_run_does_nothing(demo_project):
    lock = (demo_project.folder / "dvc.lock").read_bytes()
    output = demo_project.run("uv", "run", "dvc", "repro")
    assert "up to date" in output
    assert "Running stage" not in output
    assert (demo_project.folder / "dvc.lock").read_bytes() == lock


def test_every_system_can_hold_what_the_pipeline_writes(demo_project):
    folder = demo_project.folder
    written = [path.relative_to(folder).as_posix() for path in folder.rglob("*")]
    own = [path for path in written if not path.startswith((".venv/", ".git/"))]
    assert {"mlflow.db", "models/network/model.json"} <= set(own)
    assert impossible(own) == []
    longest = [path.replace("my_ml_project", LONGEST_NAME) for path in own]
    assert too_long(rf"{PROJECTS}\{LONGEST_NAME}", longest) == []


def test_a_second_demo_finishes_in_seconds_and_keeps_the_project(checkout, demo_project):
    output = checkout.run("make", "demo")
    assert "Generate a project" not in output
    assert "Running stage" not in output  # what is left takes seconds


def test_each_split_that_is_judged_by_has_rows_enough_to_conclude_on(demo_project):
    manifest = json.loads((demo_project.folder / "data/prepared/manifest.json").read_text("utf-8"))
    assert min(manifest["rows"][split] for split in ("val", "test")) >= 300


def test_the_network_is_as_good_as_expected_and_beats_the_best_baseline(metrics):
    accuracy = metrics["models"]["network"]["accuracy"]["value"]
    best = metrics["comparison"]["best_baseline"]
    assert 0.94 <= accuracy < 1  # all of 372 right would rather be a leak
    assert accuracy > metrics["models"][best]["accuracy"]["value"]
    assert metrics["verdict"] == "better"


def test_the_report_is_one_file_that_needs_no_other(demo_project, metrics):
    report = (demo_project.folder / "reports" / "report.html").read_text(encoding="utf-8")
    assert metrics["headline"] in report
    assert "data:image/png;base64," in report
    assert not re.search(r"""(src|href)=["'](https?:)?//""", report)


@pytest.mark.parametrize("check", CHECKS, ids=" ".join)
def test_a_fresh_project_passes_its_own_checks(demo_project, check):
    demo_project.run("uv", "run", *check)


LOGS = """\
import logging


def test_that_logs():
    logging.getLogger("any").info("what it did")
    raise AssertionError
"""


def test_a_failed_test_is_told_with_what_it_logged(demo_project):
    file = demo_project.folder / "tests" / "test_that_logs.py"
    file.write_text(LOGS, "utf-8", newline="\n")
    told = demo_project.attempt("uv", "run", "pytest", "-n", "1", "tests/test_that_logs.py").stdout
    file.unlink()
    assert re.search(r"INFO +any:test_that_logs.py:\d+ what it did", told)


def test_the_small_pipeline_of_the_workflows_is_one_that_composes(demo_project):
    workflow = demo_project.folder / ".github" / "workflows" / "model.yml"
    small = yaml.safe_load(workflow.read_text("utf-8"))["env"]["SMALL"].split()
    assert len(small) > 2
    demo_project.run("uv", "run", "train", "--cfg", "job", *small)


def test_each_hook_stops_what_it_is_for(demo_project):
    let_through = []
    for hook, (name, text) in STOPPED.items():
        file = demo_project.folder / name
        before = file.read_bytes() if file.exists() else None
        file.parent.mkdir(exist_ok=True)
        file.write_text(
            text or before.decode().replace("numpy>=2.1", "numpy>=2.2"), "utf-8", newline="\n"
        )
        demo_project.run("git", "add", "--force", name)
        command = ["uv", "run", "--frozen", "pre-commit", "run", hook.strip(), "--files", name]
        result = demo_project.attempt(*command)  # else uv would mend the lock first
        if result.returncode == 0:
            let_through.append((hook, result.stdout))
        demo_project.run("git", "reset", "--quiet", "HEAD", "--", name)
        file.unlink() if before is None else file.write_bytes(before)
    assert let_through == []


def test_a_hook_lets_through_what_only_looks_alike(demo_project):
    for hook, names in LET_THROUGH.items():
        for name in names:
            file = demo_project.folder / name
            made = not file.exists()
            if made:
                file.parent.mkdir(exist_ok=True)
                file.write_text("KEY=\n", "utf-8")
            demo_project.run("uv", "run", "pre-commit", "run", hook, "--files", name)
            if made:
                file.unlink()


def test_messages_of_commits_say_what_kind_they_are(demo_project):
    message = demo_project.folder / ".git" / "MESSAGE"
    stage = ["--hook-stage", "commit-msg", "--commit-msg-filename", ".git/MESSAGE"]
    taken = {}
    for text in MESSAGES:
        message.write_text(f"{text}\n\nWhy: it does.\n", "utf-8", newline="\n")
        result = demo_project.attempt("uv", "run", "pre-commit", "run", *stage)
        taken[text] = result.returncode == 0
    assert taken == MESSAGES


@pytest.mark.full
def test_types_fit_for_every_pair_of_answers(new_project, tmp_path):
    most = new_project("types", scope="service", preset="learning")
    most.run("uv", "sync", "--quiet", "--all-groups")  # a service has dependencies of its own
    (programs,) = [*most.folder.glob(".venv/bin"), *most.folder.glob(".venv/Scripts")]
    python, checked = str(programs / "python"), set()
    for number, answers in enumerate(PAIRS):
        (tmp_path / str(number)).mkdir()
        project = Place(bake(tmp_path / str(number), **answers), most.environment)
        sources = sorted(project.folder.rglob("*.py"))
        content = hashlib.sha256(b"".join(file.read_bytes() for file in sources)).hexdigest()
        if content not in checked:  # a licence has no types
            project.run(str(programs / "pyrefly"), "check", "--python-interpreter-path", python)
        checked.add(content)
    assert len(checked) >= len(CHOICES["kit"])


def test_no_project_can_take_a_name_that_is_installed(demo_project):
    (site_packages,) = demo_project.folder.glob(".venv/lib/python*/site-packages")
    installed = set()
    for distribution in distributions(path=[str(site_packages)]):
        installed.add(re.sub(r"[-_.]+", "_", distribution.name).lower())
        tops = {file.parts[0] for file in distribution.files or [] if file.suffix == ".py"}
        installed |= {top.removesuffix(".py").lower() for top in tops}
    names = {name for name in installed if re.fullmatch("[a-z][a-z0-9_]*", name)}
    own = {"my_ml_project", "my_ml_project_tools", "project_tools"}
    assert len(names) > 100
    assert names - refused_names() - own - sys.stdlib_module_names == set()
