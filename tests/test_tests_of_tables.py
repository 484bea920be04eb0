"""A real project of tables: its own tests of what its kit touches.

Beside test_project_of_tables.py, so that two workers can share the work.
"""

import pytest

from support import PROJECT

pytestmark = pytest.mark.slow

OVERLAY = PROJECT / "_options" / "kit" / "tabular"
OF_THE_KIT = sorted(file.relative_to(OVERLAY) for file in OVERLAY.glob("tests/**/test_*.py"))
# Of the base project, what is another thing on tables; test_project.py runs the rest.
ALSO_ON_TABLES = ["audit", "baselines", "configs", "data", "layers", "score", "train"]
SLOW = ["classical/test_models", "test_bad_tables", "test_foreign_tables", "test_predictor"]


@pytest.fixture(scope="module")
def project(new_project):
    return new_project("tests-of-tables", kit="tabular")


def test_a_project_of_tables_passes_its_own_quick_tests(project):
    also = [f"tests/test_{name}.py" for name in ALSO_ON_TABLES]
    project.run("uv", "run", "pytest", "-m", "not slow", *map(str, OF_THE_KIT), *also)


def test_a_project_of_tables_passes_the_slow_tests_of_its_tables(project):
    files = [f"tests/{name}.py" for name in SLOW]
    project.run("uv", "run", "pytest", "-m", "slow and not full", *files)


@pytest.mark.full
def test_a_project_of_tables_passes_all_of_its_tests(project):
    project.run("uv", "run", "--group", "remotes", "pytest")
