import re
from pathlib import Path

import pytest
from project_tools.sabotage import trial
from project_tools.sabotage.command import PROJECT
from project_tools.sabotage.cuts import CutError, load, select
from project_tools.sabotage.sandbox import package_of

ONE = """
[[cut]]
name = "one"
target = "sums.py::total"
why = "A slip."
tests = ["tests/test_sums.py"]
body = "return 1"
"""


@pytest.mark.slow
def test_the_cuts_of_this_project_can_all_be_made() -> None:
    cuts = load(PROJECT / "tests" / "cuts")
    sources, findings = trial.prepare(package_of(PROJECT), cuts)
    assert [f"{finding.cut.name}: {finding.detail}" for finding in findings] == []
    assert len(sources) == len(cuts) >= 15


def test_every_test_that_a_cut_names_is_there() -> None:
    named = {test for cut in load(PROJECT / "tests" / "cuts") for test in cut.tests}
    assert [test for test in sorted(named) if not is_there(test)] == []


def is_there(test: str) -> bool:
    file, _, function = test.partition("::")
    text = (PROJECT / file).read_text("utf-8") if (PROJECT / file).is_file() else ""
    return (f"def {function.partition('[')[0]}(" if function else "def test_") in text


def test_cuts_are_read_from_every_file_in_order(tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_text(ONE.replace("one", "three"), "utf-8")
    (tmp_path / "a.toml").write_text(ONE + ONE.replace("one", "two"), "utf-8")
    cuts = load(tmp_path)
    assert [cut.name for cut in cuts] == ["one", "two", "three"]
    assert (cuts[0].file, cuts[0].function, cuts[0].tests) == (
        "sums.py",
        "total",
        ("tests/test_sums.py",),
    )
    assert select(cuts, []) == cuts
    assert select(cuts, ["three", "one"]) == [cuts[2], cuts[0]]
    with pytest.raises(CutError, match=re.escape("thre: no such cut. Did you mean three?")):
        select(cuts, ["thre"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[cut]", "a.toml: cannot be read"),
        ("title = 'cuts'\n" + ONE, "a.toml: expected entries [[cut]] and nothing else."),
        ("[cut]\nname = 'one'", "a.toml: expected entries [[cut]]"),
        (ONE + ONE, "a.toml: there is another cut called 'one'."),
        (ONE.replace("why", "reason"), "a.toml, cut 1: unknown field 'reason'."),
        (ONE.replace("body", "bodi"), "a.toml, cut 1: unknown field 'bodi'. Did you mean body?"),
        (ONE.replace('why = "A slip."', ""), "a.toml, cut 1: why is None, expected a text."),
        (ONE.replace('"return 1"', "1"), "a.toml, cut 1: body is 1, expected a text."),
        (ONE.replace("::", ":"), "target is 'sums.py:total', expected module.py::function"),
        (ONE.replace('["tests/test_sums.py"]', "[]"), "tests is [], expected the names of"),
        (ONE + ONE.replace('["tests/test_sums.py"]', '"all"'), "a.toml, cut 2: tests is 'all'"),
    ],
)
def test_an_entry_that_is_no_cut_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "a.toml").write_text(text, "utf-8")
    with pytest.raises(CutError) as caught:
        load(tmp_path)
    assert message in str(caught.value)
