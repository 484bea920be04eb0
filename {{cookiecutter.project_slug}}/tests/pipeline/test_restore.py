"""From a run back to its project, after everything has changed."""

import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from import_graph import PACKAGE
from kit_facts import EDITS
from mlflow import MlflowClient
from project_copy import OUTPUTS, ProjectCopy, digest

pytestmark = [pytest.mark.slow, pytest.mark.full]  # six pipelines

SEED = "seed_everything(seed,"  # in training/trainer.py: it changes every weight
IMPORT = "from ..config.training import"
GROUP, KEY, (_, NEW), _ = next(edit for edit in EDITS if "ingest" in edit[3])
OTHER_DATA = f"{GROUP}.{KEY}={NEW}"
OTHER_SPLIT = "data.split.test=0.3"


@dataclass(frozen=True)
class Run:
    identity: str
    outputs: dict[str, str | None]  # a hash of each


@dataclass(frozen=True)
class History:
    """A project in which much has happened since its runs."""

    copy: ProjectCopy
    clean: Run
    dirty: Run
    by_hand: Run

    def restore(self, wanted: str, folder: Path) -> tuple[ProjectCopy, str]:
        """The restored project, and what was printed."""
        printed = self.copy.run("project_tools.restore.command", wanted, str(folder))
        return ProjectCopy(folder, self.copy.beside), printed


def commit_and_push(copy: ProjectCopy) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.com")
    for words in (["add", "--all"], ["commit", "-q", "-m", "so far"]):
        command = ["git", *identity, *words]
        subprocess.run(command, cwd=copy.folder, env=copy.environment, check=True)
    copy.run("dvc", "push")


def newest(copy: ProjectCopy, name: str, outputs: dict[str, str | None]) -> Run:
    client = MlflowClient(f"sqlite:///{(copy.folder / 'mlflow.db').as_posix()}")
    experiments = [one.experiment_id for one in client.search_experiments()]
    found = client.search_runs(experiments, f"attributes.run_name = '{name}'")
    return Run(found[0].info.run_id, outputs)


@pytest.fixture(scope="module")
def history(undisturbed: ProjectCopy, tmp_path_factory: pytest.TempPathFactory) -> History:
    copy = undisturbed.copy(tmp_path_factory.mktemp("a history é"))
    copy.verb("choices.use", "tracking.enabled=true")
    commit_and_push(copy)
    copy.repro()
    clean = newest(copy, "pipeline", copy.outputs())
    commit_and_push(copy)

    edit_the_code(copy)
    copy.verb("choices.use", OTHER_DATA)
    copy.repro()
    dirty = newest(copy, "pipeline", copy.outputs())

    copy.verb("prepare", "run=own", OTHER_SPLIT)
    copy.verb("audit", "run=own")
    copy.verb("train", "run=own", "trainer.max_epochs=1")
    own = copy.folder / "runs" / "own"
    made = ("data/prepared", "models/network")
    by_hand = newest(copy, "own", {name: digest(own / name) for name in made})

    commit_and_push(copy)
    for name in ("data", "models", "runs", "src", "params.yaml", "dvc.lock"):  # a bad day
        path = copy.folder / name
        shutil.rmtree(path) if path.is_dir() else path.write_text("garbage", "utf-8")
    (copy.folder / "dvc.yaml").write_text("stages: {}\n", "utf-8")
    return History(copy, clean, dirty, by_hand)


def edit_the_code(copy: ProjectCopy) -> None:
    """Change what training does, in a file that git knows and in a new one."""
    file = copy.folder / "src" / PACKAGE / "training/trainer.py"
    text = file.read_text("utf-8")
    assert text.count(SEED) == text.count(IMPORT) == 1
    text = text.replace(SEED, "seed_everything(shifted(seed),")
    file.write_text(text.replace(IMPORT, f"from ..shift import shifted\n{IMPORT}"), "utf-8")
    new = copy.folder / "src" / PACKAGE / "shift.py"
    new.write_text("def shifted(seed: int) -> int:\n    return seed + 1\n", "utf-8")


def test_the_runs_differ(history: History) -> None:
    clean, dirty = history.clean.outputs, history.dirty.outputs
    changed = {name for name in OUTPUTS if clean[name] != dirty[name]}
    assert {"data/raw", "data/prepared", "models/network", "reports/metrics.json"} <= changed


def test_a_clean_run_comes_back_from_the_remote_when_the_cache_is_gone(
    history: History, tmp_path: Path
) -> None:
    here = replace(history, copy=history.copy.copy(tmp_path))
    shutil.rmtree(here.copy.folder / ".dvc" / "cache")
    restored, printed = here.restore(history.clean.identity[:10], tmp_path / "a b")
    assert "asking the remote" in printed
    assert "the hashes of train, val, test are those of the run" in printed
    assert restored.repro() == {"evaluate", "report"}  # evaluate recorded what came before it
    assert restored.outputs() == history.clean.outputs
    assert restored.status() == {}


def test_a_dirty_run_comes_back_with_its_code_its_choices_and_its_data(
    history: History, tmp_path: Path
) -> None:
    restored, printed = history.restore(history.dirty.identity, tmp_path / "restored")
    assert "what differed from it, new files: 1" in printed
    assert "asking the remote" not in printed
    assert OTHER_DATA in (restored.conf / "current.yaml").read_text("utf-8")
    restored.repro("--force", "--single-item", "train")  # the code is that of the run, too
    restored.repro()
    assert restored.outputs() == history.dirty.outputs


def test_a_run_by_hand_comes_back_with_the_data_that_it_made_itself(
    history: History, tmp_path: Path
) -> None:
    restored, printed = history.restore("own", tmp_path / "restored")
    assert "data/prepared made again; the hashes of train, val, test are those" in printed
    own = restored.folder / "runs" / "own"
    assert digest(own / "data" / "prepared") == history.by_hand.outputs["data/prepared"]
    assert printed.rstrip().endswith("> uv run train run=own")
    restored.verb("train", "run=own")
    assert {name: digest(own / name) for name in history.by_hand.outputs} == (
        history.by_hand.outputs
    )


def test_data_that_are_nowhere_are_named_and_that_is_a_failure(
    history: History, tmp_path: Path
) -> None:
    copy = history.copy.copy(tmp_path)
    shutil.rmtree(copy.folder / ".dvc" / "cache")
    shutil.rmtree(copy.folder / ".dvc-remote")
    log = tmp_path / "log"
    words = ("project_tools.restore.command", history.clean.identity)
    status = copy.start(*words, log=log).wait()
    printed = log.read_text("utf-8")
    assert status == 1
    assert "restore: data/raw and data/prepared: neither in the cache nor in a remote." in printed
    beside = copy.folder.with_name(f"project-{history.clean.identity[:8]}")
    assert f"Code and configuration are in {beside}" in printed
    assert (beside / "src" / PACKAGE / "train.py").is_file()
