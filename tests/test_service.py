"""A real project of each kit with a service: what it has besides, and what that may break."""

import pytest

from support import CHOICES

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=CHOICES["kit"])
def project(request, new_project):
    return new_project(f"service-{request.param}", kit=request.param, scope="service")


def test_a_service_passes_its_own_tests(project):
    folders = ["tests/serving", "tests/test_layers.py", "tests/test_imports.py"]
    project.run("uv", "run", "pytest", *folders)
    project.run("uv", "run", "pyrefly", "check")
