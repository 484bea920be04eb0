import pytest

from {{ cookiecutter.package_name }}.runtime import errors


def test_nearest_names_the_choice_that_was_probably_meant_and_lists_all() -> None:
    assert errors.nearest("widht", ["width", "blocks"]) == (
        "Did you mean 'width'? Valid: blocks, width."
    )


def test_nearest_guesses_nothing_when_nothing_is_near() -> None:
    assert errors.nearest("zebra", ["width", "blocks"]) == "Valid: blocks, width."


def test_nearest_of_nothing_says_so() -> None:
    assert errors.nearest("resnet", []) == "There is none yet."


def test_check_names_the_key_the_value_and_what_was_expected() -> None:
    errors.check(True, "trainer.devices", 1, "a whole number above 0")
    with pytest.raises(errors.UserError) as caught:
        errors.check(False, "trainer.devices", 0, "a whole number above 0")
    assert errors.explain(caught.value) == "trainer.devices=0: expected a whole number above 0."
