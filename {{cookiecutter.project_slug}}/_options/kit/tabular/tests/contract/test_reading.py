from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.contract.contract import Contract
from {{ cookiecutter.package_name }}.runtime.errors import UserError

GOOD = """\
source: people.csv
target: paid
task: classification
key: id
time: seen
forbidden: [refund]
columns:
  id: {kind: text}
  age: {kind: number, min: 0, max: 120}
  seen: {kind: time}
  refund: {kind: number}
  paid: {kind: category, values: [no, yes]}
"""


def load(tmp_path: Path, text: str) -> Contract:
    file = tmp_path / "contract.yaml"
    file.write_text(text, "utf-8")
    return Contract.load(file)


def test_what_is_left_out_has_its_default(tmp_path: Path) -> None:
    contract = load(tmp_path, GOOD)
    assert (contract.group, contract.split.salt, contract.columns["age"].missing) == (None, 0, 0)


def test_categories_stay_the_text_they_are(tmp_path: Path) -> None:
    written = GOOD.replace("[no, yes]", "[no, yes, 01, 1.0, 2020-01-01, true, null]")
    with pytest.raises(UserError, match=r"columns.paid.values: 'null' is never read"):
        load(tmp_path, written)
    contract = load(tmp_path, written.replace(", null]", "]"))
    assert contract.classes == ["no", "yes", "01", "1.0", "2020-01-01", "true"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("key: id", "kye: id", r"line 4: the file has no key 'kye'\. Did you mean 'key'\?"),
        ("min: 0", "mim: 0", r"line 9: columns.age has no key 'mim'\. Did you mean 'm"),
        ("kind: time", "kind: tme", r"line 10: columns.seen.kind=tme: Did you mean 'time'\?"),
        ("kind: time", "unit: s", r"line 10: columns.seen.kind=null: expected one of number"),
        ("task: classification", "task: ranking", r"line 3: task=ranking: .*classification, reg"),
        ("target: paid", "target: payd", r"target=payd: no such column\. Did you mean 'paid'"),
        ("key: id", "key: idd", r"key=idd: no such column\. Did you mean 'id'\?"),
        ("key: id", "group: Age", r"group=Age: no such column\. Did you mean 'age'\?"),
        ("time: seen", "time: sen", r"time=sen: no such column\. Did you mean 'seen'\?"),
        ("time: seen", "time: id", r"columns.id.kind=text: expected time or number"),
        ("[refund]", "[refunds]", r"forbidden=refunds: no such column\. Did you mean 'refund'"),
        ("[refund]", "[paid]", r"forbidden=paid: is the target"),
        ("[refund]", "refund", r"line 6: forbidden=refund: expected a list"),
        ("[refund]", "[{a: b}]", r"line 6: forbidden=a list or mapping: expected a list of texts"),
        ("key: id", "key: paid", r"key=paid: is the target already"),
        ("min: 0", "min: 130", r"columns.age.min=130: expected at most max=120"),
        ("min: 0", "min: low", r"line 9: columns.age.min=low: expected a number"),
        ("min: 0", "min: .inf", r"line 9: columns.age.min=.inf: expected a number"),
        ("min: 0", "missing: 1.5", r"columns.age.missing=1.5: expected a share"),
        (
            "min: 0",
            "sensitive: maybe",
            r"line 9: columns.age.sensitive=maybe: expected true or false",
        ),
        ("min: 0", "values: [a]", r"columns.age.values: is for kind: category, not number"),
        ("kind: time", "kind: time, max: 3", r"columns.seen.max: is for kind: number, not time"),
        ("[no, yes]", "[no, no]", r"columns.paid.values: expected at least one, and each"),
        ("[no, yes]", "[]", r"columns.paid.values: expected the list of classes"),
        (", values: [no, yes]", "", r"columns.paid.values: expected the list of classes"),
        ("classification", "regression", r"columns.paid.kind=category: expected number"),
        ("task: classification\n", "", r"task: is not there"),
        ("key: id", "key: [id]", r"line 4: key=a list or mapping: expected one text"),
        ("key: id", "split: {salt: 1.5}", r"line 4: split.salt=1.5: expected a whole number"),
        ("  age:", "  id:", r"line 9: columns has 'id' twice"),
        ("key: id", "key: [id", r"is no YAML"),
        (GOOD, "", r"the file=: expected keys with values"),
        (GOOD, "- a", r"line 1: the file=.*expected keys with values"),
    ],
)
def test_a_mistake_is_named_with_file_line_value_and_what_was_meant(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in GOOD
    load(tmp_path, GOOD)
    with pytest.raises(UserError, match=rf"contract\.yaml: {message}"):
        load(tmp_path, GOOD.replace(old, new))


def test_a_file_that_is_not_there_or_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"contract\.yaml: cannot be read"):
        Contract.load(tmp_path / "contract.yaml")
    (tmp_path / "contract.yaml").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(UserError, match=r"contract\.yaml: cannot be read"):
        Contract.load(tmp_path / "contract.yaml")
