import weakref
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from kit_facts import spoil
from polars.testing import assert_frame_equal

from {{ cookiecutter.package_name }}.checks.table import PROBABILITY
from {{ cookiecutter.package_name }}.prediction import procedure
from {{ cookiecutter.package_name }}.prediction.chunk import Chunk
from {{ cookiecutter.package_name }}.prediction.procedure import predict_files, tabled
from {{ cookiecutter.package_name }}.prediction.source import Source
from {{ cookiecutter.package_name }}.predictor import Predictor
from {{ cookiecutter.package_name }}.runtime.errors import PreemptedError, UserError


class Stopping(Predictor):
    """Predicts some pieces, and then is interrupted."""

    pieces = 10**6
    error: type[BaseException] = RuntimeError
    begun = 0

    def __init__(self, folder: Path | str) -> None:
        super().__init__(folder)
        program = self.program

        def counted(batch: Any) -> Any:
            type(self).begun += 1
            if self.begun > self.pieces:
                raise self.error
            return program(batch)

        self.program: Any = counted


@pytest.fixture
def stopping(monkeypatch: pytest.MonkeyPatch) -> type[Stopping]:
    monkeypatch.setattr(procedure, "Predictor", Stopping)
    monkeypatch.setattr(Stopping, "begun", 0)
    return Stopping


def in_pieces(rows: Path, model: Path) -> Source:
    source = Source(rows, model, [])
    source.size = 16
    return source


@pytest.mark.ml_test_score("infra-3")
def test_each_row_gets_what_the_predictor_says_in_order(
    rows: Path, model: Path, tmp_path: Path
) -> None:
    to = tmp_path / "made/predictions.parquet"
    good, bad = predict_files(model, in_pieces(rows, model), to)
    table, predictor = pl.read_parquet(to), Predictor(model)
    assert (good, bad) == (table.height, 0)
    chunks = list(Source(rows, model, []).chunks(0))
    expected = np.concatenate([predictor.predict(one.inputs) for one in chunks])
    found = table.select(PROBABILITY + name for name in predictor.classes).to_numpy()
    np.testing.assert_allclose(found, expected, atol=1e-6)
    names = [predictor.classes[place] for place in expected.argmax(axis=1)]
    assert table["prediction"].to_list() == names
    assert table.columns[0] == chunks[0].named.columns[0]
    assert sorted(file.name for file in to.parent.iterdir()) == [to.name]


def test_a_row_that_cannot_be_read_is_told_with_its_reason_and_costs_no_other(
    rows: Path, model: Path, tmp_path: Path
) -> None:
    to, name = tmp_path / "predictions.parquet", spoil(rows)
    good, bad = predict_files(model, in_pieces(rows, model), to)
    assert bad == 1
    assert pl.read_parquet(to).height == good
    beside = pl.read_csv(tmp_path / "predictions.bad.csv", infer_schema=False)
    assert beside.height == 1
    assert beside.row(0)[0] == name
    assert beside["reason"][0]
    assert name not in pl.read_parquet(to).to_series(0).cast(pl.String)


@pytest.mark.slow
@pytest.mark.parametrize("pieces", [0, 3])
def test_interrupted_it_goes_on_and_comes_to_the_same(
    pieces: int,
    rows: Path,
    model: Path,
    tmp_path: Path,
    stopping: type[Stopping],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spoil(rows)
    whole, to = tmp_path / "whole.parquet", tmp_path / "predictions.parquet"
    predict_files(model, in_pieces(rows, model), whole)
    every = stopping.begun
    monkeypatch.setattr(stopping, "begun", 0)
    monkeypatch.setattr(stopping, "pieces", pieces)
    with pytest.raises(RuntimeError):
        predict_files(model, in_pieces(rows, model), to)
    assert not to.exists()
    monkeypatch.setattr(stopping, "pieces", every)
    monkeypatch.setattr(stopping, "begun", 0)
    predict_files(model, in_pieces(rows, model), to)
    assert stopping.begun == every - pieces
    assert_frame_equal(pl.read_parquet(to), pl.read_parquet(whole))
    beside = [file.with_suffix(".bad.csv").read_text("utf-8") for file in (to, whole)]
    assert beside[0] == beside[1]


def test_ctrl_c_says_how_to_go_on(
    rows: Path,
    model: Path,
    tmp_path: Path,
    stopping: type[Stopping],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stopping, "pieces", 2)
    monkeypatch.setattr(stopping, "error", KeyboardInterrupt)
    with pytest.raises(PreemptedError, match="after 32 rows; the same command goes on") as caught:
        predict_files(model, in_pieces(rows, model), tmp_path / "predictions.parquet")
    assert caught.value.code == 130


def test_rows_that_have_changed_meanwhile_are_predicted_anew(
    rows: Path,
    model: Path,
    tmp_path: Path,
    stopping: type[Stopping],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    to = tmp_path / "predictions.parquet"
    monkeypatch.setattr(stopping, "pieces", 2)
    with pytest.raises(RuntimeError):
        predict_files(model, in_pieces(rows, model), to)
    name = spoil(rows)
    monkeypatch.setattr(stopping, "pieces", 10**6)
    assert predict_files(model, in_pieces(rows, model), to)[1] == 1
    assert name not in pl.read_parquet(to).to_series(0).cast(pl.String)


def test_where_no_row_can_be_read_nothing_is_written(
    rows: Path, model: Path, tmp_path: Path
) -> None:
    class Unreadable(Source):
        def chunks(self, first: int) -> Any:
            for chunk in super().chunks(first):
                name = chunk.named.columns[0]
                bad = chunk.named.select(name, reason=pl.lit("torn"))
                yield type(chunk)(chunk.named.clear(), chunk.inputs[:0], bad)

    to = tmp_path / "predictions.parquet"
    to.write_text("of before", "utf-8")
    with pytest.raises(UserError, match=r"none of its \d+ rows can be read, .*: torn\.$"):
        predict_files(model, Unreadable(rows, model, []), to)
    assert to.read_text("utf-8") == "of before"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["predictions.parquet", "rows"]


@pytest.mark.slow
def test_only_a_few_pieces_are_in_memory_at_a_time(rows: Path, model: Path, tmp_path: Path) -> None:
    alive: list[weakref.ref[Any]] = []
    most = 0

    class Counting(Source):
        def chunks(self, first: int) -> Any:
            nonlocal most
            for chunk in super().chunks(first):
                alive.append(weakref.ref(chunk))
                most = max(most, sum(one() is not None for one in alive))
                yield chunk
                del chunk

    source = Counting(rows, model, [])
    source.size = 4
    predict_files(model, source, tmp_path / "predictions.parquet")
    assert len(alive) > 20
    assert most <= 4


def test_a_class_is_named_to_its_last_letter() -> None:
    named = pl.DataFrame({"id": ["a", "b"]})
    table = tabled(Chunk(named, None, named), np.array([[0.9, 0.1], [0.2, 0.8]]), ["x\0", "y"])
    assert table["prediction"].to_list() == ["x\0", "y"]
    assert table.columns == ["id", "prediction", f"{PROBABILITY}x\0", f"{PROBABILITY}y"]
