"""Which way imports point, where config stops, and that dvc.yaml says what the code does."""

import ast
import re

import pytest
from import_graph import SOURCE, file_of, imports, modules, sources, stages, tree_of, verbs

STAGES = stages()
CONF = {file.relative_to(SOURCE).as_posix() for file in SOURCE.glob("conf/**/*.yaml")}
TEMPLATES = {
    file.relative_to(SOURCE).as_posix()
    for file in SOURCE.glob("reporting/**/*")
    if file.suffix in (".css", ".html")
}
FOUND_BY_NAME = {f"sources/{file.name}" for file in SOURCE.glob("sources/[!_]*.py")}
READ_AS_DATA = {
    "compose": CONF,
    "ingest": FOUND_BY_NAME,
    "report": {*TEMPLATES, "conf/current.yaml"},
}
TOY_MAIN = "def main(config, workspace):\n    "


def main_of(module: str) -> ast.FunctionDef:
    return next(
        node
        for node in tree_of(module).body
        if isinstance(node, ast.FunctionDef) and node.name == "main"
    )


def keys_read(main: ast.FunctionDef) -> set[str]:
    """The shortest chains of attributes of ``config``: what the function depends on."""
    parent = {child: node for node in ast.walk(main) for child in ast.iter_child_nodes(node)}
    keys: set[str] = set()
    for node in ast.walk(main):
        if not isinstance(node, ast.Name) or node.id != "config":
            continue
        if isinstance(parent[node], ast.Delete):
            continue
        chain = parent[node]
        names: list[str] = []
        while isinstance(chain, ast.Attribute):
            names.append(chain.attr)
            chain = parent[chain]
        assert names, f"line {node.lineno}: config itself is passed on; name the keys"
        keys.add(".".join(names))
    return {key for key in keys if not any(key.startswith(f"{other}.") for other in keys)}


def calls(main: ast.FunctionDef, method: str) -> set[str]:
    """The names that ``workspace.METHOD`` is called with."""
    return {
        ast.literal_eval(node.args[0])
        for node in ast.walk(main)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == f"workspace.{method}"
    }


def takes_config(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    given = function.args
    parameters = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    types = [ast.unparse(p.annotation) for p in parameters if p and p.annotation]
    return any(re.search(r"\bConfig\b", name) for name in types)


def test_every_stage_is_a_command_of_its_own_name() -> None:
    assert {name: stage.module for name, stage in STAGES.items()} == {n: n for n in STAGES}
    assert set(STAGES) <= verbs()


@pytest.mark.parametrize("verb", sorted(verbs()))
def test_a_verb_imports_nouns_only(verb: str) -> None:
    assert file_of(verb)
    assert imports(verb)
    assert imports(verb) & verbs() == set()


@pytest.mark.parametrize("noun", sorted(set(modules()) - verbs()))
def test_a_noun_imports_no_verb(noun: str) -> None:
    assert imports(noun) & verbs() == set()


@pytest.mark.parametrize("module", modules())
def test_config_stops_at_main(module: str) -> None:
    taking = {
        node.name
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and takes_config(node)
    }
    assert taking <= ({"main"} if module in verbs() else set())


@pytest.mark.parametrize("name", STAGES)
def test_deps_are_the_sources_that_a_stage_imports(name: str) -> None:
    assert STAGES[name].sources == sources(name) | READ_AS_DATA.get(name, set())


@pytest.mark.parametrize("name", sorted(set(STAGES) - {"compose"}))
def test_params_are_the_keys_that_main_reads(name: str) -> None:
    assert STAGES[name].params == keys_read(main_of(name))


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_reads_and_writes_the_data_that_dvc_yaml_names(name: str) -> None:
    main = main_of(name)
    assert STAGES[name].inputs == calls(main, "reads") | calls(main, "given")
    assert STAGES[name].outputs == calls(main, "publishes")


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        ("fit(config.model, config.data.split, config.model.width)", {"model", "data.split"}),
        ("later = lambda: config.seed", {"seed"}),
        ("del config", set()),
    ],
)
def test_keys_are_read_from_the_code(body: str, keys: set[str]) -> None:
    (main,) = ast.parse(TOY_MAIN + body).body
    assert isinstance(main, ast.FunctionDef)
    assert keys_read(main) == keys


@pytest.mark.parametrize("body", ["alias = config", "fit(config)", "getattr(config, 'seed')"])
def test_passing_config_on_is_refused(body: str) -> None:
    (main,) = ast.parse(TOY_MAIN + body).body
    assert isinstance(main, ast.FunctionDef)
    with pytest.raises(AssertionError, match="config itself is passed on"):
        keys_read(main)
