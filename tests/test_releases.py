"""Changelog, version and migration notes tell of the same releases."""

import re
import tomllib

from support import TEMPLATE

CHANGELOG = (TEMPLATE / "CHANGELOG.md").read_text(encoding="utf-8")
UPDATES = (TEMPLATE / "docs" / "updating.md").read_text(encoding="utf-8")
# Semantic Versioning without build metadata, which orders nothing.
VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z][0-9A-Za-z.-]*)?")
HEADINGS = re.findall(r"^## (.+)$", CHANGELOG, re.MULTILINE)
RELEASED = re.findall(r"^## \[(?!Unreleased)(.+?)\]", CHANGELOG, re.MULTILINE)


def place(version):
    """What a version is sorted by: a release comes after its own pre-releases."""
    *numbers, pre = VERSION.fullmatch(version).groups()
    parts = (pre or "").lstrip("-").split(".") if pre else []
    order = [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts]
    return [*map(int, numbers), (pre is None, order)]


def migration_notes():
    """Version -> its note."""
    section = re.search(r"^## Migration notes\n(.*?)(?=^## |\Z)", UPDATES, re.MULTILINE | re.DOTALL)
    parts = re.split(r"^### (.+)\n", section[1], flags=re.MULTILINE)
    return dict(zip(parts[1::2], map(str.strip, parts[2::2]), strict=True))


def test_every_release_has_a_semantic_version_and_a_date():
    assert HEADINGS[0] == "[Unreleased]"
    assert RELEASED
    for heading in HEADINGS[1:]:
        assert re.fullmatch(rf"\[{VERSION.pattern}\] - \d{{4}}-\d{{2}}-\d{{2}}", heading)


def test_releases_stand_in_order_with_the_newest_first():
    places = [place(version) for version in RELEASED]
    assert places == sorted(places, reverse=True)
    assert len(set(RELEASED)) == len(RELEASED)
    dates = re.findall(r"^## \[.+\] - (\S+)$", CHANGELOG, re.MULTILINE)
    assert dates == sorted(dates, reverse=True)


def test_the_order_of_versions_is_that_of_semantic_versioning():
    ordered = ["0.9.0", "0.10.0", "1.0.0-alpha", "1.0.0-rc.2", "1.0.0-rc.10", "1.0.0", "1.0.1"]
    mixed = [*ordered[1::2], *ordered[::2]]
    assert sorted(mixed, key=place) == ordered


def test_the_newest_release_is_the_version_of_the_template():
    project = tomllib.loads((TEMPLATE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert RELEASED[0] == project["version"]


def test_every_release_has_a_migration_note():
    notes = migration_notes()
    assert list(notes) == ["Unreleased", *RELEASED]
    assert all(notes.values())


def test_whoever_cites_the_template_cites_its_version():
    version = tomllib.loads((TEMPLATE / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert f"version: {version}" in (TEMPLATE / "CITATION.cff").read_text("utf-8").splitlines()
