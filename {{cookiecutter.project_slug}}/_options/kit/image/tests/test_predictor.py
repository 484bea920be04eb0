import shutil
from pathlib import Path

import exporting
import numpy as np
import pytest
from export_cases import odd_rows
from PIL import Image

from {{ cookiecutter.package_name }} import predictor
from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.predictor import Predictor


@pytest.fixture(scope="module")
def trained(pipeline: Path) -> Predictor:
    return Predictor(pipeline / "models" / "network")


@pytest.mark.ml_test_score("mon-3")
def test_files_are_predicted_as_the_prepared_arrays_are(trained: Predictor, pipeline: Path) -> None:
    rows = load_split(pipeline / "data" / "prepared", "test")
    files = [pipeline / "data" / "raw" / name for name in rows.ids]
    np.testing.assert_allclose(
        trained.predict_files(files), trained.predict(rows.inputs), atol=1e-6
    )


def test_probabilities_are_shares_and_do_not_depend_on_the_batch(
    trained: Predictor, pipeline: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = load_split(pipeline / "data" / "prepared", "test").inputs
    together = trained.predict(inputs)
    np.testing.assert_allclose(together.sum(axis=1), 1, atol=1e-5)
    monkeypatch.setattr(predictor, "PIXELS", 4 * inputs[0].size)
    np.testing.assert_allclose(trained.predict(inputs), together, atol=1e-6)
    assert trained.predict(inputs[:0]).shape == (0, len(trained.classes))


@pytest.mark.slow
def test_what_an_exported_network_says_becomes_shares(tmp_path: Path) -> None:
    network, manifest = exporting.network_of("default")
    folder = exporting.write(network, manifest, tmp_path / "network")
    shares = Predictor(folder).predict(odd_rows(manifest, 5))
    assert (shares >= 0).all()
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-5)


def test_the_documented_lines_say_without_torch_what_the_predictor_says(
    trained: Predictor, pipeline: Path, tmp_path: Path
) -> None:
    shutil.copytree(pipeline / "models", tmp_path / "models")
    pixels = load_split(pipeline / "data" / "prepared", "test").inputs[0]
    Image.fromarray(pixels.squeeze()).save(tmp_path / "new.png")
    shares = exporting.documented(tmp_path)
    assert list(shares) == trained.classes
    np.testing.assert_allclose(list(shares.values()), trained.predict(pixels[None])[0], atol=1e-5)


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((2, 9, 8, 1), np.uint8),
        np.zeros((2, 8, 8, 3), np.uint8),
        np.zeros((2, 8, 8, 1), np.float32),
        np.zeros((8, 8, 1), np.uint8),
    ],
    ids=["size", "channels", "type", "rows"],
)
def test_images_that_were_not_prepared_are_refused(trained: Predictor, images: np.ndarray) -> None:
    with pytest.raises(ValueError, match="expected uint8"):
        trained.predict(images)
