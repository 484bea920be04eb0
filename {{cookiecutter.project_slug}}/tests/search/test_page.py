import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import optuna
import pytest
from browser import measure, problems

from {{ cookiecutter.package_name }}.search.findings import findings
from {{ cookiecutter.package_name }}.search.page import clock, render
from {{ cookiecutter.package_name }}.search.space import Space, described
from {{ cookiecutter.package_name }}.search.telling import against_baselines, caution, luck

Toy = Callable[..., optuna.Study]
BASELINES = {
    "best": "svm_rbf",
    "validation": {"svm_rbf": 0.95, "dummy": 0.1},
    "trials": {"svm_rbf": 24, "dummy": 1},
    "metric": "accuracy",
    "ahead": {"value": 0.012, "low": -0.004, "high": 0.028},
    "verdict": "inconclusive",
    "why": "",
    "margin": 0.02,
    "rows": 354,
    "seeds": 5,
    "seconds": 90.0,
    "ahead_of": {
        "svm_rbf": {"value": 0.012, "low": -0.004, "high": 0.028},
        "dummy": {"value": 0.9, "low": 0.88, "high": 0.92},
    },
}


def found_of(toy: Toy, space: Space, verdict: str = "better") -> dict[str, Any]:
    random = np.random.default_rng(0)
    trials: list[tuple[float, str, dict[str, Any]]] = []
    for number in range(24):
        params = {
            "optimizer.lr": float(10 ** random.uniform(-3, -1)),
            "model.dropout": float(random.uniform(0, 0.4)),
            "model.width": int(random.integers(4, 33)),
            "optimizer.schedule": ["cosine", "constant"][number % 2],
        }
        state = ("COMPLETE", "COMPLETE", "PRUNED", "FAIL")[number % 4]
        trials.append((params["model.dropout"] + 0.1, state, params))
    study = toy(trials, points=8)
    found = findings(study, space)
    best = next(one for one in found["trials"] if one["number"] == found["best"]["trial"])
    return found | {
        "metric": "val/loss",
        "split": "val",
        "space": {key: described(space[key]) for key in best["params"]},
        "comparison": {"verdict": verdict, "sentence": "b is <better> than a"},
        "fresh": {"mean": 0.2, "values": [0.1, 0.3]},
    }


@pytest.mark.slow
def test_every_figure_is_drawn_and_says_what_it_shows(toy: Toy, space: Space) -> None:
    page = render(found_of(toy, space))
    spoken = re.findall(r'<svg role="img" aria-label="([^"]+)"', page)
    assert len(spoken) == page.count("<svg") == 5
    assert any("The value of each trial in turn: 12 complete trials" in one for one in spoken)
    assert any(one.startswith("Share explained: model.dropout") for one in spoken)


@pytest.mark.slow
def test_the_page_is_whole_and_what_people_wrote_is_escaped(toy: Toy, space: Space) -> None:
    page = render(found_of(toy, space) | {"baselines": BASELINES})
    assert "B is &lt;better&gt; than a." in page
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", page)
    assert "better than the current configuration" in page
    assert "no clear difference between the chosen network and svm_rbf" in page
    assert "<td>+1.2</td>" in page
    assert "-0.4 to +2.8" in page
    assert page.count("<tr") > 24
    assert render(found_of(toy, space)) == render(found_of(toy, space))


@pytest.mark.slow
@pytest.mark.parametrize("verdict", ["same", "descriptive", "worse", "equivalent", "inconclusive"])
def test_every_verdict_has_a_page(verdict: str, toy: Toy, space: Space) -> None:
    found = found_of(toy, space, verdict)
    if verdict == "same":
        del found["fresh"]
    assert "B is &lt;better&gt; than a." in render(found)


def test_a_search_of_one_trial_and_one_key_has_a_page(toy: Toy, space: Space) -> None:
    study = toy([(0.5, "COMPLETE", {"model.dropout": 0.4})], points=1)
    found = findings(study, space) | {
        "metric": "val/loss",
        "split": "test",
        "space": {"model.dropout": described(space["model.dropout"])},
        "comparison": {"verdict": "same", "sentence": "nothing"},
    }
    page = render(found)
    assert "Too few complete trials to say which keys matter." in page
    assert "a higher value may be better" in page


def test_sentences_follow_from_the_numbers(toy: Toy, space: Space) -> None:
    told = against_baselines(BASELINES)
    assert told == (
        "no clear difference between the chosen network and svm_rbf: it is ahead by 1.2 points, "
        "95 % interval 0.4 behind to 2.8 ahead, 5 seeds, n = 354"
    )
    worse = BASELINES | {"verdict": "worse", "ahead": {"value": -0.03, "low": -0.05, "high": -0.01}}
    assert against_baselines(worse).startswith(
        "the chosen network is worse than svm_rbf by 3.0 points, 95 % interval 1.0 to 5.0"
    )
    few = BASELINES | {"verdict": "descriptive", "why": "40 rows, fewer than 300"}
    behind = few | {"ahead": worse["ahead"]}
    opening = "nothing is concluded (40 rows, fewer than 300): the chosen network is "
    assert against_baselines(few).startswith(f"{opening}ahead of svm_rbf by 1.2 points")
    assert against_baselines(behind).startswith(f"{opening}behind svm_rbf by 3.0 points")
    found = found_of(toy, space)
    assert f"had val/loss {found['best']['value']:.4f}; with fresh seeds" in luck(found)
    assert "which also chose it" in caution("val")
    assert "each run is a look" in caution("test")
    assert [clock(s) for s in (59, 600, 9000)] == ["59 s", "10 min", "2.5 h"]


@pytest.mark.slow
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_in_a_browser_nothing_is_cut_off_or_too_pale(
    dark: bool, toy: Toy, space: Space, tmp_path: Path
) -> None:
    long = {"verdict": "worse", "sentence": "w" * 200}
    page = render(found_of(toy, space) | {"baselines": BASELINES, "comparison": long})
    for width, found in measure(page, tmp_path, dark=dark).items():
        assert problems(found, dark=dark) == [], width
        assert len(found["figures"]) == page.count("<figure")
