from pathlib import Path

import numpy as np
import pytest

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.efficiency import ratio
from {{ cookiecutter.package_name }}.efficiency.quantiles import ratio_over_pairs

LIMIT = 1.10
OURS, THEIRS = Path("ours"), Path("theirs")


def times(factor: float, seed: int, disturbed: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Two models in turn on a machine whose pace wanders, the first slower by ``factor``.

    A share of the processes is ``disturbed``: slowed down by something else, to twice the time.
    """
    random = np.random.default_rng(seed)
    pace = random.lognormal(0, 0.3, size=10)
    both = random.lognormal(0, 0.05, size=(2, 10)) * (1 + (random.random((2, 10)) < disturbed))
    return factor * both[0] * pace, both[1] * pace


@pytest.mark.parametrize(("disturbed", "power"), [(0.0, 0.95), (0.1, 0.65)])
@pytest.mark.ml_test_score("mon-6")
def test_a_slower_model_is_found_although_the_machine_wanders(
    disturbed: float, power: float
) -> None:
    found = [ratio_over_pairs(*times(1.3, seed, disturbed)) for seed in range(100)]
    assert np.mean([ratio.low > LIMIT for ratio in found]) > power
    assert np.median([ratio.value for ratio in found]) == pytest.approx(1.3, abs=0.02)


@pytest.mark.parametrize("disturbed", [0.0, 0.1])
@pytest.mark.ml_test_score("mon-6")
def test_equal_models_are_seldom_told_apart(disturbed: float) -> None:
    found = [ratio_over_pairs(*times(1.0, seed, disturbed)) for seed in range(400)]
    assert np.mean([ratio.low > 1 for ratio in found]) <= 0.05
    assert np.mean([ratio.high < 1 for ratio in found]) <= 0.05
    assert np.mean([ratio.low > LIMIT for ratio in found]) == 0


def test_twice_as_slow_and_twice_as_fast_cancel_out() -> None:
    found = ratio_over_pairs([2.0, 1.0], [1.0, 2.0])
    assert found.value == pytest.approx(1)
    assert found.rows == 2


def test_the_level_and_the_draws_are_as_asked_for() -> None:
    pairs = times(1.0, 0)
    wide, narrow = ratio_over_pairs(*pairs), ratio_over_pairs(*pairs, level=0.5)
    assert wide.low < narrow.low < narrow.high < wide.high
    assert wide == ratio_over_pairs(*pairs, seed=0)
    with pytest.raises(ValueError, match="resamples is 5"):
        ratio_over_pairs(*pairs, resamples=5)


@pytest.mark.ml_test_score("mon-6")
def test_models_take_turns_and_who_is_first_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[Path] = []

    def run(model: Path, *_: object) -> dict[str, list[int]]:
        turns.append(model)
        return {"call_nanoseconds": [300, 300, 900] if model == OURS else [100, 100, 600]}

    monkeypatch.setattr(ratio, "run_worker", run)
    found = ratio.latency_ratio(OURS, THEIRS, np.zeros(1), processes=4, calls=3, warmup=0)
    assert turns == [OURS, THEIRS, THEIRS, OURS, OURS, THEIRS, THEIRS, OURS]
    assert found["p50"].value == pytest.approx(3)
    assert found["p95"].value == pytest.approx(840 / 550)


@pytest.mark.slow
def test_a_model_takes_as_long_as_itself(pipeline: Path) -> None:
    model = pipeline / "models/network"
    rows = load_split(pipeline / "data/prepared", "val").inputs[:8]
    found = ratio.latency_ratio(model, model, rows, processes=2, calls=400, warmup=20)
    assert set(found) == {"p50", "p95"}
    assert 0.5 < found["p50"].value < 2
    assert found["p50"].rows == 2
