import re
from pathlib import Path

import pytest
from project_pages import PROJECT, names_in
from project_tools.sabotage.cuts import AREAS

MAP = PROJECT / "docs/skills.md"
CELL = re.compile(r"\[`([^`]+)`\]\(([^)]+)\)")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in MAP.read_text("utf-8").splitlines()
    if line.startswith("| ") and "::" in line
]


def defined(cell: str) -> tuple[Path, str, str]:
    """The file that a cell links to, what it calls that, and the name that should be in it."""
    found = CELL.match(cell)
    assert found is not None, cell
    path, _, name = found[1].partition("::")
    return (MAP.parent / found[2]).resolve(), path, name


def test_there_is_a_row_for_each_area() -> None:
    assert len({row[0] for row in ROWS}) == len(ROWS) == len(AREAS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_artefact_and_test_of_an_area_are_where_the_map_says(row: list[str]) -> None:
    for cell in (row[1], row[3]):
        file, path, name = defined(cell)
        assert file.as_posix().endswith(f"/{path}")
        assert name in names_in(file)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_each_area_has_a_command_to_see_it(row: list[str]) -> None:
    assert re.fullmatch(r"`uv run [^`]+`", row[2])


def test_names_of_a_file_are_functions_classes_methods_and_constants(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text(
        "LIMIT: int = 3\nSIZES = (1, 2)\n\nclass Row:\n    width: int\n\n"
        "    def area(self): ...\n\nasync def read(): ...\n",
        "utf-8",
    )
    assert names_in(file) == {"LIMIT", "SIZES", "Row", "Row.width", "Row.area", "read"}
