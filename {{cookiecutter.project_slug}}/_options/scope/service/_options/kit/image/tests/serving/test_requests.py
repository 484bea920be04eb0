import asyncio
import base64
import io
import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from requested import KIND, request_of, rows_of_training

from {{ cookiecutter.package_name }}.arrays import load_split
from {{ cookiecutter.package_name }}.predictor import Predictor
from {{ cookiecutter.package_name }}.serving.refusals import RefusedError
from {{ cookiecutter.package_name }}.serving.requests import FORM, JSON, Requests

pytestmark = pytest.mark.ml_test_score("mon-2")


@pytest.fixture(scope="module")
def requests(model: Path) -> Requests:
    return Requests(Predictor(model))


@pytest.fixture
def files(pipeline: Path) -> list[bytes]:
    return rows_of_training(pipeline, load_split(pipeline / "data/prepared", "test").ids[:3])


def read(requests: Requests, kind: str, body: bytes) -> Any:
    return asyncio.run(requests.read(kind, body, 100))


def in_json(files: list[bytes]) -> bytes:
    return json.dumps({"images": [base64.b64encode(file).decode() for file in files]}).encode()


def test_files_json_and_a_plain_body_are_the_same_images(
    requests: Requests, files: list[bytes], pipeline: Path
) -> None:
    known = load_split(pipeline / "data/prepared", "test").inputs[:3]
    np.testing.assert_array_equal(read(requests, KIND, request_of(files)), known)
    np.testing.assert_array_equal(read(requests, JSON, in_json(files)), known)
    np.testing.assert_array_equal(read(requests, "image/png", files[0]), known[:1])


def test_each_file_that_is_no_image_is_told(requests: Requests, files: list[bytes]) -> None:
    broken = [files[0], files[1][:60], b"hello"]
    for kind, body in ((KIND, request_of(broken)), (JSON, in_json(broken))):
        with pytest.raises(RefusedError) as caught:
            read(requests, kind, body)
        assert caught.value.status == 422
        assert [one["place"] for one in caught.value.problems] == ["images[1]", "images[2]"]


@pytest.mark.parametrize(
    ("kind", "body", "place"),
    [
        (JSON, b'{"images": []}', "images"),
        (JSON, b'{"images": ["%"]}', "images[0]"),
        (JSON, b'{"images": [1]}', "images[0]"),
        (FORM, b"no boundary", "body"),
        (KIND, b"no parts", "body"),
        (KIND, request_of([]), "body"),
        ("image/png", b"", "images[0]"),
    ],
)
def test_what_holds_no_images_is_refused(
    kind: str, body: bytes, place: str, requests: Requests
) -> None:
    with pytest.raises(RefusedError) as caught:
        read(requests, kind, body)
    assert caught.value.status == 422
    assert caught.value.problems[0]["place"] == place


def bomb(side: int) -> bytes:
    """A small PNG file of many pixels."""
    stream = io.BytesIO()
    Image.new("1", (side, side)).save(stream, "PNG", zlib_level=9)
    assert len(stream.getvalue()) < 200_000
    assert zlib.crc32(stream.getvalue())
    return stream.getvalue()


def test_an_image_that_unpacks_to_too_much_is_refused(requests: Requests) -> None:
    with pytest.raises(RefusedError) as caught:
        read(requests, "image/png", bomb(8000))
    assert caught.value.status == 413
    assert "images[0] of 64,000,000 pixels" in caught.value.told
