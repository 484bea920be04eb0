import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import optuna
import pytest
from import_graph import PROJECT
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.storages import InMemoryStorage
from optuna.trial import TrialState, create_trial
from searches import MADE_FROM, Played

from {{ cookiecutter.package_name }}.search import driver as drivers
from {{ cookiecutter.package_name }}.search.driver import Driver, Search
from {{ cookiecutter.package_name }}.search.orphans import Orphans
from {{ cookiecutter.package_name }}.search.space import Space
from {{ cookiecutter.package_name }}.search.storage import open_storage, quieten
from {{ cookiecutter.package_name }}.search.study import (
    EPOCHS,
    READY,
    SECONDS,
    TERMS,
    Terms,
    begin_or_join,
)
from {{ cookiecutter.package_name }}.search.trial import Order

Toy = Callable[..., optuna.Study]
ORDER = Order("toy", -1, ["model.a=1"], "val/loss", "none", 0, 4, "")


@pytest.fixture
def space() -> Space:
    return {
        "optimizer.lr": FloatDistribution(0.001, 0.1, log=True),
        "model.dropout": FloatDistribution(0.0, 0.4),
        "model.width": IntDistribution(4, 32, log=True),
        "model.blocks": IntDistribution(1, 3),
        "optimizer.schedule": CategoricalDistribution(["cosine", "constant"]),
    }


@pytest.fixture
def terms(space: Space) -> Terms:
    return Terms(space, "val/loss", False, MADE_FROM)


@pytest.fixture
def begun(terms: Terms) -> optuna.Study:
    """A study at its beginning, with a design of four trials."""
    quieten()
    return begin_or_join(InMemoryStorage(), "toy", terms, None, 4, seed=0)


@pytest.fixture
def toy(space: Space) -> Toy:
    """A study that has ended: ``toy([(0.5, "COMPLETE", {...}), ...])``."""

    def make(trials: list[tuple[float, str, dict[str, Any]]], *, points: int = 4) -> optuna.Study:
        quieten()
        study = optuna.create_study(study_name="toy")
        study.set_user_attr(READY, {"points": points, "first": True})
        study.set_user_attr(TERMS, {"space": {}, "metric": "val/loss", "made_from": {}})
        for value, state, params in trials:
            kept = TrialState[state]
            study.add_trial(
                create_trial(
                    state=kept,
                    value=value if kept == TrialState.COMPLETE else None,
                    params=params,
                    distributions={key: space[key] for key in params},
                    intermediate_values={1: value, 2: value},
                    user_attrs={EPOCHS: 2, SECONDS: 3.0},
                )
            )
        return study

    return make


@pytest.fixture
def ready(project: Path, prepared: Path) -> Path:
    """A project in which a search can begin: prepared data in which no leak was found."""
    shutil.copytree(prepared, project / "data/prepared")
    shutil.copy(PROJECT / "dvc.yaml", project)
    (project / "reports").mkdir()
    (project / "reports/audit.json").write_text("[]\n", "utf-8")
    return project


@pytest.fixture
def played(terms: Terms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Played:
    study = begin_or_join(open_storage(None, tmp_path / "toy"), "toy", terms, None, 2, seed=0)
    made = Played(study)
    monkeypatch.setattr(drivers, "start", made)
    monkeypatch.setattr(drivers, "SECONDS_BETWEEN_LOOKS", 0.01)
    return made


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def drive(played: Played, space: Space, tmp_path: Path, told: list[str]) -> Callable[..., Driver]:
    """A `tune` of the played study: ``drive(trials=4, slots=2)``."""

    def make(trials: int = 4, slots: int = 2) -> Driver:
        wanted = Search(space, trials, 2, 0, [{"SLOT": str(slot)} for slot in range(slots)])
        orphans = Orphans(played.study, tmp_path / "toy")
        return Driver(played.study, wanted, orphans, ORDER, told.append)

    return make
