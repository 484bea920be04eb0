import ast
from typing import Any

import pytest
from project_tools.sabotage.cuts import CutError
from project_tools.sabotage.surgery import cut_out, find

PROPERTY = '''\
class Box:
    @property
    def size(self):
        """The size."""
        return self._size

    @size.setter
    def size(self, value):
        self._size = value
'''


def cut(source: str, function: str, body: str) -> str:
    return cut_out(source.encode(), function, body).decode()


def run(source: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {}
    exec(compile(source, "toy", "exec", dont_inherit=True), namespace)
    return namespace


def test_signature_docstring_and_everything_around_keep_their_bytes() -> None:
    before = "# why\nLIMIT = 3  # apples\n\n\ndef total(a: int, *, b: int = 2) -> int:  # both\n"
    before += '    """Add.\n\n    Twice.\n    """\n    # add them\n'
    old, new = "    c = a + b\n    return c  # at last\n", "    return 7\n"
    after = "\n\n# the end\ndef other():\n    return total(1)\n"
    assert cut(before + old + after, "total", "return 7") == before + new + after


@pytest.mark.parametrize(
    "source",
    [
        "def f(): return 1",
        "def f(): return 1  # one\n",
        "def f(): a = 1; return a;\n",
        'def f(): """One."""\n',
        'def f(): """One."""; return 1\n',
        'def f():\n    """One."""\n',
        'def f():\n    """One."""  # and no more\n',
        'def f():\n    """One.\n    """; return 1\n',
        "def f():\n\treturn 1\n",
        "if True:\n  def f():\n        return 1\n",
        "try:\n    import nothing\nexcept ImportError:\n    def f():\n        return 1\n",
        "def f(\n    a=1,\n    b=(2, 3),\n) -> int:\n    return 1\n",
        "def f():\n    @staticmethod\n    def g():\n        return 0\n    return 1\n",
        "from functools import cache\n@cache\n@cache\ndef f():\n    return 1\n",
        "def f():\n    return 1\n\x0c\ndef g():\n    return 2\n",
        "x = 'é\u2028ü'; y = 2\ndef f(): z = 'ö日本'; return z  # ß\ny = '🎉'\n",
        "# a comment with \x0b and \x85\ndef f():\n    return '''\n    é\n'''\n",
        "def f():\r\n    a = 1\r\n    return a\r\n\r\ndef g():\r\n    return 2\r\n",
        "\ufeffdef f(): return 1\n",
    ],
)
def test_a_body_takes_the_place_of_the_old_one_however_that_is_written(source: str) -> None:
    changed = cut(source, "f", "number = 41\n\nif number:\n    number += 1\nreturn number")
    assert run(changed)["f"]() == 42
    was, now = ast.parse(source.lstrip("\ufeff")), ast.parse(changed)
    assert ast.get_docstring(find(was, "f")) == ast.get_docstring(find(now, "f"))
    find(was, "f").body.clear()
    find(now, "f").body.clear()
    assert ast.dump(was) == ast.dump(now)
    assert ("\r\n" in source) == ("\r\n" in changed)
    assert changed.replace("\r\n", "").count("\r") == 0


def test_decorators_stay() -> None:
    source = "def twice(f):\n    return lambda: 2 * f()\n\n@twice\ndef one():\n    return 1\n"
    assert run(cut(source, "one", "return 5"))["one"]() == 10


def test_methods_nested_functions_and_coroutines_are_found() -> None:
    source = "class A:\n    class B:\n        async def f(self):\n            return await g()\n"
    changed = cut(source + "async def g(): pass\n", "A.B.f", "await g()\nreturn 3")
    assert "            await g()\n            return 3\n" in changed
    outer = "def outer():\n    def inner(): return 1\n    return inner()\n"
    assert run(cut(outer, "outer.inner", "return 2"))["outer"]() == 2


def test_of_a_name_that_is_defined_twice_one_is_chosen_by_its_number() -> None:
    with pytest.raises(CutError, match="size stands at line 3, 8: write size#1 or size#2"):
        cut(PROPERTY, "Box.size", "return 0")
    box = run(cut(PROPERTY, "Box.size#1", "return 0"))["Box"]()
    box.size = 3
    assert (box.size, box._size, type(box).size.__doc__) == (0, 3, "The size.")
    box = run(cut(PROPERTY, "Box.size#2", "self._size = -value"))["Box"]()
    box.size = 3
    assert box.size == -3
    with pytest.raises(CutError, match="size#1 or size#2"):
        cut(PROPERTY, "Box.size#3", "return 0")


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("totl", "no function totl. Did you mean total?"),
        ("mean", "no function mean. Did you mean Sums.mean?"),
        ("Sums.men", "no function Sums.men. Did you mean Sums.mean?"),
        ("Sums", "Sums is no function. Did you mean Sums.mean?"),
        ("xyz", "no function xyz. There are: Sums.mean, total."),
    ],
)
def test_a_function_that_is_not_there_is_refused_with_the_nearest(
    function: str, message: str
) -> None:
    source = "def total(): return 1\nclass Sums:\n    def mean(self): return 1\n"
    with pytest.raises(CutError) as caught:
        cut(source, function, "return 2")
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("return (1", "the body is no Python: line 1"),
        ("x = 1\n return x", "the body is no Python: line 2"),
        ("# nothing", "the body is empty"),
        ("return a+b # with a remark", "the body is that of total itself"),
        ("return await a", "cannot stand in total: 'await' outside async function"),
        ("nonlocal c\nreturn c", "cannot stand in total: no binding for nonlocal 'c'"),
        ("return np.sum([a, b])", "uses np, which total does not know"),
        ("return [abs(x) + lenght(x) for x in (a, b)]", "uses lenght, which"),
        ('return """two\nlines"""', "has a text of several lines"),
    ],
)
def test_a_body_that_proves_nothing_is_refused(body: str, message: str) -> None:
    source = 'def total(a, b):\n    """Add."""\n    return a + b\n'
    with pytest.raises(CutError) as caught:
        cut(source, "total", body)
    assert message in str(caught.value)


def test_of_many_functions_some_are_listed() -> None:
    source = "".join(f"def f{number:02d}(): return 1\n" for number in range(40))
    with pytest.raises(CutError, match=r"There are: f00, .*, f11, \.\.\.\."):
        cut(source, "xyz", "return 2")


def test_a_body_may_use_what_the_module_and_python_define() -> None:
    source = "import math as m\nfrom os import path\nLIMIT: int = 3\ndef f(): return 1\n"
    body = "import sys\nreturn len([m, path, LIMIT, __name__, sys, *(f for _ in range(0))])"
    assert run(cut(source, "f", body) + "__name__ = 'toy'\n")["f"]() == 5
