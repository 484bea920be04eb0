import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from reading_pages import Page
from tables_to_explore import PARTS, cancer, explored, two_classes

from {{ cookiecutter.package_name }}.exploration import data as data_of
from {{ cookiecutter.package_name }}.exploration import page as page_of
from {{ cookiecutter.package_name }}.exploration.page import render

HOSTILE = "<script>alert('$1$')</script> & \"größe\" 日本"
SMALL = 60


@pytest.fixture(scope="module")
def html() -> str:
    return render(cancer(), name="reader")


def headings(html: str) -> list[str]:
    return [str(attributes.get("id")) for tag, attributes in Page(html).tags if tag == "h2"]


def small(**columns: Any) -> dict[str, Any]:
    return {**two_classes(SMALL)[0], **columns}


def test_every_section_is_there_and_says_which_rows_it_is_of(html: str) -> None:
    assert headings(html)[1:] == [
        "target",
        "columns",
        "association",
        "distributions",
        "slices",
        "missing",
        "correlations",
        "directions",
        "parts",
        "outliers",
    ]
    scopes = re.findall(r'<h2 id="(\w+)">.*?<span class="rows \w+">(\w+) rows</span>', html)
    assert {name for name, rows in scopes if rows == "training"} == {
        "association",
        "distributions",
        "slices",
        "correlations",
        "directions",
    }


def test_every_column_is_described_and_drawn(html: str) -> None:
    page, data = Page(html), cancer()
    for name in data.features:
        assert page.text.count(name) >= 3
    assert page.count("svg") == 1 + 1 + 30 + 1 + 1 + 1 + html.count("smallest:")
    assert "569 rows, 30 columns, to predict diagnosis" in page.text


def test_the_page_is_small_needs_no_other_file_and_no_network(html: str) -> None:
    assert len(html) < 3_000_000
    page = Page(html)
    assert not {"script", "link", "iframe", "object"} & {tag for tag, _ in page.tags}
    for tag, attributes in page.tags:
        for name in ("src", "href", "xlink:href", "data", "action"):
            value = attributes.get(name) or "#"
            assert value.startswith(("data:image/png;base64,", "#")), (tag, name, value)
    assert not re.search(r"url\((?!['\"]?#)|@import", html)


@pytest.mark.slow
def test_the_answers_of_held_out_rows_are_only_counted_and_the_bytes_are_the_same() -> None:
    data = cancer(columns=5)
    test = data.split.to_numpy() == "test"
    frame = data.frame.copy()
    answers = frame.loc[test, "diagnosis"].to_numpy()
    frame.loc[test, "diagnosis"] = np.random.default_rng(0).permutation(answers)
    assert (frame["diagnosis"] != data.frame["diagnosis"]).sum() > 20
    assert render(replace(data, frame=frame), name="reader") == render(data, name="reader")


def test_names_from_the_data_are_shown_as_text() -> None:
    words = np.resize([HOSTILE, "b", "c"], SMALL)
    columns = {HOSTILE: np.arange(SMALL), "word": words, f"{HOSTILE}!": words}
    target = np.resize([f"{HOSTILE}?", "no"], SMALL)
    data = explored(
        {**columns, "y": target},
        split=np.resize([HOSTILE, "other"], SMALL),
        units={HOSTILE: HOSTILE},
        sensitive=["word"],
        about=HOSTILE,
    )
    page = Page(render(data, name=HOSTILE))
    assert not {"script", "b>"} & {tag for tag, _ in page.tags}
    assert page.text.count(HOSTILE) > 8


@pytest.mark.slow
@pytest.mark.parametrize("is_regression", [False, True])
@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"x": np.arange(SMALL)},
        {"word": np.resize(["a", "b"], SMALL)},
        {"empty": [np.nan] * SMALL, "none": [None] * SMALL, "constant": [1.0] * SMALL},
        {"huge": np.resize([1e308, -1e308, 0], SMALL), "tiny": np.resize([1e-320, 0], SMALL)},
        {"flag": np.resize([True, False], SMALL), "gaps": np.resize([1, np.nan, np.inf], SMALL)},
    ],
    ids=lambda columns: "-".join(columns) or "none",
)
def test_few_and_strange_columns_have_a_page_too(
    columns: dict[str, Any], is_regression: bool
) -> None:
    target = np.arange(SMALL) % 7 if is_regression else np.resize(["a", "b"], SMALL)
    data = explored(
        {**columns, "y": target}, is_regression=is_regression, split=np.resize(PARTS, SMALL)
    )
    text = Page(render(data, name="reader")).text
    assert f"60 rows, {len(columns)} columns" in text


@pytest.mark.slow
@pytest.mark.parametrize("rows", [1, 2, 3])
@pytest.mark.parametrize("is_regression", [False, True])
def test_a_handful_of_rows_has_a_page_too(rows: int, is_regression: bool) -> None:
    target = np.arange(rows) if is_regression else np.resize(["a", "b"], rows)
    columns = {"x": np.arange(rows), "word": np.resize(["p", "q"], rows), "y": target}
    assert f"{rows} rows" in render(explored(columns, is_regression=is_regression), name="reader")


@pytest.mark.slow
def test_ten_thousand_columns_do_not_explode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_of, "MOST_DRAWN", 6)
    values = np.random.default_rng(0).normal(size=(10_000, SMALL))
    columns = {f"column {number}": row for number, row in enumerate(values)}
    html = render(explored(small(**columns)), name="reader")
    assert len(html) < 3_000_000
    page = Page(html)
    assert [tag for tag, _ in page.tags].count("svg") < 20
    assert f"The {page_of.MOST_LISTED:,} strongest of 10,000." in page.text
    assert "6 of 10,000 columns" in page.text


def test_a_large_table_is_sampled_and_the_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_of, "MOST_ROWS", 40)
    text = Page(render(explored(small(x=np.arange(SMALL))), name="reader")).text
    assert "40 of 60 rows, drawn with a fixed seed" in text


@pytest.mark.slow
def test_parts_have_a_tile_each_but_many_folds_have_one_together() -> None:
    def of(parts: list[str]) -> str:
        data = explored(small(x=np.arange(SMALL)), split=np.resize(parts, SMALL))
        return Page(render(data, name="reader")).text

    few = of(PARTS)
    assert all(re.search(rf"{part}\s*20\s*33.3% of rows", few) for part in PARTS)
    assert re.search(r"folds\s*7\s*8 to 9 rows each", of([f"fold {fold}" for fold in range(7)]))


def test_groups_folds_sensitive_columns_and_pictures_are_spoken_of() -> None:
    columns = small(x=np.arange(SMALL), word=np.resize(["a", "b"], SMALL))
    data = explored(
        columns,
        group=np.arange(SMALL) // 2,
        split=np.resize(["fold 0", "fold 1", "fold 2", "fold 3"], SMALL),
        sensitive=["word"],
        pictures=[("a & b", '<img src="data:image/png;base64,AA==">')],
    )
    page = Page(render(data, name="reader"))
    assert "(30 groups)" in page.text
    assert "with the test rows' answers" in page.text
    assert "each part compared with all others" in page.text
    assert "sensitive" in page.text
    assert [tag for tag, _ in page.tags].count("img") == 1
    assert "a & b" in page.text


def test_the_two_directions_of_most_variance_are_drawn_and_told(html: str) -> None:
    page = Page(html)
    told = re.search(
        r"components of 30 columns of numbers, for (\d+) rows: .* hold ([\d.]+)%", page.text
    )
    assert told
    assert int(told[1]) == (cancer().split == "train").sum()
    shares = [float(one) for one in re.findall(r"direction: ([\d.]+)% of the variance", html)]
    assert shares[0] > shares[1] > 10
    assert sum(shares) == pytest.approx(float(told[2]), abs=0.11)
