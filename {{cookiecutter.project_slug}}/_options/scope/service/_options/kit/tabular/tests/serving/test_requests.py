import asyncio
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import small_data
from requested import rows_of_training
from served import Client

from {{ cookiecutter.package_name }}.predictor import Predictor
from {{ cookiecutter.package_name }}.serving.refusals import RefusedError
from {{ cookiecutter.package_name }}.serving.requests import JSON, Requests

pytestmark = pytest.mark.ml_test_score("mon-2")


@pytest.fixture(scope="module")
def requests(model: Path) -> Requests:
    return Requests(Predictor(model))


@pytest.fixture
def row(pipeline: Path) -> dict[str, Any]:
    return rows_of_training(pipeline, ["row-001"])[0]


def refused(requests: Requests, *rows: Any) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        asyncio.run(requests.read(JSON, json.dumps({"rows": rows}).encode(), 100))
    return caught.value


def test_each_problem_is_told_by_its_place(requests: Requests, row: dict[str, Any]) -> None:
    wrong = row | {"fold": "much", "^never.*$": 7}
    found = refused(requests, row, wrong)
    assert found.status == 422
    assert found.problems == [
        {"place": "rows[1].fold", "expected": "a number or null", "value": "much"},
        {"place": "rows[1].^never.*$", "expected": "true, false or null", "value": "7"},
    ]
    assert found.told == "rows[1].fold: expected a number or null, and 1 more"


def test_a_column_that_is_missing_is_asked_for(requests: Requests, row: dict[str, Any]) -> None:
    found = refused(requests, {name: row[name] for name in row if name != "fold"})
    assert [one["place"] for one in found.problems] == ["rows[0].fold"]


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_are_none_are_refused(value: str, requests: Requests, row: Any) -> None:
    body = json.dumps({"rows": [row | {"fold": 0.5}]}).replace("0.5", value, 1)
    with pytest.raises(RefusedError) as caught:
        asyncio.run(requests.read(JSON, body.encode(), 100))
    assert caught.value.problems[0]["place"] == "rows[0].fold"


def test_other_columns_may_be_there(requests: Requests, row: dict[str, Any]) -> None:
    one, other = (
        asyncio.run(requests.read(JSON, json.dumps({"rows": [sent]}).encode(), 100))
        for sent in (row, row | {"id": 7, small_data.TARGET: "it's", "more": [1, {}]})
    )
    np.testing.assert_array_equal(one, other)


def test_no_rows_are_refused(requests: Requests) -> None:
    assert refused(requests).problems[0]["place"] == "rows"


def test_openapi_names_every_column(client: Client, requests: Requests) -> None:
    document = client.get("/openapi.json").json
    content = document["paths"]["/predict"]["post"]["requestBody"]["content"]
    rows = content[JSON]["schema"]["properties"]["rows"]
    name = rows["items"]["$ref"].removeprefix("#/components/schemas/")
    row = document["components"]["schemas"][name]
    assert row["required"] == list(requests.predictor.columns)
