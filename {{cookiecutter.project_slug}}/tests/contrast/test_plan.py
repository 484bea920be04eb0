from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.contrast.plan import is_contrast, read_contrast
from {{ cookiecutter.package_name }}.runtime.errors import UserError

TEXT = """\
hypothesis: The network needs more rows.
network: [[], [optimizer.lr=0.01]]
settings: {few: [data.path=few], many: [data.path=many]}
metric: accuracy
margin: 0.02
rows: {few: 300, many: 3000}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "rows.yaml"
    place.write_text(TEXT, "utf-8")
    return place


def test_a_plan_with_settings_is_a_contrast(file: Path) -> None:
    assert is_contrast(file)
    plan = read_contrast(file)
    assert (plan.tries, plan.seeds, plan.split) == (2, 5, "test")
    assert plan.names == {"a": "the best classical model", "b": "the network"}
    file.write_text("hypothesis: b is better\na: []\nb: [model.width=3]\n", "utf-8")
    assert not is_contrast(file)
    assert not is_contrast(file.with_name("none.yaml"))


def test_a_named_model_is_called_by_its_name(file: Path) -> None:
    file.write_text(f"{TEXT}classical: knn\n", "utf-8")
    assert read_contrast(file).names["a"] == "knn"


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("network: [[], [optimizer.lr=0.01]]", "network: []", "rows.yaml: network=[]: expected"),
        ("[data.path=few]", "few", "rows.yaml: settings="),
        ("few: 300", "few: none", "rows.yaml: rows="),
        ("margin: 0.02", "margin: 2", "rows.yaml: margin=2: expected a share"),
        ("metric: accuracy", "metrik: accuracy", "rows.yaml: metrik: unknown. Did you mean"),
        ("metric: accuracy\n", "", "rows.yaml: metric is missing"),
    ],
)
def test_a_mistake_is_named_with_what_is_expected(
    file: Path, before: str, after: str, message: str
) -> None:
    assert before in TEXT
    file.write_text(TEXT.replace(before, after), "utf-8")
    with pytest.raises(UserError) as caught:
        read_contrast(file)
    assert str(caught.value).startswith(message)
