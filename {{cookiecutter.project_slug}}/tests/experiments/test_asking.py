import pytest

from {{ cookiecutter.package_name }}.experiments.asking import Asked, read
from {{ cookiecutter.package_name }}.runtime.errors import UserError

WIDER = {"a": list[str](), "b": ["model.width=48"]}


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (["wide"], Asked("wide", False, {"a": []})),
        (["wide", "--again"], Asked("wide", False, {"a": []}, again=True)),
        (["--new", "wide", "b=model.width=48"], Asked("wide", True, WIDER)),
        (["b=model.width=48"], Asked("", False, WIDER)),
        (
            ["a=seed=1 optimizer=sgd", "b=model.width=48", "seeds=7", "folds=false", "margin=0.01"],
            Asked(
                "",
                False,
                {
                    "a": ["seed=1", "optimizer=sgd"],
                    "b": ["model.width=48"],
                    "seeds": 7,
                    "folds": False,
                    "margin": 0.01,
                },
            ),
        ),
    ],
)
def test_a_plan_a_new_one_and_an_exploration_are_told_apart(words: list[str], asked: Asked) -> None:
    assert read(words) == asked


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["wide", "narrow"], "wide narrow: expected one name."),
        (["--new", "b=model.width=48"], "--new: expected a name"),
        (["--new", "wide"], 'b: missing. For example b="model.width=48"'),
        (["a=model.width=48"], "b: missing."),
        (["--nwe", "wide"], "--nwe: unknown. Did you mean '--new'?"),
        (["b=x=1", "sed=3"], "sed=3: unknown. Did you mean 'seeds'?"),
        (["model.width=48"], "model.width=48: unknown. Valid: a, b,"),
        (["--again", "b=x=1"], "--again: expected the name of a plan"),
        (["--again", "--new", "wide", "b=x=1"], "--again: expected the name of a plan"),
        (["b=x=1", "seeds=many"], "seeds=many: expected a whole number from 2 on."),
        (["b=x=1", "seeds=["], "seeds=[: expected a whole number from 2 on."),
        (["b=width"], "b=width: expected a list of overrides"),
        (["wide", "seeds=3"], "seeds: the plan wide says what is compared."),
    ],
)
def test_what_is_asked_wrongly_is_refused(words: list[str], message: str) -> None:
    with pytest.raises(UserError) as caught:
        read(words)
    assert str(caught.value).startswith(message)
