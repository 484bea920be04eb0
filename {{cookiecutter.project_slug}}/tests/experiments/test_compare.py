from collections.abc import Callable
from pathlib import Path

import pytest
from calling import Invoke

from {{ cookiecutter.package_name }}.experiments import compare

pytestmark = pytest.mark.slow

Slower = Callable[..., Path]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"metric": "mae"}, "compare: metric=mae: Valid: accuracy."),
        ({"folds": "false"}, "compare: folds=false: these data are cut into 3 folds"),
        ({"b": "[model.widht=4]"}, "compare: model.widht: unknown key. "),
        ({"hypothesis": '""'}, "compare: slower.yaml: hypothesis=: expected"),
    ],
)
def test_a_plan_that_does_not_fit_is_refused_before_anything_is_trained(
    change: dict[str, str], message: str, projected: Path, slower: Slower, invoke: Invoke
) -> None:
    slower(**change)
    with pytest.raises(SystemExit) as caught:
        invoke(compare.main, "slower")
    assert str(caught.value.code).startswith(message)
    assert not list((projected / "runs").glob("compare-*"))


def test_a_new_plan_overwrites_none_and_is_tried_at_once(
    projected: Path, slower: Slower, invoke: Invoke
) -> None:
    slower()
    with pytest.raises(SystemExit, match="slower: there is a plan of this name already"):
        invoke(compare.main, "--new", "slower", "b=model.width=9")
    with pytest.raises(SystemExit, match=r"model\.widht: unknown key"):
        invoke(compare.main, "--new", "wider", "b=model.widht=9")
    assert not (projected / "docs/experiments/wider.yaml").exists()


def test_an_uncommitted_plan_is_not_carried_out(slower: Slower, invoke: Invoke) -> None:
    file = slower()
    file.write_text(file.read_text("utf-8").replace("margin: 0.02", "margin: 0.01"), "utf-8")
    with pytest.raises(SystemExit, match=r"slower\.yaml: not committed as it is"):
        invoke(compare.main, "slower")


def test_help_needs_no_project(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    invoke: Invoke,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for words in ("", "--help"):
        invoke(compare.main, *words.split())
        assert "explore without a plan" in capsys.readouterr().out
