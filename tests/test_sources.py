"""What holds for the template's files as they lie here, before anything is generated."""

import ast
import io
import re
import tokenize
import tomllib
from pathlib import Path

import pytest
import yaml

from support import (
    CHOICES,
    PROJECT,
    SOURCES,
    TEMPLATE,
    files_of_the_repository,
    refused_names,
    ruff,
    text_files,
)

CORE_LIMIT, FILE_LIMIT = 1500, 200
# To look something up in, and written from code.
GENERATED = {"commands.md", "configuration.md", "example_classical.json"}
KIT_MODULES = {"arrays", "augmentation", "ingest", "model", "predictor"}
KIT_MODULES |= {"prepare", "schema"}
# Of packages of the base.
KIT_PARTS = {"classical/models", "config/kit", "exploration/frame", "leaks/evidence"}
KIT_PARTS |= {"debugging/origin", "prediction/source", "probes/behaviours"}
KIT_PARTS |= {"probes/corruptions", "slices/facts"}
PACKAGE = Path("src", "{{cookiecutter.package_name}}")


def source_lines(path):
    """Number of lines that hold code: not blank, not a comment, not a docstring."""
    text = path.read_text(encoding="utf-8")
    docstrings = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(
            node
        ):
            docstrings.update(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    silent = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    code = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in silent and token.type != tokenize.ENDMARKER:
            code.update(range(token.start[0], token.end[0] + 1))
    return len(code - docstrings)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_sources_hold_no_cookiecutter_marks(source):
    marked = [
        str(path.relative_to(source))
        for path, text in text_files(source)
        if "cookiecutter" in text or (path.suffix != ".html" and "{%" in text)
    ]
    assert marked == []


def test_no_file_is_longer_than_two_hundred_lines():
    kinds = {".py", ".yaml", ".yml", ".toml", ".json", ".md", ".html", ".append"}
    files = [path for path in files_of_the_repository() if path.suffix in kinds]
    files = [path for path in files if path.name not in GENERATED]
    lengths = {str(path): len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert {name: lines for name, lines in lengths.items() if lines > FILE_LIMIT} == {}


def kit_modules(kit):
    """A kit's own modules; packages beside them are libraries, as stats/ is."""
    return sorted((PROJECT / "_options" / "kit" / kit / PACKAGE).glob("*.py"))


@pytest.mark.parametrize("kit", CHOICES["kit"])
def test_the_core_can_be_read_in_an_afternoon(kit):
    modules = [*(PROJECT / PACKAGE).glob("*.py"), *kit_modules(kit)]
    assert len(modules) > 2 * len(KIT_MODULES)
    assert sum(map(source_lines, modules)) <= CORE_LIMIT


@pytest.mark.parametrize("kit", CHOICES["kit"])
def test_every_kit_has_the_same_modules(kit):
    assert {path.stem for path in kit_modules(kit)} == KIT_MODULES
    folder = PROJECT / "_options" / "kit" / kit / PACKAGE
    assert all((folder / f"{part}.py").exists() for part in KIT_PARTS)


def names_taken_from_kits():
    """Module and name of everything that the base project and its tests import from a kit."""
    modules = KIT_MODULES | {part.rpartition("/")[2] for part in KIT_PARTS}
    for path in [*(PROJECT / PACKAGE).rglob("*.py"), *(PROJECT / "tests").rglob("*.py")]:
        text = re.sub(r"\{\{ (\S+) \}\}", r"\1", path.read_text(encoding="utf-8"))
        for node in ast.walk(ast.parse(text)):
            module = getattr(node, "module", None) or ""
            ours = getattr(node, "level", 0) or module.startswith("cookiecutter.package_name")
            if isinstance(node, ast.ImportFrom) and ours and module.rpartition(".")[2] in modules:
                yield from ((module.rpartition(".")[2], alias.name) for alias in node.names)


@pytest.mark.parametrize("kit", CHOICES["kit"])
def test_every_kit_offers_the_names_that_the_base_project_takes(kit):
    taken = set(names_taken_from_kits())
    assert ("arrays", "load_split") in taken
    offered = set()
    folder = PROJECT / "_options" / "kit" / kit / PACKAGE
    for path in [*kit_modules(kit), *(folder / f"{part}.py" for part in KIT_PARTS)]:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                offered.add((path.stem, node.name))
            elif isinstance(node, ast.Assign):
                names = [name for target in node.targets for name in ast.walk(target)]
                offered |= {(path.stem, one.id) for one in names if isinstance(one, ast.Name)}
    assert taken - offered == set()


# N999: the package is a folder name in braces here.
@pytest.mark.parametrize("check", [["check", "--ignore=N999"], ["format", "--check"]], ids=" ".join)
def test_python_is_clean_where_it_lies(check):
    assert ruff(TEMPLATE, *check, ".") == ""
    assert ruff(TEMPLATE, *check, *map(str, SOURCES)) == ""


def test_configuration_parses_where_it_lies():
    for source in SOURCES:
        for path in source.rglob("*.yaml"):
            yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in [TEMPLATE / "pyproject.toml", *PROJECT.rglob("pyproject.toml")]:
        tomllib.loads(path.read_text(encoding="utf-8"))


def test_every_answer_but_none_has_its_folder_and_every_folder_its_answer():
    folders = {f"{path.parent.name}/{path.name}" for path in PROJECT.glob("_options/*/*")}
    answers = {f"{question}/{answer}" for question in CHOICES for answer in CHOICES[question]}
    # What the base project already is needs no overlay.
    assert answers - folders <= {"scope/pipeline", "ci/none", "preset/production"}
    assert folders - answers == set()


def test_no_package_can_take_the_name_of_a_module_of_the_tests():
    tests = [path for folder in PROJECT.rglob("tests") for path in folder.glob("*.py")]
    helpers = {path.stem for path in tests if not path.stem.startswith("test_")}
    assert len(tests) > len(helpers)
    assert helpers - refused_names() == set()


def test_no_file_names_a_machine_or_a_package_index():
    # Split, so that this file does not match itself.
    places = r"/(t" r"mp|o" r"pt|ro" r"ot|ho" r"me)/|pytho" r"nhosted|py" r"pi\.org"
    named = []
    for path in files_of_the_repository():
        if path.suffix not in {".png", ".ico"}:
            text = path.read_text(encoding="utf-8")
            named += [f"{path}: {match[0]}" for match in re.finditer(places, text)]
    assert named == []


def test_no_lock_file_is_in_the_repository():
    names = [path.name for path in files_of_the_repository()]
    assert [name for name in names if re.fullmatch(r"uv\.lock|pylock.*\.toml", name)] == []
