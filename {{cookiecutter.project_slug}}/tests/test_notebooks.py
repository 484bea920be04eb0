"""Every notebook runs on prepared data, and is kept without what it showed to somebody."""

import os
from pathlib import Path
from typing import cast

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


def read(path: Path) -> nbformat.NotebookNode:
    text = path.read_text("utf-8")
    return cast(nbformat.NotebookNode, nbformat.reads(text, as_version=nbformat.NO_CONVERT))


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Proactor event loop")  # on Windows, of the kernel's client
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_every_cell_but_imports_shows_something(
    path: Path, pipeline: Path, tmp_path: Path
) -> None:
    os.environ |= {
        "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"),
        "IPYTHONDIR": str(tmp_path / "ipython"),
        "PYTHONWARNINGS": "ignore",  # of the kernel itself
    }
    client = NotebookClient(
        read(path),
        timeout=300,
        kernel_name="python3",
        resources={"metadata": {"path": str(pipeline)}},
    )
    cells = [cell for cell in client.execute().cells if cell.cell_type == "code"]
    silent = [cell.source for cell in cells if not cell.outputs]
    assert all(source.startswith(("from ", "import ")) for source in silent)
    assert len(silent) < len(cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_explains_each_cell_and_keeps_no_output(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    kinds = [cell.cell_type for cell in notebook.cells]
    assert kinds == ["markdown", "code"] * (len(kinds) // 2)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell for cell in code if cell.outputs or cell.execution_count] == []
