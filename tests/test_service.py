"""A real project of each kit with a service: what it has besides, and what that may break."""

import pytest

from support import CHOICES

pytestmark = pytest.mark.slow

# What is one file for both kits is tried with one of them.
ON_TABLES = ["encoder", "page", "requests", "routes"]
TESTS = {
    "image": ["tests/serving", "tests/test_layers.py", "tests/test_imports.py"],
    "tabular": [f"tests/serving/test_{name}.py" for name in ON_TABLES],
}
TESTS["tabular"] += ["tests/monitoring", "tests/migration", "tests/deploy"]
SLOW = {
    "image": [f"tests/serving/test_{name}.py" for name in ("bodies", "candidate", "deployed")],
    "tabular": ["tests/serving/test_encoder.py", "tests/migration/test_migrate.py"],
}


@pytest.fixture(scope="module", params=CHOICES["kit"])
def project(request, new_project):
    kit = request.param
    return kit, new_project(f"service-{kit}", kit=kit, scope="service")


def test_a_service_passes_its_own_tests(project):
    kit, place = project
    place.run("uv", "run", "pytest", "-m", "not slow", *TESTS[kit])
    place.run("uv", "run", "pytest", "-m", "slow", *SLOW[kit])
    place.run("uv", "run", "pyrefly", "check")


@pytest.mark.full
def test_a_service_passes_all_of_its_tests(project):
    _, place = project
    place.run("uv", "run", "pytest")
    place.run("uv", "run", "pytest", "-m", "full", "tests/serving", "tests/deploy")
