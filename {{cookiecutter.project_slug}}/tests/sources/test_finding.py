from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.sources import finding

MODULE = """\
from pathlib import Path

def write(raw: Path, path: str | None) -> None:
    raw.mkdir()
    (raw / "rows.csv").write_text(f"from {path}", "utf-8")
"""


@pytest.fixture
def warehouse(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """A source that a user would write into the folder."""
    (tmp_path / "finding.py").touch()
    (tmp_path / "__init__.py").touch()
    (tmp_path / "warehouse.py").write_text(MODULE, "utf-8")
    package = finding.__package__ or ""
    monkeypatch.setattr(finding, "__file__", str(tmp_path / "finding.py"))
    monkeypatch.setattr(f"{package}.__path__", [str(tmp_path)])
    return "warehouse"


def test_a_module_of_the_folder_is_a_source(warehouse: str, tmp_path: Path) -> None:
    assert finding.known() == [warehouse]
    finding.write_from(warehouse, tmp_path / "raw", "customers", besides="file")
    assert (tmp_path / "raw" / "rows.csv").read_text("utf-8") == "from customers"


def test_a_source_that_is_not_there_is_named_with_the_nearest(
    warehouse: str, tmp_path: Path
) -> None:
    for wrong, right in (("werehouse", warehouse), ("fil", "file")):
        message = f"data.source={wrong}: no such source. Did you mean '{right}'"
        with pytest.raises(UserError, match=message):
            finding.write_from(wrong, tmp_path / "raw", None, besides="file")
    assert not (tmp_path / "raw").exists()
