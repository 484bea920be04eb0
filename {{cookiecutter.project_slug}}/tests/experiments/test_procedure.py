import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from calling import Invoke
from project_tools.claims import experiments as checked
from project_tools.claims import texts

from {{ cookiecutter.package_name }}.experiments import compare, procedure, training
from {{ cookiecutter.package_name }}.experiments.plan import plan_hash
from {{ cookiecutter.package_name }}.experiments.training import Training
from {{ cookiecutter.package_name }}.records.looks import read_looks
from {{ cookiecutter.package_name }}.schema import Manifest

pytestmark = pytest.mark.slow

CHALLENGER = "b=optimizer.lr=0.0001 trainer.max_epochs=2"
Slower, Commit = Callable[..., Path], Callable[[Path], str]


def test_a_plan_is_carried_out_and_what_is_written_passes_the_checks(
    projected: Path, slower: Slower, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    file = slower()
    before = read_looks(projected)
    invoke(compare.main, "slower")
    result = json.loads(file.with_suffix(".json").read_text("utf-8"))
    manifest = Manifest.load(projected / "data/prepared")
    assert (result["rows"], result["folds"]) == (sum(manifest.rows.values()), [0, 1, 2])
    assert result["data_hashes"] == manifest.hashes
    assert len(result["runs"]) == 6
    assert (result["verdict"], result["deviations"]) == ("descriptive", [])
    assert f"compare: {result['sentence']}" in capsys.readouterr().out
    assert checked.check(projected) == ([], [])
    found = texts.check(projected, file.with_suffix(".md"))
    assert (found.problems, found.claims) == ([], 18)
    looks = read_looks(projected)[len(before) :]
    assert [look.of.rpartition("-")[0] for look in looks] == [
        "compare-slower-a-seed0",
        "compare-slower-a-seed1",
        "compare-slower-b-seed0",
        "compare-slower-b-seed1",
    ]
    assert len({look.test_set for look in looks} | {result["rows_hash"]}) == 1


def test_a_plan_is_carried_out_once(
    projected: Path, slower: Slower, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    file = slower()
    answer = file.with_suffix(".json")
    answer.write_text(json.dumps({"plan_hash": "0", "sentence": "better"}), "utf-8")
    with pytest.raises(SystemExit, match="slower: the plan has changed since its result"):
        invoke(compare.main, "slower")
    answer.write_text(json.dumps({"plan_hash": plan_hash(file), "sentence": "better"}), "utf-8")
    capsys.readouterr()
    invoke(compare.main, "slower")
    assert capsys.readouterr().out == "compare: slower has been carried out: better\n"
    assert not list((projected / "runs").glob("compare-*"))


def test_an_exploration_says_so_and_leaves_no_trace_but_its_runs(
    projected: Path,
    commit: Commit,
    invoke: Invoke,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    commit(projected)
    looks = read_looks(projected)

    def named(_: object) -> dict[str, str]:
        return procedure.sides_named("slower")  # by which the stand-in for scoring knows them

    monkeypatch.setattr(procedure, "names_by_content", named)
    invoke(compare.main, CHALLENGER, "seeds=2")
    assert subprocess.check_output(["git", "status", "--porcelain"], cwd=projected) == b""
    (file,) = (projected / "runs/compare").iterdir()
    result = json.loads(file.read_text("utf-8"))
    assert result["sentence"].startswith("exploratory: nothing is concluded (")
    manifest = Manifest.load(projected / "data/prepared")
    assert result["rows"] == manifest.rows["val"]  # each once, though two folds predict it
    assert read_looks(projected) == looks
    capsys.readouterr()
    invoke(compare.main, CHALLENGER, "seeds=2")
    assert "12 of 12 runs are trained" in capsys.readouterr().out
    assert json.loads(file.read_text("utf-8")) == result


def test_explorations_share_the_runs_of_a_side() -> None:
    one, other = ({"a": ["x=1"], "b": [f"x={number}"]} for number in (2, 3))
    first, second = procedure.names_by_content(one), procedure.names_by_content(other)
    assert first["a"] == second["a"]
    assert len({first["a"], first["b"], second["b"]}) == 3


def test_seeds_whose_training_failed_are_left_out_and_said(
    slower: Slower, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    trains = training._train

    def diverges(project: Path, one: Training) -> int:
        return 1 if one.run.endswith("b-seed1-fold2") else trains(project, one)

    monkeypatch.setattr(training, "_train", diverges)
    slower()
    with pytest.raises(SystemExit, match="training failed: compare-slower-b-seed1-fold2"):
        invoke(compare.main, "slower")  # one seed is left
    file = slower(seeds="3")
    invoke(compare.main, "slower")
    result = json.loads(file.with_suffix(".json").read_text("utf-8"))
    assert (result["seeds"], result["verdict"]) == ([0, 2], "descriptive")
    assert result["deviations"] == ["2 seeds, 3 planned: training failed for the others"]
