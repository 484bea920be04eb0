import re
from pathlib import Path

import pytest
import yaml

from {{ cookiecutter.package_name }}.reporting.answers import QUESTIONS, read_answers
from {{ cookiecutter.package_name }}.runtime.errors import UserError

OWN = Path(__file__).parents[2] / "docs/model_card.yaml"


def test_this_project_s_own_file_asks_every_question_in_order() -> None:
    assert list(yaml.safe_load(OWN.read_text("utf-8"))) == list(QUESTIONS)
    assert set(read_answers(OWN)) == set(QUESTIONS)


def test_what_is_not_answered_is_empty(tmp_path: Path) -> None:
    file = tmp_path / "model_card.yaml"
    assert set(read_answers(file).values()) == {""}
    file.write_text("license: mit\ncontact:\nfactors: '  light  '\n", "utf-8")
    found = read_answers(file)
    assert (found["license"], found["contact"], found["factors"]) == ("mit", "", "light")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("licence: mit", "licence: unknown. Did you mean 'license'"),
        ("license: 3", "license=3: expected text"),
        ("- mit", "expected lines of `question: answer`"),
    ],
)
def test_mistakes_are_told(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "answers.yaml").write_text(text, "utf-8")
    with pytest.raises(UserError, match=re.escape(f"docs/model_card.yaml: {told}")):
        read_answers(tmp_path / "answers.yaml")


def test_broken_yaml_names_its_line(tmp_path: Path) -> None:
    (tmp_path / "answers.yaml").write_text("license: mit\ncontact: 'a", "utf-8")
    with pytest.raises(yaml.MarkedYAMLError):  # `guarded` makes one line of it
        read_answers(tmp_path / "answers.yaml")
