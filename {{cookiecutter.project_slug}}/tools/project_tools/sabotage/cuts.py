"""The cuts: plausible wrong bodies for functions of the package, kept as data."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

TEXTS = ("name", "target", "why", "body")
FIELDS = {*TEXTS, "tests", "proves"}
TOOLS = "tools/project_tools"  # where a target may lie as well, named from the project's folder
AREAS = (
    "python",
    "mathematics",
    "communication",
    "stack",
    "models",
    "evaluation",
    "engineering",
)
# Of the ML Test Score (Breck et al. 2017), seven to each section.
ITEMS = tuple(f"{part}-{n}" for part in ("data", "model", "infra", "mon") for n in range(1, 8))
UNPROVABLE = "no skill area and no item of the ML Test Score"
MOST_NAMES = 12  # in a message


class CutError(ValueError):
    """A mistake in a cut or in a command; the message says where, what, and what was expected."""


@dataclass(frozen=True)
class Cut:
    """One mistake that a hurried person would make, and the tests that should notice it."""

    name: str
    # ingest.py::copy_folder or module.py::Class.method, below src/<package>; or TOOLS/module.py::f
    target: str
    why: str  # what went through that person's head
    body: str  # Python; the function keeps its decorators, signature and docstring
    tests: tuple[str, ...]  # files and tests as pytest names them, from the project's folder
    proves: tuple[str, ...] = ()  # that the tests of these skill areas or items can fail

    @property
    def file(self) -> str:
        """The module, below the package's folder."""
        return self.target.partition("::")[0]

    @property
    def function(self) -> str:
        """The function's name in the module."""
        return self.target.partition("::")[2]


def nearest(name: str, options: Iterable[str]) -> str:
    """Say which of ``options`` was probably meant, or list some."""
    names = sorted(options)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if close:
        return f"Did you mean {close[0]}?"
    shown = ", ".join([*names[:MOST_NAMES], *["..."][: len(names) > MOST_NAMES]])
    return f"There are: {shown}." if names else "There is none."


def load(folder: Path) -> list[Cut]:
    """Read every ``[[cut]]`` of the TOML files in ``folder``, in the order of their names.

    Raises:
        CutError: at the first entry that is not a cut.
    """
    cuts: dict[str, Cut] = {}
    for file in sorted(folder.glob("*.toml")):
        try:
            content = tomllib.loads(file.read_text(encoding="utf-8"))
        except ValueError as error:  # of TOML or of UTF-8
            raise CutError(f"{file.name}: cannot be read ({error}).") from error
        if list(content) != ["cut"] or not isinstance(content["cut"], list):
            raise CutError(f"{file.name}: expected entries [[cut]] and nothing else.")
        for number, entry in enumerate(content["cut"], start=1):
            cut = _cut(f"{file.name}, cut {number}", entry)
            if cut.name in cuts:
                raise CutError(f"{file.name}: there is another cut called {cut.name!r}.")
            cuts[cut.name] = cut
    return list(cuts.values())


def select(cuts: list[Cut], names: list[str], proves: Sequence[str] = ()) -> list[Cut]:
    """Return the cuts of these names, all of them if there are no names.

    With ``proves``, of those the ones that prove something of it; "all" is anything.

    Raises:
        CutError: when there is no such cut, area or item, or nothing is left.
    """
    known = {cut.name: cut for cut in cuts}
    for name in names:
        if name not in known:
            raise CutError(f"{name}: no such cut. {nearest(name, known)}")
    chosen = [known[name] for name in names] or cuts
    if not proves:
        return chosen
    for one in proves:
        if one not in ("all", *AREAS, *ITEMS):
            raise CutError(f"{one}: {UNPROVABLE}. {nearest(one, ('all', *AREAS, *ITEMS))}")
    wanted = {*AREAS, *ITEMS} if "all" in proves else set(proves)
    chosen = [cut for cut in chosen if wanted & set(cut.proves)]
    if not chosen:
        raise CutError(f"no cut proves {' or '.join(proves)}.")
    return chosen


def _cut(place: str, entry: Any) -> Cut:
    fields = entry if isinstance(entry, dict) else {}
    for field in fields:
        if field not in FIELDS:
            raise CutError(f"{place}: unknown field {field!r}. {nearest(field, FIELDS)}")
    for field in TEXTS:
        if not isinstance(fields.get(field), str) or not fields[field].strip():
            raise CutError(f"{place}: {field} is {fields.get(field)!r}, expected a text.")
    tests = fields.get("tests")
    if not isinstance(tests, list) or not tests or not all(isinstance(t, str) for t in tests):
        raise CutError(f"{place}: tests is {tests!r}, expected the names of files or tests.")
    proves = fields.get("proves", [])
    if not isinstance(proves, list) or not all(isinstance(one, str) for one in proves):
        raise CutError(f"{place}: proves is {proves!r}, expected ids like evaluation or infra-1.")
    for one in proves:
        if one not in (*AREAS, *ITEMS):
            raise CutError(
                f"{place}: proves has {one!r}, {UNPROVABLE}. {nearest(one, (*AREAS, *ITEMS))}"
            )
    module, separator, function = fields["target"].partition("::")
    if not (separator and function and module.endswith(".py")):
        expected = "expected module.py::function or module.py::Class.method"
        raise CutError(f"{place}: target is {fields['target']!r}, {expected}.")
    return Cut(**{name: fields[name] for name in TEXTS}, tests=tuple(tests), proves=tuple(proves))
