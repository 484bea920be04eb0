from dataclasses import replace
from pathlib import Path
from typing import Any

import optuna
import pytest
from optuna.distributions import IntDistribution
from optuna.storages import InMemoryStorage
from optuna.trial import TrialState
from searches import MADE_FROM

from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.search import study as studies
from {{ cookiecutter.package_name }}.search.space import Space
from {{ cookiecutter.package_name }}.search.storage import open_storage
from {{ cookiecutter.package_name }}.search.study import (
    LOST,
    Terms,
    ask,
    begin_or_join,
    go_on,
    open_trial,
    trials_of,
)

FIRST = {
    "optimizer.lr": 0.005,
    "model.dropout": 0.1,
    "model.width": 16,
    "model.blocks": 3,
    "optimizer.schedule": "cosine",
}


def waiting(study: optuna.Study) -> list[dict[str, object]]:
    return [one.system_attrs["fixed_params"] for one in study.trials if one.state.name == "WAITING"]


def test_a_study_begins_with_the_current_configuration_and_an_even_design(terms: Terms) -> None:
    study = begin_or_join(InMemoryStorage(), "toy", terms, FIRST, 4, seed=0)
    assert waiting(study)[0] == FIRST
    assert len(waiting(study)) == 4
    trial = ask(study, terms.space, 4, seed=0)
    assert (trial.number, trial.params) == (0, FIRST)


def test_who_joins_adds_nothing(terms: Terms, tmp_path: Path) -> None:
    one = begin_or_join(open_storage(None, tmp_path), "toy", terms, FIRST, 4, seed=0)
    other = begin_or_join(open_storage(None, tmp_path), "toy", terms, FIRST, 4, seed=0)
    assert waiting(one) == waiting(other)


@pytest.mark.parametrize("attribute", [studies.TERMS, studies.READY])
def test_a_beginning_that_was_killed_is_completed_by_the_next(
    attribute: str, terms: Terms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(Exception):
        pass

    keep = optuna.Study.set_user_attr

    def die(study: optuna.Study, key: str, value: object) -> None:
        if key == attribute:
            raise KilledError
        keep(study, key, value)

    monkeypatch.setattr(studies, "SECONDS_TO_BEGIN", 0.0)
    with monkeypatch.context() as dying:
        dying.setattr(optuna.Study, "set_user_attr", die)
        with pytest.raises(KilledError):
            begin_or_join(open_storage(None, tmp_path), "toy", terms, FIRST, 4, seed=0)
    study = begin_or_join(open_storage(None, tmp_path), "toy", terms, FIRST, 4, seed=0)
    assert len(waiting(study)) == 4
    assert study.user_attrs[studies.READY]["points"] == 4


def test_a_space_that_has_changed_since_is_refused_by_its_key_with_a_new_name(
    terms: Terms, tmp_path: Path
) -> None:
    begin_or_join(open_storage(None, tmp_path), "toy", terms, None, 4, seed=0)
    wider = replace(terms, space={**terms.space, "model.blocks": IntDistribution(1, 5)})
    message = r"tune\.study=toy: tune\.space\.model\.blocks\.high was 3 and is 5 now.*study=toy-2"
    with pytest.raises(UserError, match=message):
        begin_or_join(open_storage(None, tmp_path), "toy", wider, None, 4, seed=0)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"metric": "val/accuracy"}, "metric was val/loss and is val/accuracy now"),
        ({"made_from": MADE_FROM | {"model": {"blocks": 4}}}, "_target_ was net and is not there"),
    ],
)
def test_trials_of_something_else_are_not_mixed_in(
    changes: dict[str, Any], message: str, terms: Terms, tmp_path: Path
) -> None:
    begin_or_join(open_storage(None, tmp_path), "toy", terms, None, 4, seed=0)
    with pytest.raises(UserError, match=message):
        begin_or_join(
            open_storage(None, tmp_path), "toy", replace(terms, **changes), None, 4, seed=0
        )


def test_other_code_is_told_and_taken(
    terms: Terms, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begin_or_join(open_storage(None, tmp_path), "toy", terms, None, 4, seed=0)
    newer = replace(terms, made_from=MADE_FROM | {"code": "2"})
    begin_or_join(open_storage(None, tmp_path), "toy", newer, None, 4, seed=0)
    assert "the code has changed since" in capsys.readouterr().out


def test_what_is_tried_next_follows_from_the_trials_before_and_not_from_who_asks(
    space: Space, terms: Terms
) -> None:
    def course(interrupted: bool) -> list[dict[str, object]]:
        storage = InMemoryStorage()
        study = begin_or_join(storage, "toy", terms, None, 3, seed=7)
        for number in range(8):
            if interrupted and number in (2, 5):  # another process goes on
                study = optuna.load_study(study_name="toy", storage=storage)
            trial = ask(study, space, 3, seed=7)
            study.tell(trial, (trial.params["model.dropout"] - 0.2) ** 2)
        return [one.params for one in study.trials]

    assert course(interrupted=True) == course(interrupted=False)


def test_a_trial_that_was_killed_before_it_had_parameters_gets_those_it_would_have_had(
    space: Space, terms: Terms
) -> None:
    def next_after_four(killed: bool) -> dict[str, object]:
        study = begin_or_join(InMemoryStorage(), "toy", terms, None, 2, seed=7)
        for _ in range(4):
            trial = ask(study, space, 2, seed=7)
            study.tell(trial, trial.params["model.dropout"])
        if killed:
            assert study.ask().params == {}
            return go_on(study, 4, space, 2, seed=7).params
        return ask(study, space, 2, seed=7).params

    assert next_after_four(killed=True) == next_after_four(killed=False)


def test_after_the_design_trials_are_where_better_ones_are_expected(
    space: Space, begun: optuna.Study
) -> None:
    for _ in range(40):
        trial = ask(begun, space, 4, seed=0)
        begun.tell(trial, abs(trial.params["model.dropout"] - 0.3))
    late = [abs(one.params["model.dropout"] - 0.3) for one in begun.trials[-10:]]
    even = [abs(one.params["model.dropout"] - 0.3) for one in begun.trials[:4]]
    assert sum(late) / 10 < sum(even) / 4 / 2


def test_a_trial_of_a_lost_machine_counts_once(space: Space, begun: optuna.Study) -> None:
    trial = ask(begun, space, 4, seed=0)
    open_trial(begun, trial.number).set_user_attr(LOST, True)
    begun.tell(trial.number, state=TrialState.FAIL)
    assert trial.number not in [one.number for one in trials_of(begun)]
