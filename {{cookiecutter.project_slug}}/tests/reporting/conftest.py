import json
import shutil
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from reading_pages import values_of
from toy_tables import evidence_of, settings

from {{ cookiecutter.package_name }}.measures.evaluation import evaluate
from {{ cookiecutter.package_name }}.schema import Manifest

BASELINES = {"dummy": 9, "linear": 0.2}  # how far off they are


@pytest.fixture(scope="session")
def of_values(pipeline: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose target is a number: the rows are those of ``pipeline``."""
    project = shutil.copytree(pipeline, tmp_path_factory.mktemp("values") / "project")
    prepared, model = project / "data/prepared", project / "models/network"
    replace(Manifest.load(prepared), classes=[]).save(prepared)
    history = pl.read_csv(model / "history.csv").rename({"val/accuracy": "val/mae"})
    history.write_csv(model / "history.csv")
    off = {"network": 0.1, **BASELINES}
    tables = {name: values_of(prepared, amount) for name, amount in off.items()}
    tables["network"].save(project / "predictions/network/test.parquet")
    values_of(prepared, 0.1, "val").save(project / "predictions/network/val.parquet")
    facts = {"trials": 2, "converged": True, "chosen": {"alpha": 2}, "validation": 3.25}
    tuning = project / "predictions/baselines/tuning.json"
    tuning.write_text(json.dumps({name: [facts] for name in BASELINES}), "utf-8")
    metrics = evaluate(evidence_of(tables), settings(), 0)
    (project / "reports/metrics.json").write_text(json.dumps(metrics), "utf-8")
    return project
