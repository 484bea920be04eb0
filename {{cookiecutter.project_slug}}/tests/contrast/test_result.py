import json
from collections.abc import Callable

from {{ cookiecutter.package_name }}.contrast.plan import Contrast
from {{ cookiecutter.package_name }}.contrast.result import listed, sentence
from {{ cookiecutter.package_name }}.experiments.result import Result

Made = Callable[..., Result]


def test_the_sentence_groups_settings_by_their_verdict(made: Made) -> None:
    found = made({"tiny": (0.8, 0.8), "small": (0.6, 0.9), "large": (0.6, 0.9), "odd": (0.9, 0.6)})
    assert found["verdict"]["small"] == "better"
    assert found["sentence"] == (
        "the network is better than the best classical model on small and large, "
        "worse than the best classical model on odd, "
        "neither better nor worse for sure on tiny"
    )


def test_no_verdict_is_left_unsaid(plan: Contrast) -> None:
    told = sentence({"small": "equivalent", "large": "descriptive"}, plan)
    assert told == (
        "the network is equivalent to the best classical model on small, not judged on large"
    )
    assert listed(["a", "b", "c"]) == "a, b and c"


def test_a_stricter_level_widens_the_interval_of_the_difference_alone(made: Made) -> None:
    usual = made({"small": (0.8, 0.82)})["settings"]["small"]
    strict = made({"small": (0.8, 0.82)}, small=1 - 0.05 / 3)["settings"]["small"]
    assert "95 % interval" in usual["sentence"]
    assert "98.3 % interval" in strict["sentence"]
    assert strict["ahead"]["low"] < usual["ahead"]["low"]
    assert strict["ahead"]["high"] > usual["ahead"]["high"]
    assert {side: strict[side]["low"] for side in "ab"} == {s: usual[s]["low"] for s in "ab"}


def test_rows_that_are_not_as_planned_are_said_with_their_setting(made: Made) -> None:
    found = made({"small": (0.8, 0.8), "other": (0.8, 0.8)})
    assert found["rows"] == {"small": 400, "other": 400}
    assert found["deviations"] == ["other: 400 rows, 0 planned"]


def test_everything_is_ready_for_json(made: Made) -> None:
    found = made({"small": (0.8, 0.9)})
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["settings"]["small"]["b"]["chosen"] == ["as configured"] * 5
