"""What restore makes of a run's record, and how it looks at the data that it got."""

import hashlib
import json
import subprocess
from configparser import ConfigParser
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from omegaconf import OmegaConf
from project_tools.restore import data
from project_tools.restore.calling import RestoreError, complaint
from project_tools.restore.runs import Run

TOY = """\
import sys
from pathlib import Path

def main():
    if not Path("photos").exists():
        print("looking", file=sys.stderr)
        sys.exit("ingest: data.path=photos: no such folder.")
    Path("made").write_text(" ".join(sys.argv[1:]))

if __name__ == "__main__":
    main()
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A run of the pipeline that used two splits."""
    record = tmp_path / "record"
    record.mkdir()
    digest = hashlib.sha256(b"weights").hexdigest()[:32]
    tags = {"data_hash_train": "1", "data_hash_val": "2", "model_hash": digest}
    return Run("0" * 32, "pipeline", tags, record, None, ["train"], [])


def by_hand(run: Run, *verbs: str) -> Run:
    return replace(run, by_hand="mine", verbs=list(verbs), overrides=["seed=1", "a.b='x: \u00e9'"])


def manifest(folder: Path, **hashes: str) -> None:
    (folder / "data" / "prepared").mkdir(parents=True)
    (folder / "data" / "prepared" / "manifest.json").write_text(
        json.dumps({"hashes": hashes}), "utf-8"
    )


def test_of_dvc_lock_only_what_a_stage_needs_is_kept() -> None:
    def entry(needs: list[str], makes: str) -> dict[str, Any]:
        return {"deps": [{"path": path} for path in needs], "outs": [{"path": makes}]}

    lock = {
        "schema": "2.0",
        "stages": {
            "compose": entry(["conf"], "params.yaml"),
            "ingest": entry([], "data/raw"),
            "prepare": entry(["data/raw"], "data/prepared"),
            "train": entry(["data/prepared"], "models/network"),  # of an earlier run
        },
    }
    pipeline = {"stages": {"train": {"deps": ["${package}/train.py", "data/prepared"]}}}
    kept = data.locked_before(lock, pipeline, "train")
    assert (set(kept["stages"]), kept["schema"]) == ({"compose", "ingest", "prepare"}, "2.0")
    assert data.locked_before(lock, pipeline, "tune") == lock  # no stage: it reads what is there


def test_the_pipelines_record_takes_the_place_of_what_the_commit_holds(
    run: Run, project: Path
) -> None:
    (project / "dvc.yaml").write_text("stages: {train: {deps: [data/raw]}}\n", "utf-8")
    (project / "dvc.lock").write_text("stages: {}\n", "utf-8")
    (project / "params.yaml").write_text("of: the commit\n", "utf-8")
    lock = "stages: {ingest: {outs: [{path: data/raw}]}, train: {outs: [{path: models}]}}\n"
    (run.record / "dvc.lock").write_text(lock, "utf-8")
    data.place_records(run, project)
    assert "ingest" in (project / "dvc.lock").read_text("utf-8")
    assert "train" not in (project / "dvc.lock").read_text("utf-8")
    assert not (project / "params.yaml").exists()  # the run had none


def test_a_run_by_hand_gets_its_choices_and_the_whole_dvc_lock(run: Run, project: Path) -> None:
    (run.record / "dvc.lock").write_bytes(b"stages: {train: {outs: []}}\n")
    mine = by_hand(run, "train")
    data.place_records(mine, project)
    assert (project / "dvc.lock").read_bytes() == b"stages: {train: {outs: []}}\n"
    chosen = OmegaConf.load(project / "runs" / "mine" / "overrides.yaml")
    assert list(chosen) == mine.overrides


def test_splits_that_are_not_those_of_the_run_are_named(run: Run, project: Path) -> None:
    assert data.differing(run, project) == ["all"]
    manifest(project, train="1", val="2", test="3")
    assert data.differing(run, project) == []
    other = replace(run, tags={"data_hash_val": "9", "data_hash_new": "1"})
    assert data.differing(other, project) == ["new", "val"]


def test_a_run_with_data_of_its_own_is_held_against_those(run: Run, project: Path) -> None:
    manifest(project, train="1", val="2")
    manifest(project / "runs" / "mine", train="1", val="9")
    assert data.differing(by_hand(run, "train"), project) == []
    assert data.differing(by_hand(run, "prepare", "train"), project) == ["val"]


def test_a_model_is_the_runs_or_another_or_not_there(run: Run, project: Path) -> None:
    assert data.model_state(run, project) is None
    (project / "models" / "network").mkdir(parents=True)
    for content, same in ((b"weights", True), (b"others", False)):
        (project / "models" / "network" / "state.ckpt").write_bytes(content)
        assert data.model_state(run, project) is same


def test_own_data_are_made_with_the_restored_code(run: Run, project: Path) -> None:
    (project / "pyproject.toml").write_text(
        '[project]\nscripts = {ingest = "toy.ingest:main"}\n', "utf-8"
    )
    (project / "src" / "toy").mkdir(parents=True)
    (project / "src" / "toy" / "ingest.py").write_text(TOY, "utf-8")
    mine = by_hand(run, "ingest", "train")
    with pytest.raises(RestoreError, match=r"made again: ingest: data.path=photos: no such"):
        data.make_again(mine, project)
    (project / "photos").mkdir()
    data.make_again(mine, project)
    assert (project / "made").read_text("utf-8") == "run=mine"
    data.make_again(replace(mine, by_hand=None), project)  # of the pipeline: nothing to do


def test_storage_is_that_of_the_project_today(project: Path, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    settings = "[core]\n    remote = b\n"
    settings += "['remote \"b\"']\n    url = ../kept here\n    user = me\n"
    (project / ".dvc").mkdir()
    (project / ".dvc" / "config").write_text(settings, "utf-8")
    (project / ".dvc" / "config.local").write_text(
        "['remote \"b\"']\n    password = a=b\n", "utf-8"
    )
    restored = tmp_path / "restored"
    (restored / ".dvc").mkdir(parents=True)
    data.share_storage(project, restored)
    found = ConfigParser(interpolation=None)
    found.read(restored / ".dvc" / "config.local", "utf-8")
    url = str(project / "kept here")
    assert dict(found["'remote \"b\"'"]) == {"url": url, "user": "me", "password": "a=b"}
    assert found["core"]["remote"] == "b"
    assert found["cache"]["dir"] == str(project / ".dvc" / "cache")


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("WARNING: a\nERROR: no access - b\n\nHaving any troubles?\n", "no access - b"),
        ("Cloning\nfatal: no such thing\n", "no such thing"),
        ("\n", "no reason given"),
    ],
)
def test_of_what_a_program_prints_the_reason_is_told(printed: str, said: str) -> None:
    assert complaint(printed) == said
