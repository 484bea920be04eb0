import json
from pathlib import Path

import pytest
from project_tools.claims import texts
from project_tools.claims.command import PROJECT

METRICS = {"models": {"network": {"accuracy": {"value": 0.98387, "low": 0.9652}, "rows": 1372}}}
KEY, ROWS = "models.network.accuracy.value", "models.network.rows"


@pytest.fixture
def measured(project: Path) -> Path:
    """A project with metrics."""
    (project / "reports").mkdir()
    (project / "reports" / "metrics.json").write_text(json.dumps(METRICS), "utf-8")
    return project


def problems(project: Path, text: str) -> list[str]:
    file = project / "README.md"
    file.write_text(text, encoding="utf-8")
    return texts.check(project, file).problems


@pytest.mark.parametrize(
    "line",
    [
        "It is right on 98.4 % of the rows.",
        "It is right on 98 percent.",
        "ahead by 2 points",
        "a loss of 0.05, or so",
        "from 0.3,0.5",
        "(+1.25)",
        "\u22120.5 is a lot",
        "1,234.5 of them",
        "| a | 0.5 |",
        "<b>0.5</b>",
    ],
)
def test_what_looks_measured_needs_a_claim(line: str, measured: Path) -> None:
    found = problems(measured, f"# A title\n\n{line}\n")
    assert found
    assert found[0].startswith("README.md:3: ")
    assert "looks measured. Expected <!-- claim: KEY --> behind it" in found[0]


@pytest.mark.parametrize(
    "text",
    [
        "5 seeds and 1,000 rows\n",
        "Python 3.11, version 2.5 and 1.2.3 or v1.2\n",
        "a 95 % interval, at a level of 0 and 90 % confidence\n",
        "on 2026-11-27\n",
        "`accuracy=0.98` and ``a ` 0.5``\n",
        "```bash\ntrain 0.5\n```\n",
        "~~~\n0.5\n~~~\n",
        "[0.5 %](https://a.example/0.5) and <https://a.example/1.5>\n",
        "[one]: https://a.example/0.5\n",
        "<!-- 0.5\n0.6 -->\n",
        '<img src="a.png" width="99.5%">\n',
        "---\nvalue: 0.5\n---\nText.\n",
        "It should reach 99.5 %. <!-- not a claim -->\n",
        "<!-- not a claim: begin -->\n0.5\n\n0.6 %\n<!-- not a claim: end -->\n",
        "<!-- not a claim: begin -->\n0.5\n<!-- end -->\n",
    ],
)
def test_what_is_no_measurement_needs_none(text: str, measured: Path) -> None:
    assert problems(measured, text) == []


@pytest.mark.parametrize(
    "line",
    [
        f"98.4 % <!-- claim: {KEY} percent -->",
        f"98.4<!-- claim: {KEY} percent --> %",
        f"**98.4 %** <!-- claim: {KEY} percent -->",
        f"| 98% <!-- claim: {KEY} percent --> | 0.984 <!-- claim: {KEY} --> |",
        f"0.984 <!-- claim: {KEY} .3f -->",
        f"+98.39 points<!-- claim: {KEY} points -->",
        f"1,372 <!-- claim: {ROWS} --> rows, or 1372 <!-- claim: {ROWS} -->",
    ],
)
def test_a_number_that_is_what_it_claims_passes(line: str, measured: Path) -> None:
    assert problems(measured, f"{line}\n") == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (f"97.1 % <!-- claim: {KEY} percent -->", f"97.1 is 98.4 now, by {KEY} percent"),
        (f"0.98 <!-- claim: {KEY} .3f -->", f"0.98 is 0.984 now, by {KEY} .3f"),
        (f"-0.98 <!-- claim: {KEY} -->", f"-0.98 is 0.98 now, by {KEY}"),
        (f"0.98 <!-- claim: {KEY} percent -->", f"0.98 is 98.39 now, by {KEY} percent"),
        (f"0.98 <!-- claim: {KEY} percnt -->", "percnt: unknown. Did you mean percent?"),
        (
            "0.98 <!-- claim: models.network.acuracy.value -->",
            "models.network.acuracy.value: no such key in reports/metrics.json. "
            f"Did you mean {KEY}?",
        ),
        (
            "0.98 <!-- claim: models.network.accuracy -->",
            f"models.network.accuracy: expected a number. One is {KEY}.",
        ),
        ("0.98 <!-- claim: other.json#a -->", "other.json is not there yet: expected a file"),
        (f"right <!-- claim: {KEY} -->", f"no number stands before <!-- claim: {KEY} -->"),
        (f"5 of them <!-- claim: {KEY} -->", "no number stands before"),
    ],
)
def test_what_does_not_hold_is_one_line(line: str, told: str, measured: Path) -> None:
    (problem,) = problems(measured, f"\n{line}\n")
    assert problem.startswith(f"README.md:2: {told}")


def test_a_key_may_hold_spaces(measured: Path) -> None:
    metrics = {"errors": {"missing values": {"value": 0.5}}}
    (measured / "reports" / "metrics.json").write_text(json.dumps(metrics), "utf-8")
    key = "errors.missing values.value"
    text = f"0.50<!-- claim: {key} .2f --> or 50 %<!-- claim: {key} percent --> or 0.5"
    assert problems(measured, f"{text}<!-- claim: {key} -->\n") == []


def test_numbers_of_a_file_beside_the_text_are_found_there(measured: Path) -> None:
    folder = measured / "docs" / "experiments"
    folder.mkdir(parents=True)
    (folder / "wide.json").write_text('{"by": [{"ahead": 0.012}]}', "utf-8")
    page = folder / "wide.md"
    page.write_text("+1.2<!-- claim: wide.json#by.0.ahead points --> points\n", "utf-8")
    assert texts.check(measured, page).problems == []
    page.write_text("+1.3<!-- claim: wide.json#by.0.ahead points --> points\n", "utf-8")
    (problem,) = texts.check(measured, page).problems
    assert problem.startswith("docs/experiments/wide.md:1: +1.3 is +1.2 now")


def test_without_metrics_it_says_how_to_make_them(project: Path) -> None:
    (problem,) = problems(project, f"98.4 % <!-- claim: {KEY} percent -->\n")
    assert "reports/metrics.json is not there yet: `uv run dvc repro` makes it" in problem


def test_a_block_without_an_end_is_told(measured: Path) -> None:
    found = problems(measured, "\n<!-- not a claim: begin -->\n0.5\n")
    assert found[0] == "README.md:2: the block begins and has no <!-- not a claim: end -->"
    assert len(found) == 2


def test_drifted_numbers_are_put_right_and_nothing_else(measured: Path) -> None:
    text = f"1.0 % <!-- claim: {KEY} percent -->, `1.0`,\r\n+2.00 <!-- claim: {KEY} --> and 3\n"
    file = measured / "README.md"
    file.write_text(text, encoding="utf-8")
    read = file.read_text(encoding="utf-8")
    mended = texts.mended(read, texts.check(measured, file).drifted)
    assert mended == read.replace("1.0 %", "98.4 %").replace("+2.00", "+0.98")
    assert problems(measured, mended) == []


@pytest.mark.parametrize("file", texts.files_of(PROJECT), ids=lambda file: file.name)
def test_the_projects_own_texts_pass(file: Path) -> None:
    assert texts.check(PROJECT, file).problems == []
