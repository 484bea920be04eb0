"""Real projects whose example was replaced by strange data, as the README says."""

import re

import pytest

from support import text_files

pytestmark = [pytest.mark.slow, pytest.mark.full]  # two pipelines

BRING = {
    "image": (
        "small_data.write_raw(Path('meine Bilder é'), 60)",
        ["data.source=folder", "data.path='meine Bilder é'"],
    ),
    "tabular": (
        "small_data.write_csv(Path('meine Tabelle é.csv'), small_data.table(400))",
        ["data.source=file", "data.path='meine Tabelle é.csv'", "data.target=class"],
    ),
}
NAMES = r"example_\w+\.|(data|experiment|source)=example\b|sources[/.]example|test_example"
WORDS = r"breast|cancer|diabet|benign|malignant|handwritten|canvas\d|load_digits|digit-"
# Tools and their tests may know the rule by which the example's files are called; tests may take
# any data of scikit-learn.
KNOW_THE_RULE = {
    "tools/project_tools/replacement.py",
    "tools/project_tools/the_example.py",
    "tests/contrast/test_page.py",
    "tests/tools/test_claims_experiments.py",
    "tests/tools/test_documents_data.py",
    "tests/tools/test_replacement.py",
}
# A first hour in a fresh project: it tells of the data that came along, whatever became of them.
FIRST_HOUR = ("docs/tutorial.md", "docs/tutorial_decision.md")
CHECKS = [
    ["pre-commit", "run", "--all-files"],  # ruff, types, files, claims
    ["pytest"],
]


@pytest.fixture(scope="module", params=sorted(BRING))
def project(request, new_project):
    """A project with data of its own in the example's place, and their results."""
    place = new_project(f"example-{request.param}", kit=request.param, scope="service")
    place.commit()
    code, words = BRING[request.param]
    start = "import sys; sys.path.insert(0, 'tests'); import small_data; from pathlib import Path; "
    place.run("uv", "run", "python", "-c", start + code)
    told = place.run("uv", "run", "replace-example", *words)
    assert re.search(r"deleted \d+ files of the example:\n", told)
    place.run("uv", "run", "use", "trainer.max_epochs=3", "baselines.trials=2")
    place.run("uv", "run", "dvc", "repro")
    place.commit()
    return place


def files_of_git(project):
    """The project's text files, by the names that git has for them."""
    listed = project.run("git", "-c", "core.quotepath=off", "ls-files").splitlines()
    texts = {
        path.relative_to(project.folder).as_posix(): t for path, t in text_files(project.folder)
    }
    return {name: texts[name] for name in listed if name in texts}


def test_nothing_of_the_example_is_left(project):
    assert "Nothing of the example is left." in project.run("uv", "run", "replace-example")
    files = {name: text for name, text in files_of_git(project).items() if name != "uv.lock"}
    assert "reports/model_card.md" in files
    assert [name for name in files if re.search(NAMES, name)] == []
    named = [name for name, text in files.items() if re.search(NAMES, text)]
    assert set(named) <= KNOW_THE_RULE
    product = {n: text for n, text in files.items() if not n.startswith(("tests/", *FIRST_HOUR))}
    about = {name: re.findall(WORDS, text, re.IGNORECASE) for name, text in product.items()}
    assert {name: words for name, words in about.items() if words} == {}


def test_the_pipeline_stands_on_the_data_that_were_brought_in(project):
    assert "meine" in (project.folder / "params.yaml").read_text(encoding="utf-8")
    assert "up to date" in project.run("uv", "run", "dvc", "repro")


@pytest.mark.parametrize("check", CHECKS, ids=" ".join)
def test_the_checks_stay_green(project, check):
    project.run("uv", "run", *check)
