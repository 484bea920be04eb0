"""Replaces the body of one function in a module's source; everything around it keeps its bytes."""

from __future__ import annotations

import ast
import builtins
import symtable
import textwrap
from typing import TYPE_CHECKING

from project_tools.sabotage.cuts import CutError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef
OF_EVERY_MODULE = {"__file__", "__name__", "__doc__", "__package__", "__path__", "__spec__"}


def cut_out(source: bytes, function: str, body: str) -> bytes:
    """Return ``source`` with ``body`` for that of ``function``.

    Decorators, signature and docstring stay. Where a name is defined several times, as a property
    and its setter are, ``Class.name#1`` is the first of them.

    Raises:
        CutError: when there is no such function, or the body cannot stand there, changes nothing
            or uses a name that nobody defines. Such a cut would prove nothing.
    """
    text = source.decode("utf-8-sig")
    wrong = _parse(textwrap.dedent(body))
    target = find(ast.parse(text), function)
    if not wrong:
        raise CutError("the body is empty.")
    if _dump(wrong) == _dump(statements(target)):
        raise CutError(f"the body is that of {function} itself.")
    changed = _splice(text, target, body)
    _check(text, changed, function, wrong)
    return changed.encode()


def find(tree: ast.Module, function: str) -> Function:
    """Return the function called ``function``, ``Class.method`` or ``outer.inner``."""
    scope: ast.Module | Definition = tree
    for part in function.split("."):
        name, _, number = part.partition("#")
        named = [node for node in _definitions(scope) if node.name == name]
        if not named:
            raise CutError(f"no function {function}. {_suggest(tree, function)}")
        choices = [f"{name}#{place}" for place in range(1, len(named) + 1)]
        if part not in choices and (number or len(named) > 1):
            lines = ", ".join(str(node.lineno) for node in named)
            raise CutError(f"{name} stands at line {lines}: write {' or '.join(choices)}.")
        scope = named[choices.index(part) if number else 0]
    if not isinstance(scope, Function):
        raise CutError(f"{function} is no function. {_suggest(tree, function)}")
    return scope


def statements(function: Function) -> Sequence[ast.stmt]:
    """The body without the docstring."""
    documented = ast.get_docstring(function, clean=False) is not None
    return function.body[documented:]


def _definitions(scope: ast.AST) -> Iterator[Definition]:
    """What is defined in a scope itself, also below its `if` and `try`."""
    for child in ast.iter_child_nodes(scope):
        if isinstance(child, Definition):
            yield child
        else:
            yield from _definitions(child)


def _suggest(tree: ast.Module, function: str) -> str:
    def names(scope: ast.AST, before: str) -> Iterator[str]:
        for node in _definitions(scope):
            if isinstance(node, Function):
                yield before + node.name
            yield from names(node, f"{before}{node.name}.")

    known = set(names(tree, ""))
    same = sorted(name for name in known if name.rpartition(".")[2] == function)
    return f"Did you mean {same[0]}?" if same else nearest(function, known)


def _splice(text: str, function: Function, body: str) -> str:
    """Work on bytes, for that is what the parser counts columns in."""
    source = text.encode()
    lines = source.splitlines(keepends=True)
    newline = b"\r\n" if lines[0].endswith(b"\r\n") else b"\n"
    first, replaced = function.body[0], statements(function)
    leads = lines[first.lineno - 1][: first.col_offset]
    in_line = bool(leads.strip())  # it stands in the line of the signature
    indent = lines[function.lineno - 1][: function.col_offset] + b"    " if in_line else leads
    row, column = _start(replaced[0]) if replaced else (first.end_lineno or 0, first.end_col_offset)
    before = lines[row - 1][:column]
    head = b"".join(lines[: row - 1])
    if before.strip():
        head += before.rstrip(b" \t;") + newline
    if in_line and first not in replaced:  # a docstring, which stays
        place = len(b"".join(lines[: first.lineno - 1])) + first.col_offset
        head = source[:place].rstrip(b" \t") + newline + indent + head[place:]
    new = textwrap.indent(textwrap.dedent(body).strip("\n"), indent.decode()).encode()
    tail = b"".join(lines[function.end_lineno :])
    return (head + b"".join(line + newline for line in new.split(b"\n")) + tail).decode()


def _start(statement: ast.stmt) -> tuple[int, int]:
    """Row and column where a statement begins, its decorators included."""
    decorators = statement.decorator_list if isinstance(statement, Definition) else []
    rows = [decorator.lineno for decorator in decorators]
    return (min(rows), 0) if rows else (statement.lineno, statement.col_offset)


def _check(text: str, changed: str, function: str, wrong: Sequence[ast.stmt]) -> None:
    try:
        compile(changed, "the cut", "exec", dont_inherit=True)
    except SyntaxError as error:
        raise CutError(f"the body cannot stand in {function}: {error.msg}.") from error
    before, after = ast.parse(text), ast.parse(changed)
    old, new = find(before, function), find(after, function)
    kept = old.body[: len(old.body) - len(statements(old))]
    if _dump(new.body) != _dump([*kept, *wrong]):
        raise CutError("the body has a text of several lines, which indenting changes: write \\n.")
    old.body.clear()
    new.body.clear()
    if _dump([before]) != _dump([after]):
        raise CutError("the body changes more than the function.")
    unknown = sorted(_undefined(changed) - _undefined(text))
    if unknown:
        raise CutError(f"the body uses {', '.join(unknown)}, which {function} does not know.")


def _undefined(text: str) -> set[str]:
    """The names that functions look up in the module, and that neither it nor Python defines."""
    module = symtable.symtable(text, "the cut", "exec")
    known = {name.get_name() for name in module.get_symbols() if name.is_assigned()}
    known |= {name.get_name() for name in module.get_symbols() if name.is_imported()}

    def used(table: symtable.SymbolTable) -> Iterator[str]:
        yield from (name.get_name() for name in table.get_symbols() if name.is_global())
        for inner in table.get_children():
            yield from used(inner)

    return set(used(module)) - known - set(dir(builtins)) - OF_EVERY_MODULE


def _parse(body: str) -> list[ast.stmt]:
    try:
        return ast.parse(body.strip("\n")).body
    except SyntaxError as error:
        raise CutError(f"the body is no Python: line {error.lineno}, {error.msg}.") from error


def _dump(nodes: Sequence[ast.AST]) -> list[str]:
    return [ast.dump(node) for node in nodes]
