"""Generated answers: each set gives a valid project, or a refusal that leaves nothing behind."""

import shutil
from collections import Counter

import pytest
from cookiecutter.exceptions import FailedHookException
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import TemplateError

from support import assert_project_is_valid, bake

pytestmark = pytest.mark.slow

MARKUP = st.sampled_from("\"'\\{}#%$:&*!|<>@`[]~,=-/ aé🎉")
TEXTS = st.one_of(st.text(MARKUP, min_size=1), st.text(st.characters(exclude_categories=["C"])))
ANYTHING = st.text()
WORDS = st.sampled_from(["torch", "import", "test", "a", "z" * 40, "0", "é"])
USUAL = {  # answers that are accepted unless they happen to be taken
    "description": TEXTS.filter(lambda text: text == text.strip()),
    "author": TEXTS.filter(lambda text: text == text.strip()),
    "project_name": st.from_regex(r"\A[A-Z][a-z]{3,9}( [a-zé]{3,9}){0,2}\Z"),
    "project_slug": st.from_regex(r"\Aq[a-z]{2,9}(-[a-z0-9]{1,5}){0,2}\Z"),
    "package_name": st.from_regex(r"\Aq[a-z]{2,9}(_[a-z0-9]{1,5}){0,2}\Z"),
    "email": st.from_regex(r"\A[a-z.]{1,9}@[a-z]{1,9}\.[a-z]{2,3}\Z"),
    "org": st.from_regex(r"\A[a-zA-Z][a-z0-9-]{1,9}\Z"),
}
STRANGE = {
    "description": TEXTS,
    "author": TEXTS,
    "project_name": st.one_of(TEXTS, WORDS, ANYTHING),
    "project_slug": st.one_of(st.text("abz09-_", min_size=1, max_size=12), WORDS, ANYTHING),
    "package_name": st.one_of(st.text("abz09-_", min_size=1, max_size=12), WORDS, ANYTHING),
    "email": st.one_of(st.from_regex(r"\A[\w.]+@\w+\.\w+\Z"), ANYTHING),
    "org": ANYTHING,
}
ANSWERS = st.fixed_dictionaries(USUAL) | st.sampled_from(sorted(STRANGE)).flatmap(
    lambda key: st.fixed_dictionaries({**USUAL, key: STRANGE[key]})
)


def test_any_answers_give_a_valid_project_or_a_refusal_and_nothing(tmp_path_factory, capfd):
    outcomes = Counter()

    @settings(
        max_examples=12,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    @given(answers=ANSWERS)
    def try_answers(answers):
        folder = tmp_path_factory.mktemp("any")
        try:
            project = bake(folder, **answers)
        except FailedHookException:
            said = capfd.readouterr().err
            assert "cannot be used. Expected: " in said
            assert "Traceback" not in said
            assert list(folder.iterdir()) == []
            outcomes["refused by us"] += 1
        except (TemplateError, UnicodeError, ValueError, OSError):
            assert list(folder.iterdir()) == []
            outcomes["refused by cookiecutter"] += 1
        else:
            assert_project_is_valid(project, answers)
            outcomes["accepted"] += 1
        shutil.rmtree(folder)

    try_answers()
    assert outcomes["accepted"] >= 5, outcomes
    assert outcomes["refused by us"] >= 2, outcomes
