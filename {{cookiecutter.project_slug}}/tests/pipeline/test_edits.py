"""What an edit re-runs: exactly the stages that read the value, or import the file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from import_graph import PACKAGE, SOURCE, files_of, sources, stages
from kit_facts import EDITS
from omegaconf import OmegaConf
from project_copy import ProjectCopy

pytestmark = pytest.mark.slow

ANY_SLICE = {"name": "x", "where": "y > 1", "reason": "z", "least_rows": 50, "margin": 0.1}
# group, key, two values of which one is new, the stages that read the key
COMMON = [
    ("optimizer", "lr", (0.01, 0.02), {"train"}),
    ("trainer", "threads", (1, 2), {"train", "score"}),
    ("trainer", "patience", (10, 20), {"train"}),
    ("audit", "accept", (["future"], ["telling"]), {"audit"}),
    ("baselines", "max_rows", (5000, 9000), {"baselines"}),
    ("evaluation", "resamples", (1000, 3000), {"evaluate"}),
    ("evaluation", "robustness.rows", (500, 800), {"baselines", "score", "evaluate"}),
    ("evaluation", "behaviour.rows", (100, 150), {"score", "evaluate"}),
    ("evaluation", "sensitive", (["a"], ["b"]), {"score", "evaluate"}),
    ("evaluation", "slices", ([ANY_SLICE], [ANY_SLICE | {"name": "y"}]), {"score", "evaluate"}),
    ("tracking", "timeout", (1.0, 2.0), {"train", "evaluate"}),
    ("", "seed", (1, 2), {"train", "baselines", "evaluate"}),
    ("", "run", ("a", "b"), set()),
]


def file_of(copy: ProjectCopy, group: str) -> Path:
    """The file of the choice that conf/config.yaml makes in a group."""
    top = copy.conf / "config.yaml"
    chosen = {k: v for entry in cast(Any, OmegaConf.load(top)).defaults for k, v in _items(entry)}
    return copy.conf / group / f"{chosen[group]}.yaml" if group else top


def _items(entry: Any) -> list[tuple[str, str]]:
    return [] if isinstance(entry, str) else list(entry.items())


def edit(copy: ProjectCopy, group: str, key: str, values: tuple[Any, Any]) -> None:
    """Write a new value into the file of the choice, which may take it from another file."""
    old = OmegaConf.select(OmegaConf.load(copy.folder / "params.yaml"), f"{group}.{key}".strip("."))
    file = file_of(copy, group)
    content = OmegaConf.load(file)
    OmegaConf.update(content, key, next(value for value in values if value != old))
    OmegaConf.save(content, file)


@pytest.fixture
def edited(shared: ProjectCopy) -> Iterator[ProjectCopy]:
    """The project, whose conf/ and sources are put back after the test."""
    sources = [file for file in shared.conf.parent.rglob("*") if file.suffix in (".py", ".yaml")]
    files = [*sources, shared.folder / "params.yaml", shared.folder / "dvc.lock"]
    contents = {file: file.read_bytes() for file in files}
    yield shared
    for file, content in contents.items():
        if file.read_bytes() != content:
            file.write_bytes(content)


def cases() -> Iterator[object]:
    """One key for each set of readers always, the others with `-m full`."""
    seen: set[frozenset[str]] = set()
    for group, key, values, readers in [*COMMON, *EDITS]:
        again = frozenset(readers) in seen
        marks = [pytest.mark.full] if again else []
        yield pytest.param(group, key, values, readers, id=f"{group}.{key}", marks=marks)
        seen.add(frozenset(readers))


@pytest.mark.parametrize(("group", "key", "values", "readers"), cases())
def test_an_edited_value_makes_its_readers_stale_and_no_other_stage(
    edited: ProjectCopy, group: str, key: str, values: tuple[Any, Any], readers: set[str]
) -> None:
    edit(edited, group, key, values)
    edited.verb("compose", "--stage")  # as dvc does, which would take three times as long
    assert set(edited.status()) == {"compose", *readers}


def test_edited_sources_make_the_stages_stale_that_import_them(edited: ProjectCopy) -> None:
    for file in edited.conf.parent.rglob("*.py"):
        with file.open("a", encoding="utf-8") as stream:
            stream.write("# edited\n")
    stale = {
        name: {path for change in changes for path in change.get("changed deps", {})}
        for name, changes in edited.status().items()
    }
    start = SOURCE.relative_to(SOURCE.parents[1]).as_posix()
    assert start == f"src/{PACKAGE}"
    assert stale == {
        name: {f"{start}/{one}" for one in stage.dependencies if files_of(one) & sources(name)}
        for name, stage in stages().items()
    }


def test_an_edited_value_and_an_edited_file_rerun_only_what_follows(finished: ProjectCopy) -> None:
    edit(finished, "evaluation", "resamples", (1000, 3000))
    assert finished.repro() == {"compose", "evaluate", "report"}
    with (finished.conf.parent / "reporting" / "page.py").open("a", encoding="utf-8") as stream:
        stream.write("# edited\n")
    assert finished.repro() == {"report"}


@pytest.mark.ml_test_score("infra-1")
def test_a_second_run_of_the_pipeline_does_nothing(finished: ProjectCopy) -> None:
    def state() -> dict[Path, int]:
        seen = finished.folder.rglob("*")
        return {f: f.stat().st_mtime_ns for f in seen if not {"tmp", ".git"} & set(f.parts)}

    before = state()
    assert finished.repro() == set()
    assert state() == before
