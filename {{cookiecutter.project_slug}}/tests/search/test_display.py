import io
from collections.abc import Callable
from typing import Any, cast

import optuna
import pytest
from rich.console import Console

from {{ cookiecutter.package_name }}.search.display import (
    Display,
    best_of,
    facts,
    remaining,
)
from {{ cookiecutter.package_name }}.search.study import trials_of

Toy = Callable[..., optuna.Study]
ENDED = [
    (0.5, "COMPLETE", {"model.dropout": 0.1}),
    (0.2, "COMPLETE", {"model.dropout": 0.2}),
    (0.9, "PRUNED", {"model.dropout": 0.3}),
    (0.1, "FAIL", {"model.dropout": 0.0}),
]


@pytest.fixture
def study(toy: Toy) -> optuna.Study:
    return toy(ENDED)


def terminal(width: int) -> Console:
    file = io.StringIO()
    return Console(file=file, force_terminal=True, width=width, _environ={"TERM": "xterm"})


def line_of(display: Display) -> str:
    plain = Console(file=io.StringIO(), width=display.console.width)
    plain.print(display._line())
    return cast(Any, plain.file).getvalue().rstrip("\n")


def test_the_line_says_the_best_value_the_states_and_how_long_it_still_takes(
    study: optuna.Study,
) -> None:
    study.ask()
    line = line_of(Display(study, 10, 2, terminal(120)))
    for part in ("4/10", "best 0.2000 (trial 1)", "about 0:00:09", "1 running", "1 pruned"):
        assert part in line
    assert "1 failed" in line


@pytest.mark.parametrize("width", [120, 80, 40, 20])
def test_it_fits_into_one_line_of_any_terminal(width: int, study: optuna.Study) -> None:
    line = line_of(Display(study, 10, 2, terminal(width)))
    assert "\n" not in line
    assert len(line) < width
    assert line.startswith("tune")


def test_a_log_gets_a_line_for_what_happens_and_no_bar(study: optuna.Study) -> None:
    console = Console(file=io.StringIO(), force_terminal=False)
    display = Display(study, 10, 2, console)
    with display.shown():
        display.tell("")
        display.tell("trial 3: [0.2], optimizer.lr=0.1")
    assert cast(Any, console.file).getvalue() == "tune: trial 3: [0.2], optimizer.lr=0.1\n"


def test_the_best_is_a_complete_one_in_the_direction_of_the_study(study: optuna.Study) -> None:
    best = best_of(study, trials_of(study))
    assert best is not None
    assert best.number == 1
    other = optuna.create_study(direction="maximize")
    other.add_trials(study.trials)
    best = best_of(other, trials_of(other))
    assert best is not None
    assert best.number == 0


def test_before_anything_has_ended_nothing_is_promised() -> None:
    empty = optuna.create_study()
    assert facts(empty, []) == ["best none yet"]
    assert remaining([], 10, 2) is None
