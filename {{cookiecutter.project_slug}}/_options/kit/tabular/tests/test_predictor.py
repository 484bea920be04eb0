import json
import shutil
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import small_data
from exporting import documented
from kit_facts import raw_examples

from {{ cookiecutter.package_name }} import predictor
from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.predictor import Predictor
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.schema import Manifest, signature


@pytest.fixture(scope="module")
def trained(pipeline: Path) -> Predictor:
    return Predictor(pipeline / "models" / "network")


def raw_rows(ids: list[str]) -> list[dict[str, str]]:
    known = {row[small_data.KEY]: row for row in small_data.table()}
    return [known[name] for name in ids]


@pytest.mark.ml_test_score("mon-3")
def test_files_are_predicted_as_the_prepared_arrays_are(
    trained: Predictor, pipeline: Path, tmp_path: Path
) -> None:
    rows = load_split(pipeline / "data" / "prepared", "test")
    file = small_data.write_csv(tmp_path / "new.csv", raw_rows(rows.ids))
    np.testing.assert_allclose(
        trained.predict_files([file]), trained.predict(rows.inputs), atol=1e-6
    )


def test_a_category_never_seen_counts_as_missing(trained: Predictor) -> None:
    row = raw_rows(["row-001"])[0]
    rows = [row | {small_data.COLOR: value} for value in ("never seen", "", "NA")]
    probabilities = trained.predict_table(pl.DataFrame(rows).lazy())
    assert np.isfinite(probabilities).all()
    np.testing.assert_allclose(probabilities[0], probabilities[1])
    np.testing.assert_allclose(probabilities[0], probabilities[2])


def test_columns_come_in_any_order_and_more_or_fewer_than_needed(trained: Predictor) -> None:
    row = raw_rows(["row-001"])[0]
    needed = {name: row[name] for name in (small_data.SIZE, "fold", small_data.COLOR, "^never.*$")}
    few, many = (
        trained.predict_table(pl.DataFrame([one]).lazy()) for one in (needed, row | {"more": "x"})
    )
    np.testing.assert_array_equal(few, many)
    backwards = dict(reversed(row.items()))
    np.testing.assert_array_equal(trained.predict_table(pl.DataFrame([backwards]).lazy()), few)


def test_a_column_that_is_missing_is_named_with_the_nearest(trained: Predictor) -> None:
    row = {**raw_rows(["row-001"])[0]}
    row["folds"] = row.pop("fold")
    with pytest.raises(UserError, match=r"fold: no such column, .*Did you mean 'folds'"):
        trained.predict_table(pl.DataFrame([row]).lazy())


def test_a_value_of_the_wrong_kind_is_refused(trained: Predictor) -> None:
    row = raw_rows(["row-001"])[0] | {"fold": "much"}
    with pytest.raises(UserError, match="fold: 1 values are no number"):
        trained.predict_table(pl.DataFrame([row]).lazy())


def test_probabilities_are_shares_and_do_not_depend_on_the_batch(
    trained: Predictor, pipeline: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = load_split(pipeline / "data" / "prepared", "test").inputs
    together = trained.predict(inputs)
    np.testing.assert_allclose(together.sum(axis=1), 1, atol=1e-5)
    monkeypatch.setattr(predictor, "VALUES", 4 * inputs[0].size)
    np.testing.assert_allclose(trained.predict(inputs), together, atol=1e-6)
    assert trained.predict(inputs[:0]).shape == (0, len(trained.classes))


@pytest.mark.parametrize(
    "features",
    [np.zeros((2, 9), np.float32), np.zeros((2, 4)), np.zeros(4, np.float32)],
    ids=["width", "type", "rows"],
)
def test_rows_that_were_not_prepared_are_refused(trained: Predictor, features: np.ndarray) -> None:
    with pytest.raises(ValueError, match="expected float32"):
        trained.predict(features)


def test_the_documented_lines_say_without_torch_what_the_predictor_says(
    trained: Predictor, pipeline: Path, tmp_path: Path
) -> None:
    shutil.copytree(pipeline / "models", tmp_path / "models")
    table, expected = raw_examples(pipeline)
    for number in range(len(table)):
        (tmp_path / "row.json").write_text(table.iloc[number].to_json(), "utf-8")
        shares = documented(tmp_path)
        assert list(shares) == trained.classes
        np.testing.assert_allclose(list(shares.values()), expected[number], atol=1e-5)


def test_the_model_folder_names_what_it_needs(pipeline: Path) -> None:
    facts = json.loads((pipeline / "models/network/model.json").read_text("utf-8"))
    assert facts["target"] == small_data.TARGET
    assert small_data.KEY not in facts["columns"]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_mlflow_takes_the_rows_of_a_data_frame_as_pandas_reads_them(
    trained: Predictor, pipeline: Path, tmp_path: Path
) -> None:
    import mlflow.pyfunc
    import pandas as pd
    from mlflow.models import ModelSignature

    rows = [row | {"fold": "2"} for row in raw_rows(["row-001", "row-002"])]
    file = small_data.write_csv(tmp_path / "rows.csv", rows)
    mlflow.pyfunc.save_model(
        tmp_path / "model",
        loader_module=predictor.__name__,
        data_path=str(pipeline / "models" / "network"),
        signature=ModelSignature(*signature(Manifest.load(pipeline / "data" / "prepared"))),
        pip_requirements=[],
    )
    frame = pd.read_csv(file, true_values=["yes"], false_values=["no"])
    assert [frame[name].dtype.kind for name in ("fold", "^never.*$")] == ["i", "b"]
    found = mlflow.pyfunc.load_model(str(tmp_path / "model")).predict(frame)
    np.testing.assert_allclose(np.asarray(found), trained.predict_files([str(file)]), atol=1e-6)
