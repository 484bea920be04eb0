from pathlib import Path
from xml.etree import ElementTree

import pytest
from project_tools.site import Links, address

FILES = "https://forge.example/team/demo/blob/HEAD"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one page in a folder, and one file that is no page."""
    (tmp_path / "docs/experiments").mkdir(parents=True)
    (tmp_path / "docs/data.md").touch()
    (tmp_path / "src").mkdir()
    (tmp_path / "dvc.yaml").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("../dvc.yaml", f"{FILES}/dvc.yaml"),
        ("../../dvc.yaml#L3", f"{FILES}/dvc.yaml#L3"),
        ("../src", f"{FILES}/src"),
    ],
)
def test_a_file_outside_of_the_pages_is_in_the_repository(
    link: str, expected: str, project: Path
) -> None:
    assert address(link, FILES, project) == expected


@pytest.mark.parametrize(
    "link", ["data.md", "../data.md", "../data.md#rows", "../lost.md", "#rows", "https://a.example"]
)
def test_other_links_stay_as_they_are(link: str, project: Path) -> None:
    assert address(link, FILES, project) == link


def test_the_links_of_a_page_are_changed_in_place() -> None:
    page = ElementTree.fromstring('<p><a href="../dvc.yaml">x</a><a href="data.md">y</a></p>')
    Links(FILES).run(page)
    assert [link.get("href") for link in page] == [f"{FILES}/dvc.yaml", "data.md"]
