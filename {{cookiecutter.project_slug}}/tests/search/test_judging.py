"""Judged by fresh seeds: which runs are trained, and what is compared with what."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from toy_runs import HOW, cell, classifier, regressor

from {{ cookiecutter.package_name }}.crossvalidation.cells import Cell
from {{ cookiecutter.package_name }}.experiments import procedure, training
from {{ cookiecutter.package_name }}.experiments.training import Training
from {{ cookiecutter.package_name }}.search import judging
from {{ cookiecutter.package_name }}.search.judging import (
    Judge,
    compare_with_baselines,
    compare_with_current,
    fresh_values,
)

JUDGE = Judge("val", 3, used=0, workers=2, how=HOW)


@pytest.fixture
def trained(
    pipeline: Path, tmp_path: Path, current: Path, monkeypatch: pytest.MonkeyPatch
) -> list[Training]:
    """What would have been trained, in a copy of the project that is the working folder."""
    project = shutil.copytree(pipeline, tmp_path / "copy")
    current.write_text((pipeline / "current.yaml").read_text("utf-8"), "utf-8")
    monkeypatch.chdir(project)
    made: list[Training] = []

    def train(_: Path, one: Training) -> int:
        made.append(one)
        model = project / "runs" / one.run / "models/network"
        model.mkdir(parents=True)
        facts = {"validation": {"val/loss": one.seed / 10}}
        (model / "model.json").write_text(json.dumps(facts), "utf-8")
        return 0

    def score(_: Path, run: str, split: str) -> list[Cell]:
        assert split == "val"
        seed = int(run[-1])
        better = any(one.run == run and one.side == "b" for one in made)
        right = np.random.default_rng(seed).random(400) < (0.9 if better else 0.7)
        return [replace(cell(classifier(right), "", seed), run=run)]

    monkeypatch.setattr(training, "_train", train)
    monkeypatch.setattr(procedure, "score_run", score)
    return made


@pytest.mark.slow
def test_the_seeds_are_paired_and_none_is_that_of_the_search(trained: list[Training]) -> None:
    compare_with_current(Path.cwd(), ["optimizer.lr=0.02"], JUDGE)
    assert sorted((one.side, one.seed) for one in trained) == [
        (side, seed) for side in ("a", "b") for seed in (1, 2, 3)
    ]
    own = [one.overrides for one in trained if one.side == "b"]
    assert ["optimizer.lr=0.02", "seed=1"] in own


@pytest.mark.slow
def test_the_sentence_is_that_of_the_comparison_and_names_both_sides(
    trained: list[Training],
) -> None:
    result = compare_with_current(Path.cwd(), ["optimizer.lr=0.02"], JUDGE)
    assert len(trained) == 6
    assert result["verdict"] == "descriptive"  # three seeds, and five are needed
    assert result["sentence"].startswith(
        "exploratory: nothing is concluded (3 seeds, fewer than 5): the chosen configuration is "
        "ahead by"
    )
    five = compare_with_current(Path.cwd(), ["optimizer.lr=0.03"], replace(JUDGE, seeds=5))
    assert five["verdict"] == "better"
    told = "exploratory: the chosen configuration is better than the current configuration by"
    assert five["sentence"].startswith(told)


@pytest.mark.slow
def test_the_metric_of_the_search_is_read_for_each_fresh_seed(trained: list[Training]) -> None:
    result = compare_with_current(Path.cwd(), ["optimizer.lr=0.02"], JUDGE)
    assert fresh_values(Path.cwd(), result, "val/loss") == pytest.approx([0.1, 0.2, 0.3])
    assert trained


@pytest.mark.slow
def test_the_current_configuration_is_not_compared_with_itself(trained: list[Training]) -> None:
    result = compare_with_current(Path.cwd(), ["trainer.max_epochs=3"], JUDGE)  # as QUICK has it
    assert (result["verdict"], trained) == ("same", [])


def tuned(project: Path, metric: str, values: dict[str, float], tables: dict[str, Any]) -> str:
    folder = project / "runs/other/predictions/baselines"
    for name, table in tables.items():
        table.save(folder / name / "val.parquet")
    facts = {
        name: [{"metric": metric, "validation": value, "trials": 7, "chosen": {"C": 1}}]
        for name, value in values.items()
    }
    (folder / "tuning.json").write_text(json.dumps(facts), "utf-8")
    return "other"


@pytest.mark.parametrize(
    ("metric", "values", "best"),
    [
        ("accuracy", {"svm": 0.9, "dummy": 0.1}, "svm"),
        ("mae", {"svm": 9.0, "dummy": 1.0}, "dummy"),
    ],
)
def test_the_network_is_compared_with_the_baseline_of_the_best_validation(
    metric: str,
    values: dict[str, float],
    best: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = np.arange(400)

    def table(wrong: int) -> Any:
        if metric == "accuracy":
            return classifier(rows >= wrong)
        return regressor(np.where(rows < wrong, 1.0, 0.1))

    shuffled = np.random.default_rng(0).permutation(400)
    run = tuned(tmp_path, metric, values, {name: table(60).select(shuffled) for name in values})
    result = {"runs": [{"of": ["a", f"net-{seed}"], "seed": seed} for seed in range(5)]}

    def score(_: Path, name: str, __: str) -> list[Cell]:
        return [replace(cell(table(20), "", int(name[-1])), run=name)]

    monkeypatch.setattr(judging, "score_run", score)
    found = compare_with_baselines(tmp_path, result, run, replace(JUDGE, seeds=5))
    assert found["best"] == best
    expected = 0.1 if metric == "accuracy" else 0.09
    assert found["ahead"]["value"] == pytest.approx(expected)
    assert (found["verdict"], found["rows"], found["seeds"]) == ("better", 400, 5)
    assert found["trials"] == dict.fromkeys(values, 7)
    assert found["ahead_of"][best] == found["ahead"]
    tuned(tmp_path, metric, values, {name: table(60) for name in values})
    again = compare_with_baselines(tmp_path, result, run, replace(JUDGE, seeds=5))
    assert again["ahead"] == found["ahead"]  # rows are paired by their ids, wherever they stand
