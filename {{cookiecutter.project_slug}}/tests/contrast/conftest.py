from collections.abc import Callable

import pytest
from toy_runs import HOW, classifiers, regressors

from {{ cookiecutter.package_name }}.contrast.plan import Contrast
from {{ cookiecutter.package_name }}.contrast.result import (
    Found,
    Side,
    result_of_contrast,
)
from {{ cookiecutter.package_name }}.experiments.result import Result

Settings = dict[str, tuple[float, float]]  # by its name: what a and b are right on, or their error


@pytest.fixture
def plan() -> Contrast:
    return Contrast(
        hypothesis="The network needs 12 pixels.",
        network=[[], ["optimizer.lr=0.01"]],
        settings={"small": ["data.path=small"], "large": ["data.path=large"]},
        metric="accuracy",
        margin=0.02,
        rows={"small": 400, "large": 400},
        limits="It says nothing about 16 pixels.",
    )


@pytest.fixture
def made(plan: Contrast) -> Callable[..., Result]:
    """The result of a contrast on toy networks, each interval at a level of its own."""

    def call(settings: Settings, *, values: bool = False, **levels: float) -> Result:
        make = regressors if values else classifiers
        a, b = Side(["knn"] * 5, 1.5, 10), Side(["as configured"] * 5, 60.0, 7)
        found = {name: Found(make(*both, 400), a, b, {}) for name, both in settings.items()}
        usual = dict.fromkeys(settings, 0.95)
        result = result_of_contrast("wide", plan, found, usual | levels, HOW)
        return result | {"plan_hash": "0", "plan_commit": "", "exploratory": False}

    return call
