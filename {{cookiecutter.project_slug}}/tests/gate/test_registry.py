from collections.abc import Callable
from typing import Any

import pytest

from {{ cookiecutter.package_name }}.gate.registry import Registry
from {{ cookiecutter.package_name }}.gate.verdict import Verdict
from {{ cookiecutter.package_name }}.prediction.registered import fetch, version_of
from {{ cookiecutter.package_name }}.predictor import Predictor
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.runtime.files import Workspace
from {{ cookiecutter.package_name }}.tracking.lineage import file_hash

pytestmark = pytest.mark.slow


def test_the_champion_is_fetched_by_its_name_as_it_was_released(
    gate: Callable[..., Any], registry: Registry, workspace: Workspace
) -> None:
    with pytest.raises(UserError, match="champion: there is none yet"):
        version_of(registry, "champion")
    gate(Verdict.PROMOTE)
    released = workspace.project / "models/network"
    for named in ("champion", "1"):
        folder = fetch(registry, version_of(registry, named), workspace.project)
        assert Predictor(folder).facts == Predictor(released).facts
        for file in ("state.ckpt", "program.pt2"):
            assert file_hash(folder / file) == file_hash(released / file)
