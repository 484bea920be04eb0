import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from {{ cookiecutter.package_name }}.gate import procedure
from {{ cookiecutter.package_name }}.gate.registry import CHALLENGER, CHAMPION, Registry
from {{ cookiecutter.package_name }}.gate.verdict import Verdict
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.tracking.lineage import file_hash

Gate = Callable[..., bool]
SOURCE = Path(procedure.__file__).parents[1]


def in_use(registry: Registry) -> tuple[str | None, ...]:
    """The versions of champion, challenger and anchor."""
    found = registry.in_use(CHAMPION), registry.in_use(CHALLENGER), registry.anchor()
    return tuple(version.number if version else None for version in found)


def decisions(project: Path) -> list[dict[str, Any]]:
    files = sorted((project / "records/decisions").glob("*.json"))
    return [json.loads(file.read_text("utf-8")) for file in files]


@pytest.mark.slow
def test_only_a_model_that_is_better_or_equal_takes_over_and_equal_ones_leave_the_anchor(
    gate: Gate, registry: Registry, retrain: Callable[[], None], repository: Path
) -> None:
    assert not gate(Verdict.INCONCLUSIVE)
    assert in_use(registry) == (None, "1", None)
    assert gate(Verdict.PROMOTE)
    assert in_use(registry) == ("1", "1", "1")
    retrain()
    for verdict in (Verdict.REJECT, Verdict.INVALID, Verdict.INCONCLUSIVE):
        assert not gate(verdict)
        assert in_use(registry) == ("1", "2", "1")
    assert gate(Verdict.EQUIVALENT)
    assert in_use(registry) == ("2", "2", "1")
    retrain()
    assert gate(Verdict.PROMOTE)
    assert in_use(registry) == ("3", "3", "3")
    taken = [one["champion"] for one in decisions(repository) if one["verdict"] != "REJECT"]
    assert {None, "1", "2", "3"} == set(taken)


@pytest.mark.slow
def test_a_decision_is_written_down_with_its_numbers_and_hashes(
    gate: Gate, registry: Registry, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert gate(Verdict.PROMOTE)
    (kept,) = decisions(repository)
    model = file_hash(repository / "models/network/state.ckpt")
    assert kept["challenger"] == {"version": "1", "model_hash": model}
    assert (kept["verdict"], kept["champion_before"], kept["champion"]) == ("PROMOTE", None, "1")
    assert {"decided_at", "decided_by", "difference", "guards", "looks", "commit"} <= set(kept)
    metrics = json.loads((repository / "reports/metrics.json").read_text("utf-8"))
    best = metrics["comparison"]["best_baseline"]
    assert kept["against"] == best
    assert kept["test_set"]["hash"] == metrics["test_set"]["hash"]
    assert kept["difference"]["value"] == pytest.approx(
        metrics["comparison"]["differences"][best]["value"]
    )
    champion = registry.in_use(CHAMPION)
    assert champion is not None
    assert champion.tags["verdict"] == "PROMOTE"
    assert champion.tags["test_set"] == kept["test_set"]["hash"]
    assert json.loads(champion.tags["difference"]) == kept["difference"]
    shown = capsys.readouterr().out
    assert f"version 1 against {best}" in shown
    assert "version 1 is the champion now" in shown
    assert "recorded in records/decisions/" in shown


@pytest.mark.slow
def test_the_model_in_use_is_not_judged_against_itself(gate: Gate) -> None:
    gate(Verdict.PROMOTE)
    with pytest.raises(UserError, match="is version 1, and in use already"):
        gate()


@pytest.mark.slow
def test_a_model_that_no_run_has_logged_cannot_be_registered(gate: Gate, repository: Path) -> None:
    state = repository / "models/network/state.ckpt"
    state.write_bytes(state.read_bytes() + b" ")
    with pytest.raises(UserError, match="no run has logged models/network"):
        gate()


@pytest.mark.slow
@pytest.mark.ml_test_score("infra-4")
def test_few_rows_and_accepted_leaks_are_invalid(
    gate: Gate, repository: Path, registry: Registry
) -> None:
    assert not gate()
    audit = repository / "reports/audit.json"
    audit.write_text(
        json.dumps([{"kind": "copy", "rows": 1, "message": "one row is a copy"}]), "utf-8"
    )
    assert not gate()
    few, leaking = decisions(repository)
    assert (few["verdict"], leaking["verdict"]) == ("INVALID", "INVALID")
    assert "fewer than 300" in few["why"]
    assert leaking["problems"] == ["accepted leak: one row is a copy"]
    assert registry.in_use(CHAMPION) is None


@pytest.mark.slow
@pytest.mark.parametrize("change", ["source", "records", "nothing committed"])
@pytest.mark.ml_test_score("model-1")
def test_what_does_not_follow_from_a_commit_is_refused(repository: Path, change: str) -> None:
    messages = {
        "source": "not committed: .*note.txt",
        "records": "dvc status: ",  # this project has no DVC: so far it came
        "nothing committed": "there is no commit yet",
    }
    if change == "nothing committed":
        (repository / ".git").rename(repository.parent / "away")
    folder = repository / ("records" if change == "records" else ".")
    folder.mkdir(exist_ok=True)
    (folder / "note.txt").write_text("changed", "utf-8")
    with pytest.raises(UserError, match=messages[change]):
        procedure.require_committed(repository)


@pytest.mark.ml_test_score("infra-4")
def test_nothing_but_the_registry_of_the_gate_moves_an_alias() -> None:
    writers = [
        file.relative_to(SOURCE).as_posix()
        for file in SOURCE.rglob("*.py")
        if "registered_model_alias" in file.read_text("utf-8")
    ]
    others = {"migration/versions.py"}  # of a service: `migrate` copies them
    assert set(writers) - others == {"gate/registry.py"}
    callers = [
        file.relative_to(SOURCE).as_posix()
        for file in SOURCE.rglob("*.py")
        if "registry.point(" in file.read_text("utf-8")
    ]
    assert sorted(callers) == ["gate/procedure.py", "gate/rollback.py"]
