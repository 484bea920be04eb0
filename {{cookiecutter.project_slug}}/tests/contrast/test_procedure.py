import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from calling import Invoke
from project_tools.claims import experiments, texts

from {{ cookiecutter.package_name }}.contrast import making
from {{ cookiecutter.package_name }}.contrast.making import Made
from {{ cookiecutter.package_name }}.experiments import compare
from {{ cookiecutter.package_name }}.records.looks import read_looks
from {{ cookiecutter.package_name }}.schema import Manifest

pytestmark = pytest.mark.slow

Train = Callable[[Path, list[str], int, str, Path], Made]


@pytest.fixture
def planned(
    folded: Path, tmp_path: Path, current: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, list[str]]:
    """A plan, and the networks that were asked for by then."""
    project = shutil.copytree(folded, tmp_path / "contrasted")
    current.write_text((folded / "current.yaml").read_text("utf-8"), "utf-8")
    monkeypatch.chdir(project)
    manifest = Manifest.load(project / "data/prepared")
    rows = {"one": sum(manifest.rows.values())}
    file = project / "docs/experiments/rows.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(
        "hypothesis: A network that learns nothing is worse.\n"
        "network: [[trainer.max_epochs=1, optimizer.lr=0.00001], [trainer.max_epochs=2]]\n"
        "settings: {one: []}\n"
        f"metric: {'accuracy' if manifest.classes else 'mae'}\nmargin: 0.02\n"
        f"rows: {rows}\nseeds: 2\n",
        "utf-8",
    )

    def has_data(*_: object) -> Path:
        return project / "data/prepared"

    monkeypatch.setattr(making, "make_data", has_data)
    trained: list[str] = []
    train: Train = making.network

    def noted(prepared: Path, words: list[str], seed: int, split: str, place: Path) -> Made:
        trained.append(f"{place.parent.name} {place.name}")
        return train(prepared, words, seed, split, place)

    monkeypatch.setattr(making, "network", noted)
    return file, trained


def test_a_contrast_is_carried_out_once_and_again_only_when_asked(
    planned: tuple[Path, list[str]], invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    file, trained = planned
    before = read_looks(file.parents[2])
    invoke(compare.main, "rows")
    result = json.loads(file.with_suffix(".json").read_text("utf-8"))
    assert set(result["verdict"].values()) == {"descriptive"}  # two seeds
    assert result["deviations"] == []
    chosen = result["settings"]["one"]["b"]["chosen"][0]
    number = result["plan"]["network"].index(chosen.split())
    assert trained == [
        "compare-rows-one network0-seed2",  # a seed of its own chooses
        "compare-rows-one network1-seed2",
        f"compare-rows-one network{number}-seed0",
        f"compare-rows-one network{number}-seed1",
    ]
    looks = read_looks(file.parents[2])[len(before) :]
    assert len(looks) >= 2  # of the networks, and of classical models that differ
    project = file.parents[2]
    assert texts.check(project, file.with_suffix(".md")).problems == []
    assert experiments.check(project)[0] == []
    drawn = file.with_suffix(".svg").read_bytes()
    capsys.readouterr()
    invoke(compare.main, "rows")
    assert capsys.readouterr().out == f"compare: rows has been carried out: {result['sentence']}\n"
    invoke(compare.main, "rows", "--again")
    again = json.loads(file.with_suffix(".json").read_text("utf-8"))
    for entry in [*result["settings"].values(), *again["settings"].values()]:
        entry["a"].pop("seconds")  # the only numbers that a machine changes
    assert again == result
    assert file.with_suffix(".svg").read_bytes() == drawn


def test_a_plan_that_was_changed_after_its_result_is_refused(
    planned: tuple[Path, list[str]], invoke: Invoke
) -> None:
    file, trained = planned
    answer = {"plan_hash": "0", "sentence": "better"}
    file.with_suffix(".json").write_text(json.dumps(answer), "utf-8")
    with pytest.raises(SystemExit, match="rows: the plan has changed since its result"):
        invoke(compare.main, "rows", "--again")
    assert trained == []


def test_another_metric_than_that_of_the_data_is_refused(
    planned: tuple[Path, list[str]], invoke: Invoke
) -> None:
    file, trained = planned
    text = file.read_text("utf-8")
    other = "mae" if "metric: accuracy" in text else "accuracy"
    file.write_text(text.replace("metric: ", f"metric: {other} # not "), "utf-8")
    with pytest.raises(SystemExit, match=f"metric={other}"):
        invoke(compare.main, "rows")
    assert trained == []
