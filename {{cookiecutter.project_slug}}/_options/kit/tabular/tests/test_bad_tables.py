"""Strange and broken tables through the verbs: each is prepared right, or refused in one line."""

import io
import keyword
import re
import shutil
from csv import writer as csv_writer
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from calling import Invoke
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from {{ cookiecutter.package_name }} import audit, ingest, prepare
from {{ cookiecutter.package_name }}.schema import Manifest

ROWS = 90
VALUES = [f"{number / 7:.4f}" for number in np.random.default_rng(0).permutation(1000)]
WORDS = ["red", "größe", "blue"]
KEYWORDS = [*keyword.kwlist, *keyword.softkwlist, "self", "__init__"]


def table(**columns: list[str]) -> dict[str, list[str]]:
    """Columns of a table that is sound, but for what ``columns`` say."""
    sound = {
        "size": VALUES[:ROWS],
        "color": [WORDS[row * row % 7 % 3] for row in range(ROWS)],
        "y": ["yes" if row * row % 11 % 2 else "no" for row in range(ROWS)],
    }
    return sound | columns


def csv(columns: dict[str, list[str]], delimiter: str = ",") -> str:
    """The text of a CSV file; no value here needs quotes."""
    rows = [list(columns), *zip(*columns.values(), strict=True)]
    return "".join(delimiter.join(row) + "\n" for row in rows)


SOUND = csv(table())
PREPARED = {
    "byte order mark": SOUND.encode("utf-8-sig"),
    "utf-16": SOUND.encode("utf-16"),
    "windows-1252": SOUND.encode("cp1252"),
    "windows line ends": SOUND.replace("\n", "\r\n").encode(),
    "decimal commas": csv(table(size=[v.replace(".", ",") for v in VALUES[:ROWS]]), ";").encode(),
    "a constant column": csv(table(constant=["7"] * ROWS)).encode(),
    "a column without values": csv(table(empty=[""] * ROWS)).encode(),
    "numbers and words in one column": csv(table(mixed=["1", "two", "3.5"] * (ROWS // 3))).encode(),
    "keywords": csv(
        table(**{name: VALUES[n : n + ROWS] for n, name in enumerate(KEYWORDS)})
    ).encode(),
    "two hundred columns": csv(
        table(**{f"c{n}": VALUES[n : n + ROWS] for n in range(200)})
    ).encode(),
}
REFUSED = {
    "an empty file": (b"", "my.csv: .*empty"),
    "blank lines": (b"\n \n\n", "my.csv: "),
    "a header only": (b"size,color,y\n", "my.csv: .*no rows|0 rows"),
    "one row": (b"size,color,y\n1,red,no\n", "my.csv: 1 rows: expected at least 50"),
    "one class": (csv(table(y=["no"] * ROWS)).encode(), "'no' in every row"),
    "a class of one row": (
        csv(table(y=["rare", *table()["y"][1:]])).encode(),
        "one row each of class rare",
    ),
    "no target at all": (csv(table(y=[""] * ROWS)).encode(), "data.target=y: .*no value in any"),
    "two columns of one name": (
        SOUND.replace("color", "size", 1).encode(),
        "'size' is the name of columns 1, 2",
    ),
    "a row too long": (
        SOUND.replace("\n", ",9\n", 5).replace(",9\n", "\n", 4).encode(),
        "the 3 fields of the header: line 5 has 4",
    ),
    "a row too short": (f"{SOUND}1.5\n".encode(), "the header: line 92 has 1"),
    "an open quote": (f'{SOUND}"1.5,red,no\n'.encode(), "line 92: a quoted field .*never ends"),
    "no text": (bytes(range(256)) * 40, "my.csv"),
    "infinities": (
        csv(table(size=["inf", "-inf", *VALUES[2:ROWS]])).encode(),
        "size: .*finite.*2 rows: row 1 has 'inf', row 2 has '-inf'",
    ),
    "another target": (SOUND.replace("y\n", "yy\n", 1).encode(), "Did you mean 'yy'"),
    "nothing but the target": (csv({"y": table()["y"]}).encode(), "no column is left to predict y"),
    "only six different rows": (
        csv({name: table()[name] for name in ("color", "y")}).encode(),
        "only 6 rows differ.*data.key",
    ),
}


def bring(project: Path, content: bytes, invoke: Invoke, run: str = "one") -> Manifest:
    """Take ``content`` in and prepare it, as by hand."""
    (project / "my.csv").write_bytes(content)
    own = [f"run={run}", "data.source=file", "data.path=my.csv", "data.target=y"]
    for verb in (ingest, prepare, audit):
        invoke(verb.main, *own)
    return Manifest.load(project / "runs" / run / "data/prepared")


@pytest.mark.slow
@pytest.mark.parametrize("name", PREPARED)
def test_a_strange_table_is_prepared(name: str, project: Path, invoke: Invoke) -> None:
    manifest = bring(project, PREPARED[name], invoke)
    assert sum(manifest.rows.values()) == ROWS
    samples = pl.read_parquet(project / "runs/one/data/prepared/samples.parquet")
    counts = dict(samples["target"].value_counts().rows())
    assert counts == {label: table()["y"].count(label) for label in ("no", "yes")}


@pytest.mark.parametrize("name", REFUSED)
def test_a_broken_table_is_refused_in_one_message(name: str, project: Path, invoke: Invoke) -> None:
    content, expected = REFUSED[name]
    with pytest.raises(SystemExit) as caught:
        bring(project, content, invoke)
    assert isinstance(caught.value.code, str)
    assert re.search(expected, caught.value.code)
    assert not list(project.glob("runs/one/data/prepared"))


NAMES = st.one_of(st.sampled_from(KEYWORDS), st.text(min_size=1, max_size=8))
CELLS = {
    "numbers": st.floats().map(repr),
    "decimals": st.decimals(-9999, 9999, places=2).map(lambda value: str(value).replace(".", ",")),
    "whole numbers": st.integers(-(10**20), 10**20).map(str),
    "words": st.sampled_from(["a", "B", "größe", " padded ", "NA", "true", "1", ""]),
    "text": st.text(max_size=12),
    "nothing": st.just(""),
    "the same": st.just("7"),
    "days": st.dates().map(str),
}


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A CSV file of strange columns with a target y, possibly damaged."""
    rows = draw(st.integers(0, 90))
    names = draw(st.lists(NAMES, max_size=5))
    random = draw(st.randoms(use_true_random=False))
    columns: list[list[str]] = []
    for _ in names:  # a few different cells, so that examples stay small
        kind = CELLS[draw(st.sampled_from(sorted(CELLS)))]
        cells = draw(st.lists(kind, min_size=1, max_size=6))
        columns.append([random.choice(cells) for _ in range(rows)])
    columns.append([random.choice(["yes", "no"]) for _ in range(rows)])
    stream = io.StringIO(newline="")
    delimiter = draw(st.sampled_from([",", ";", "\t", "|"]))
    writer = csv_writer(stream, delimiter=delimiter)
    writer.writerow([*names, "y"])
    writer.writerows(zip(*columns, strict=True))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
    content = stream.getvalue().encode(encoding, errors="replace")
    if draw(st.booleans()) and content:
        place = draw(st.integers(0, len(content) - 1))
        content = content[:place] + draw(st.binary(max_size=4)) + content[place + 1 :]
    return content


@pytest.mark.slow
@settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(content=files())
def test_any_table_is_prepared_or_refused_in_one_message_and_nothing_is_lost(
    content: bytes, project: Path, invoke: Invoke
) -> None:
    shutil.rmtree(project / "runs", ignore_errors=True)
    mine = project / "contracts" / "mine.yaml"
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("reviewed", "utf-8")
    (mine.parent / "my.yaml").unlink(missing_ok=True)
    try:
        manifest = bring(project, content, invoke)
    except SystemExit as refusal:
        assert isinstance(refusal.code, str)  # noqa: PT017
        assert re.match("(ingest|prepare|audit): .{10}", refusal.code)  # noqa: PT017
        assert len(refusal.code) < 5000  # noqa: PT017
    else:
        assert len(manifest.classes) >= 2
        assert (project / "runs/one/reports/audit.json").is_file()
    assert mine.read_text("utf-8") == "reviewed"
    assert (project / "my.csv").read_bytes() == content
    assert {path.name for path in project.iterdir()} <= {"contracts", "dvc.yaml", "my.csv", "runs"}
