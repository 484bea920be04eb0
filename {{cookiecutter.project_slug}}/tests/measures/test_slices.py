from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from toy_tables import HOW, ROWS, table, values

from {{ cookiecutter.package_name }}.config.evaluation import Slice
from {{ cookiecutter.package_name }}.measures import classification, regression, slices
from {{ cookiecutter.package_name }}.predictions import Predictions
from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.stats.multiplicity import holm
from {{ cookiecutter.package_name }}.stats.unpaired import more_errors_p

FACTS = pl.DataFrame({"number": np.arange(ROWS), "kind": ["x", "y", "z", "x"] * (ROWS // 4)})


def described(one: Predictions) -> Predictions:
    return replace(one, facts=FACTS)


def slice_of(name: str, where: str, least_rows: int = 50) -> Slice:
    return Slice(name, where, "because", least_rows, 0.05)


@pytest.mark.ml_test_score("model-6")
def test_each_slice_has_its_value_and_the_difference_there() -> None:
    network, other = described(table(300)), table(200)  # rows 300 on are wrong, 200 on in the other
    chosen = [slice_of("first", "number < 200"), slice_of("middle", "number between 200 and 299")]
    first, middle = slices.declared(classification, network, other, chosen, HOW)
    assert (first["accuracy"]["value"], first["difference"]["value"], first["rows"]) == (1, 0, 200)
    assert (middle["accuracy"]["value"], middle["difference"]["value"]) == (1, 1)
    adjusted = holm([entry["difference"]["p_value"] for entry in (first, middle)])
    assert [e["difference"]["p_adjusted"] for e in (first, middle)] == pytest.approx(adjusted)


@pytest.mark.ml_test_score("model-6")
def test_a_small_slice_and_an_empty_one_are_not_measured_and_have_no_number() -> None:
    chosen = [slice_of("small", "number < 49"), slice_of("empty", "number < 0")]
    for entry in slices.declared(classification, described(table(300)), table(200), chosen, HOW):
        assert not entry["measured"]
        assert entry["why"] == f"{entry['rows']} rows, fewer than 50"
        assert not {"accuracy", "difference"} & set(entry)


def test_errors_of_values_are_measured_in_slices_too() -> None:
    network = described(values(1.0))
    network.outputs[:100] += 3
    chosen = [slice_of("bad", "number < 100"), slice_of("good", "number >= 100")]
    bad, good = slices.declared(regression, network, values(2.0), chosen, HOW)
    assert bad["mae"]["value"] == pytest.approx(4, abs=0.1)
    assert good["difference"]["value"] == pytest.approx(1, abs=0.1)


def test_a_group_that_fares_worse_than_the_rest_is_told_from_those_that_do_not() -> None:
    network = described(table(400))
    wrong = (FACTS["kind"] == "y").to_numpy() & (np.arange(ROWS) < 200)
    network.outputs[wrong] = network.outputs[wrong][:, ::-1]
    found = slices.sensitive(classification, network, ["kind"], 50, HOW)
    by_group = {entry["group"].removeprefix("kind is "): entry for entry in found}
    assert {group: entry["rows"] for group, entry in by_group.items()} == {
        "x": 200,
        "y": 100,
        "z": 100,
    }
    assert by_group["y"]["accuracy"]["value"] == 0.5
    assert by_group["y"]["p_adjusted"] < 0.001 < by_group["x"]["p_adjusted"]


def test_a_group_is_compared_with_the_others_and_not_with_everyone() -> None:
    network = described(table(390))
    errors, inside = classification.errors_of(network), (FACTS["kind"] == "x").to_numpy()
    found = slices.sensitive(classification, network, ["kind"], 50, HOW)
    by_group = {entry["group"]: entry for entry in found}
    expected = more_errors_p(errors[inside], errors[~inside])
    assert by_group["kind is x"]["p_value"] == pytest.approx(expected)


def test_groups_that_are_too_small_are_listed_and_an_unknown_column_is_refused() -> None:
    network = described(table(400))
    found = slices.sensitive(classification, network, ["kind"], 150, HOW)
    assert [entry["measured"] for entry in found] == [True, False, False]
    with pytest.raises(UserError, match=r"evaluation.sensitive: kin: no such fact"):
        slices.sensitive(classification, network, ["kin"], 50, HOW)


def planted(rows: int, share: float, seed: int) -> Predictions:
    """Rows of which those of kind y are wrong with the probability ``share``, others seldom."""
    random = np.random.default_rng(seed)
    facts = pl.DataFrame(
        {"kind": random.choice(["x", "y", "z"], rows), "other": random.random(rows)}
    )
    chance = np.where((facts["kind"] == "y").to_numpy(), share, 0.05)
    one = table(rows, rows)
    wrong = random.random(rows) < chance
    one.outputs[wrong] = one.outputs[wrong][:, ::-1]
    return replace(one, facts=facts)


@pytest.mark.ml_test_score("model-6")
def test_a_weak_slice_is_found_in_one_half_and_confirmed_in_the_other() -> None:
    found = slices.discovered(classification, planted(1200, 0.3, 0), HOW)
    best: dict[str, Any] = found[0]
    assert "kind is y" in best["name"]
    assert best["confirmed"]
    assert best["found_on"]["rows"] + best["rows"] < 1200 / 2
    assert best["error"]["value"] == pytest.approx(0.3, abs=0.1)
    assert best["error"]["method"] == "Wilson"


@pytest.mark.slow
@pytest.mark.ml_test_score("model-6")
def test_a_model_without_weak_slices_gets_none_confirmed_however_many_facts_there_are() -> None:
    random, confirmed = np.random.default_rng(0), 0
    for _ in range(20):
        one = table(600, 600)
        wrong = random.random(600) < 0.2
        one.outputs[wrong] = one.outputs[wrong][:, ::-1]
        facts = pl.DataFrame({f"fact {n}": random.random(600) for n in range(12)})
        found = slices.discovered(classification, replace(one, facts=facts), HOW)
        confirmed += any(entry["confirmed"] for entry in found)
    assert confirmed <= 3  # of twenty, at a level of 5 %


def test_a_sensitive_number_is_measured_in_quarters() -> None:
    found = slices.sensitive(classification, described(table(300)), ["number"], 50, HOW)
    assert [entry["rows"] for entry in found] == [100] * 4
    assert found[0]["group"].startswith("number up to ")
    assert found[3]["accuracy"]["value"] == 0
    assert found[3]["p_adjusted"] < 0.001


def test_a_row_that_several_networks_predicted_counts_once() -> None:
    one = planted(600, 0.05, 3)
    fold = np.repeat(np.arange(5), 600)
    again = one.select(np.tile(np.arange(600), 5))
    for row in range(600, 1200):  # the second network errs where the first does not
        again.outputs[row] = again.outputs[row][::-1]
    table, errors = slices.once_each(again, classification.errors_of(again))
    assert len(table.ids) == len(errors) == 600
    places = {name: place for place, name in enumerate(table.ids)}
    wrong = classification.errors_of(one)
    expected = [(4 * wrong[n] + 1 - wrong[n]) / 5 for n in range(600)]
    assert [errors[places[name]] for name in one.ids] == pytest.approx(expected)
    found = slices.discovered(classification, replace(again, fold=fold), HOW)
    assert all(entry["rows"] + entry["found_on"]["rows"] <= 600 for entry in found)
