"""Tables that no one here prepared, used as a user would. What should happen was written first."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
import sklearn.datasets
from calling import QUICK, Invoke
from statsmodels.datasets import anes96, fair, modechoice, spector, star98

from {{ cookiecutter.package_name }} import audit, ingest, prepare, train
from {{ cookiecutter.package_name }}.schema import Manifest

SKLEARN = {
    "wine": sklearn.datasets.load_wine,
    "diabetes": sklearn.datasets.load_diabetes,
    "linnerud": sklearn.datasets.load_linnerud,
}
STATSMODELS = {
    "anes96": anes96,
    "fair": fair,
    "modechoice": modechoice,
    "spector": spector,
    "star98": star98,
}
Bring = Callable[..., Manifest]
full = pytest.mark.full


@pytest.fixture
def bring(project: Path, invoke: Invoke) -> Bring:
    """Write a table as CSV and take it into an empty project, as far as training."""

    def call(name: str, *choices: str) -> Manifest:
        if name in SKLEARN:
            frame = cast(Any, SKLEARN[name](as_frame=True)).frame
        else:
            frame = cast(Any, STATSMODELS[name].load_pandas()).data
        frame.to_csv(project / f"{name}.csv", index=False)
        quick = [*QUICK, "tracking.enabled=false", "run=one"]
        own = [*quick, "data.source=file", f"data.path={name}.csv", *choices]
        for verb in (ingest, prepare, audit, train):
            invoke(verb.main, *own)
        return Manifest.load(project / "runs/one/data/prepared")

    return call


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "target", "classes", "rows", "folds"),
    [
        ("wine", "target", 3, 178, 5),
        ("diabetes", "target", 0, 442, 5),  # 214 different whole numbers: values
        # Rows of this one repeat by chance: that is no leak.
        pytest.param("fair", "affairs", 0, 6366, 0, marks=full),
        pytest.param("anes96", "vote", 2, 944, 5, marks=full),
        pytest.param("anes96", "PID", 7, 944, 5, marks=full),
        pytest.param("star98", "NABOVE", 0, 303, 5, marks=full),
    ],
)
def test_a_table_is_trained_on(
    name: str, target: str, classes: int, rows: int, folds: int, bring: Bring, project: Path
) -> None:
    one_network = ["data.fold=0"] if folds else []
    manifest = bring(name, f"data.target={target}", *one_network)
    assert (len(manifest.classes), sum(manifest.rows.values())) == (classes, rows)
    assert (manifest.folds, manifest.bad_rows) == (folds, 0)
    assert (project / "runs/one/models/network/program.pt2").is_file()


@pytest.mark.parametrize(("name", "target"), [("spector", "GRADE"), ("linnerud", "Weight")])
def test_a_table_of_too_few_rows_is_refused(name: str, target: str, bring: Bring) -> None:
    with pytest.raises(SystemExit, match=f"{name}.csv: .* rows: expected at least 50"):
        bring(name, f"data.target={target}")


@pytest.mark.parametrize("targets", ["Weight,Waist,Pulse", "[Weight,Waist,Pulse]"])
def test_several_targets_are_refused(targets: str, bring: Bring) -> None:
    with pytest.raises(SystemExit, match=r"data.target=.*: expected one value"):
        bring("linnerud", f"data.target={targets}")


@pytest.mark.slow
def test_rows_of_one_person_leak_until_the_group_is_named(bring: Bring, project: Path) -> None:
    with pytest.raises(SystemExit, match="individual looks like the id of a group") as caught:
        bring("modechoice", "data.target=choice")
    assert "data.group=individual" in str(caught.value)
    assert not (project / "runs/one/models").exists()
    choices = ["data.target=choice", "data.group=individual", "data.fold=0", "run=two"]
    assert len(bring("modechoice", *choices).classes) == 2
