from pathlib import Path

import polars as pl
import pytest
import small_data
from calling import Invoke
from omegaconf import OmegaConf

from {{ cookiecutter.package_name }} import ingest
from {{ cookiecutter.package_name }}.contract.contract import Contract, Kind, Task

OWN = ["data.source=file", "data.path=my.csv", f"data.target={small_data.TARGET}"]


@pytest.fixture(autouse=True)
def table(project: Path) -> Path:
    return small_data.write_csv(project / "my.csv", small_data.table())


def test_a_new_table_becomes_the_projects_own_with_its_contract(
    project: Path, current: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    invoke(ingest.main, *OWN)
    contract = Contract.load(project / "contracts" / "my.yaml")
    assert (contract.target, contract.task) == (small_data.TARGET, Task.classification)
    assert contract.key == small_data.KEY
    assert contract.columns[small_data.SIZE].kind is Kind.number
    assert list(OmegaConf.load(current)) == OWN
    assert "contracts/my.yaml says what the table must be" in capsys.readouterr().out
    assert not list((project / "runs").glob("*/data"))  # the pipeline makes the same


def test_a_contract_that_is_there_stays_as_it_is(
    project: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    invoke(ingest.main, *OWN)
    file = project / "contracts" / "my.yaml"
    file.write_text(file.read_text("utf-8") + "# reviewed\n", "utf-8")
    invoke(ingest.main, *OWN)
    assert file.read_text("utf-8").endswith("# reviewed\n")
    assert "contracts/my.yaml stays as it is" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("data.key=idd", "key=idd: no such column"),
        ("data.task=regression", "for the other, data.task=classification"),
        ("data.on_bad=quarantin", "Did you mean 'quarantine'"),
    ],
)
def test_a_mistake_is_named_where_there_is_a_contract_too(
    current: Path, invoke: Invoke, word: str, message: str
) -> None:
    invoke(ingest.main, *OWN)
    before = current.read_text("utf-8")
    with pytest.raises(SystemExit, match=message):
        invoke(ingest.main, *OWN, word)
    assert current.read_text("utf-8") == before


def test_what_is_for_a_later_stage_is_kept(
    project: Path, current: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    OmegaConf.save({"stages": {"prepare": {"params": ["data.on_bad"]}}}, project / "dvc.yaml")
    invoke(ingest.main, *OWN, "data.on_bad=quarantine")
    assert "data.on_bad=quarantine is kept for prepare" in capsys.readouterr().out
    assert list(OmegaConf.load(current)) == [*OWN, "data.on_bad=quarantine"]


def test_the_contract_of_another_table_is_not_taken_for_this_one(
    project: Path, invoke: Invoke, current: Path
) -> None:
    invoke(ingest.main, *OWN)
    (project / "other").mkdir()
    small_data.write_csv(project / "other" / "my.tsv", small_data.table())
    other = ["data.source=file", "data.path=other/my.tsv", OWN[-1]]
    with pytest.raises(SystemExit, match=r"my.yaml is the contract of my.csv, not of other/my.tsv"):
        invoke(ingest.main, *other)
    assert list(OmegaConf.load(current)) == OWN
    invoke(ingest.main, *other, "data.contract=my")
    (project / "my.csv").rename(project / "other" / "my.csv")
    invoke(ingest.main, OWN[0], "data.path=other/my.csv", OWN[-1])  # the same table, moved


def test_a_run_with_a_name_leaves_the_projects_choices_alone(
    project: Path, current: Path, invoke: Invoke
) -> None:
    invoke(ingest.main, "run=try", *OWN)
    assert list(OmegaConf.load(current)) == []
    assert list((project / "runs/try/data/raw").glob("*.parquet"))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (f"data.target={small_data.TARGET[:-1]}", rf"Did you mean '{small_data.TARGET}'"),
        ("data.path=mi.csv", "Did you mean 'my.csv'"),
        ("data.path=data/raw", "the pipeline does not write to"),
        ("data.path=.", "the pipeline does not write to"),
    ],
)
def test_a_mistake_is_named_and_changes_nothing(
    change: str, expected: str, project: Path, current: Path, invoke: Invoke
) -> None:
    with pytest.raises(SystemExit, match=expected):
        invoke(ingest.main, *OWN, change)
    assert list(OmegaConf.load(current)) == []
    assert not (project / "contracts").exists()
    assert not list((project / "runs").glob("*/data"))


def test_values_are_kept_exactly_as_they_stand(tmp_path: Path) -> None:
    raw = small_data.write_raw(tmp_path / "source")
    small_data.write_parquet(raw, tmp_path / "raw")
    found = pl.read_parquet(tmp_path / "raw" / "*.parquet").fill_null("").to_dicts()
    assert found == small_data.table()
