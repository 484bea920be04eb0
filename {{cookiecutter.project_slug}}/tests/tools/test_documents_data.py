import datetime
from pathlib import Path

import pytest
from project_tools.documents import datasheets, deadlines, model_cards, renewal

from {{ cookiecutter.package_name }}.reporting.answers import QUESTIONS

TODAY = datetime.date(2026, 1, 31)
OPEN = "open: Ada, until 2026-02-14"
SHEET = "# Datasheet\n" + "".join(
    f"\n## {heading}\n\nFive words are an answer.\n" for heading in datasheets.HEADINGS
)
CARD = "".join(f'{question}: "Said of {question}."\n' for question in QUESTIONS)
MARK = "# About the example's data. Another line.\n\n"


@pytest.fixture
def docs(project: Path) -> Path:
    """The folder of a project whose data are its own."""
    current = project / "src/shop/conf/current.yaml"
    current.parent.mkdir(parents=True)
    current.write_text("- data.source=file\n- data.path=my.csv\n", "utf-8")
    folder = project / "docs"
    folder.mkdir()
    return folder


def choose_the_example(docs: Path) -> None:
    (docs.parent / "src/shop/conf/current.yaml").write_text("- 'data=example'\n", "utf-8")


def of_sheet(docs: Path, text: str) -> list[str]:
    file = docs / "datasheet.md"
    file.write_text(text, "utf-8")
    problems = datasheets.check(file, TODAY)
    assert all(one.startswith("docs/datasheet.md:") for one in problems)
    return [one.removeprefix("docs/datasheet.md:") for one in problems]


def of_card(docs: Path, text: str) -> list[str]:
    file = docs / "model_card.yaml"
    file.write_text(text, "utf-8")
    problems = model_cards.check(file, TODAY)
    assert all(one.startswith("docs/model_card.yaml:") for one in problems)
    return [one.removeprefix("docs/model_card.yaml:") for one in problems]


def test_texts_with_every_answer_pass(docs: Path) -> None:
    assert of_sheet(docs, SHEET) == []
    assert of_card(docs, CARD) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("## Uses", "## Use", "1: no heading 'Uses', expected Motivation, Composition"),
        ("## Uses\n\nFive words", "## Uses\n\nTODO words", "19: 'Uses' is not answered, expected"),
        ("## Uses\n\nFive words are an answer.", "## Uses\n\nMany.", "19: 'Uses' is not answered"),
        ("Uses\n\nFive words are an answer.", "Uses\n\n<!-- a b c d e f -->", "19: 'Uses' is"),
        ("# Datasheet", "# [Sheet](gone.md)", "1: link gone.md leads nowhere"),
        ("# Datasheet", "<!-- About the example's data. -->\n# D", "1: it is about the example's"),
    ],
)
def test_a_fault_of_a_datasheet_is_told(docs: Path, old: str, new: str, problem: str) -> None:
    assert SHEET.count(old) == 1
    (only,) = of_sheet(docs, SHEET.replace(old, new))
    assert only.startswith(problem)


def test_headings_of_a_datasheet_keep_their_order(docs: Path) -> None:
    swapped = SHEET.replace("## Uses", "## X").replace("## Motivation", "## Uses")
    (only,) = of_sheet(docs, swapped.replace("## X", "## Motivation"))
    assert only.startswith("1: its headings are in another order, expected Motivation, Compos")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("Said of people.", "", "16: people is not answered, expected an answer, or `open: who"),
        ("Said of people.", "TODO", "16: people is 'TODO', a placeholder, expected an answer"),
        ('people: "Said of people."\n', "", "1: people is missing, expected every question"),
        ("people:", "peopel:", "1: peopel: unknown. Did you mean 'people'?"),
        (CARD, f"{MARK}{CARD}", "1: it is about the example's data, which are not the project's"),
        (CARD, "a: [", "1: cannot be read as YAML"),
    ],
)
def test_a_fault_of_a_model_card_is_told(docs: Path, old: str, new: str, problem: str) -> None:
    assert CARD.count(old) == 1
    (only,) = of_card(docs, CARD.replace(old, new))
    assert only.startswith(problem)


def test_with_the_example_s_data_answers_may_be_open_and_be_about_them(docs: Path) -> None:
    choose_the_example(docs)
    assert of_card(docs, MARK + CARD.replace("Said of people.", "")) == []
    assert of_sheet(docs, f"<!-- About the example's data. -->\n{SHEET}") == []
    (docs.parent / "src/shop/conf/current.yaml").write_text("- experiment=example_x\n", "utf-8")
    assert of_card(docs, MARK + CARD) == []


@pytest.mark.parametrize(
    ("said", "allowed"),
    [
        (OPEN, True),
        ("open: Ada until 2026-01-31", True),
        ("open: Ada, until 2026-01-30", False),
        ("open: Ada, until 2026-02-31", False),
        ("open: TODO, until 2026-02-14", False),
        ("open: , until 2026-02-14", False),
        ("open until 2026-02-14", False),
    ],
)
def test_what_is_open_has_a_name_and_a_day_that_is_not_past(
    docs: Path, said: str, allowed: bool
) -> None:
    card = of_card(docs, f"# {said}\n" + CARD.replace("Said of people.", ""))
    sheet = of_sheet(docs, f"<!-- {said} -->\n{datasheets.TEMPLATE.read_text('utf-8')}")
    assert (card == []) == (sheet == []) == allowed
    assert allowed or len(sheet) == len(datasheets.HEADINGS)


def test_a_day_that_is_past_is_told(docs: Path) -> None:
    (only,) = of_card(docs, "# open: Ada, until 2026-01-30\n" + CARD.replace("Said of code.", ""))
    assert only == "19: code is not answered, and 2026-01-30 is past, expected an answer"


def test_answers_about_the_example_give_way_to_questions_that_are_open_for_a_while(
    docs: Path,
) -> None:
    (docs / "datasheet.md").write_text(f"<!-- About the example's data. -->\n{SHEET}", "utf-8")
    folded = "# what for\nintended_use: >-\n  To learn\n  from.\n"
    own = 'license: mit # of the model\ncontact: "Ada, ada@example.com"\n'
    (docs / "model_card.yaml").write_text(f"# Asked.\n\n{MARK}{own}\n{folded}", "utf-8")
    told = renewal.ask_anew(docs.parent, TODAY)
    line = deadlines.line("the team", TODAY)
    assert line == "open: the team, until 2026-03-02"
    assert told == [
        f"asks about your data now: docs/datasheet.md ({line})",
        f"asks about your data now: docs/model_card.yaml ({line})",
    ]
    card = (docs / "model_card.yaml").read_text("utf-8")
    assert card == f'# {line}\n# Asked.\n\n{own}\n# what for\nintended_use: ""\n'
    assert of_sheet(docs, (docs / "datasheet.md").read_text("utf-8")) == []
    assert renewal.ask_anew(docs.parent, TODAY) == []  # what is one's own stays
