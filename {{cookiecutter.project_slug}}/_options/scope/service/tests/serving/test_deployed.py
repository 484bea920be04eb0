import json
import shutil
import threading
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from requested import KIND, request_of, rows_of_training
from served import Client, listening, loaded, settings, wait_until

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.gate.registry import Registry, Version
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.serving import deployed
from {{ cookiecutter.package_name }}.serving.deployed import InUse
from {{ cookiecutter.package_name }}.serving.service import Service
from {{ cookiecutter.package_name }}.tracking.lineage import file_hash


class Versions(Registry):
    """A registry of model folders; the last one is the champion."""

    def __init__(self, folders: list[Path]) -> None:
        self.folders, self.away = folders, False

    def explained(self) -> Any:
        import contextlib

        return contextlib.nullcontext()

    def in_use(self, alias: str) -> Version | None:
        if self.away:
            raise UserError("the registry does not answer")
        if not self.folders:
            return None
        number = len(self.folders)
        return Version(str(number), "run", file_hash(self.folders[-1] / "state.ckpt"), {})

    def folder(self, version: Version, to: Path) -> Path:
        return shutil.copytree(self.folders[int(version.number) - 1], to / "data/network")


def another(model: Path, folder: Path) -> Path:
    """The same model under another hash, as if it had been trained anew."""
    shutil.copytree(model, folder)
    with (folder / "state.ckpt").open("ab") as stream:
        stream.write(b"anew")
    return folder


def is_in_use(client: Client, version: str) -> bool:
    assert client.get("/ready").status == 200
    return client.get("/info").json["version"] == version


def test_a_promotion_takes_over_and_what_is_in_use_already_is_not_loaded_anew(
    model: Path, tmp_path: Path
) -> None:
    registry = Versions([model])
    in_use = InUse("champion", tmp_path, registry)
    assert in_use.look()
    first = in_use.now
    assert not in_use.look()
    assert in_use.now is first
    registry.folders.append(another(model, tmp_path / "second"))
    assert in_use.look()
    assert in_use.now is not None
    assert in_use.now.version == "2"


@pytest.mark.parametrize("damage", ["program.pt2", "model.json"])
def test_one_that_does_not_work_leaves_the_old_one_in_use(
    damage: str, model: Path, tmp_path: Path
) -> None:
    registry = Versions([model])
    in_use = InUse("champion", tmp_path, registry)
    in_use.look()
    broken = another(model, tmp_path / "second")
    (broken / damage).write_bytes(b"torn")
    registry.folders.append(broken)
    with pytest.raises(UserError):
        in_use.look()
    assert in_use.now is not None
    assert in_use.now.version == "1"


def test_one_that_cannot_predict_is_refused(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Another(deployed.Predictor):
        def __init__(self, folder: Path | str) -> None:
            super().__init__(folder)
            self.program = torch.nn.Linear(1, 1)

    monkeypatch.setattr(deployed, "Predictor", Another)
    with pytest.raises(UserError, match="network: it cannot predict"):
        InUse(str(model), tmp_path, None).look()


@pytest.mark.ml_test_score("mon-5")
def test_one_that_predicts_no_numbers_is_refused(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(deployed.Predictor):
        def predict(self, *inputs: Any, **named: Any) -> Any:
            return super().predict(*inputs, **named) * np.nan

    monkeypatch.setattr(deployed, "Predictor", Broken)
    with pytest.raises(UserError, match="it does not predict finite numbers"):
        InUse(str(model), tmp_path, None).look()


@pytest.mark.slow
def test_no_request_is_dropped_while_models_take_over(
    model: Path, pipeline: Path, tmp_path: Path
) -> None:
    registry = Versions([model])
    in_use = InUse("champion", tmp_path, registry)
    in_use.look()
    ids = load_split(pipeline / "data/prepared", "test").ids[:2]
    body = request_of(rows_of_training(pipeline, ids))
    answers: list[tuple[int, str]] = []
    done = threading.Event()

    def ask(client: Client) -> None:
        while not done.is_set():
            answer = client.post(body, KIND)
            answers.append((answer.status, str(answer.json.get("version"))))

    with listening(Service.of(settings("refresh=0.05"), in_use)) as client:
        threads = [threading.Thread(target=ask, args=(client,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for number in (2, 3):
            registry.folders.append(another(registry.folders[-1], tmp_path / f"version {number}"))
            wait_until(partial(is_in_use, client, str(number)))
        client.post(body, KIND)
        done.set()
        for thread in threads:
            thread.join()
    assert {status for status, _ in answers} == {200}
    assert {version for _, version in answers} >= {"1", "2"}


@pytest.mark.slow
def test_a_registry_that_is_away_ends_nothing(model: Path, tmp_path: Path) -> None:
    registry = Versions([model])
    in_use = InUse("champion", tmp_path, registry)
    in_use.look()
    registry.away = True
    with listening(Service.of(settings("refresh=0.01"), in_use)) as client:
        for _ in range(20):
            assert client.get("/ready").status == 200
        registry.away = False
        registry.folders.append(another(model, tmp_path / "second"))
        wait_until(partial(is_in_use, client, "2"))


def test_a_folder_says_what_it_is(model: Path) -> None:
    found = loaded(model).now
    assert found is not None
    facts = json.loads((model / "model.json").read_text("utf-8"))
    assert found.about["signature"] == facts["signature"]
    assert found.about["model"] == model.name
