"""Exported programs, read without running what a stranger may have put into them.

An archive of ``torch.export`` is numbers, a graph as JSON, and little else. But torch unpickles
what the archive calls a pickle, imports modules that a tree of arguments names, evaluates
expressions of sizes and runs guards as Python. No network of this project needs any of that.
"""

from __future__ import annotations

import io
import json
import re
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch.export import ExportedProgram

MEMBERS = re.compile(
    r"data/weights/weight_\d+|data/constants/tensor_\d+"
    r"|data/(weights|constants)/model_\w+_config\.json|models/model\.json"
    r"|data/sample_inputs/model\.pt|archive_(format|version)|byteorder|version"
    r"|\.data/(version|serialization_id)"
)
# Sizes, such as Mul(Integer(2), Symbol('s70', positive=True, integer=True)). The names of sympy
# begin with a capital letter and only compute; text is in names of symbols and in numbers alone.
EXPRESSION = re.compile(
    r"(Symbol\('\w+'(, \w+=(True|False))*\)|Float\('[-+\d.e]+'(, \w+=\d+)*\)|[A-Z][A-Za-z]*\("
    r"|[su]\d+|[\d.]+|[-+*/(), ])*"
)
OPERATOR = re.compile(
    r"torch\.ops(\.\w+){2,3}|torch\.sym_\w+|math\.(ceil|floor|trunc)"
    r"|_operator\.(getitem|add|sub|mul|truediv|floordiv|mod|pow|neg|eq|ne|lt|le|gt|ge|and_|or_)"
)
IMPORTS = ("__enum__", "default_factory_module")  # keys after which a module is named


def load_exported(file: Path) -> ExportedProgram:
    """Read an exported program.

    Raises:
        ValueError: when the archive holds more than numbers and the graph of a network.
        pickle.UnpicklingError: when its example rows are other objects than tensors.
    """
    import torch

    with zipfile.ZipFile(file) as archive:
        try:
            _require_harmless(archive)
        except ValueError as error:
            raise ValueError(f"{file.name} {error}, and could run code when it is read") from error
    with warnings.catch_warnings():
        # torch 2.11 warns that what it reads must not be written to.
        warnings.filterwarnings("ignore", "The given buffer is not writable")
        return torch.export.load(file)


def _require_harmless(archive: zipfile.ZipFile) -> None:
    import torch

    names = archive.namelist()
    if len({name.casefold() for name in names}) < len(names):
        raise ValueError("holds two members of one name")  # torch may read the other one
    if len({name.partition("/")[0] for name in names}) > 1:
        raise ValueError("holds more than one program")
    for name in names:
        member = name.partition("/")[2]
        if not MEMBERS.fullmatch(member):
            raise ValueError(f"holds {member}")
        if member.endswith("_config.json"):
            values = json.loads(archive.read(name))["config"].values()
            if any(value["use_pickle"] for value in values):
                raise ValueError(f"holds a pickle ({member})")
        elif member.endswith(".json"):
            _require_plain_graph(json.loads(archive.read(name)))
        elif member.endswith(".pt"):  # where this fails, torch would read it as a pickle
            torch.load(io.BytesIO(archive.read(name)), weights_only=True)


def _require_plain_graph(graph: dict[str, Any]) -> None:
    if graph.get("guards_code"):
        raise ValueError("holds guards")
    for key, value in _items(graph):
        if key in IMPORTS:
            raise ValueError(f"names a module ({key})")
        allowed = {"expr_str": EXPRESSION, "target": OPERATOR}.get(key)
        if allowed and isinstance(value, str) and not allowed.fullmatch(value):
            raise ValueError(f"has {value!r} for {key}")


def _items(value: Any) -> Iterator[tuple[str, Any]]:
    """Every key with its value, at any depth, in JSON inside of strings too."""
    if isinstance(value, str) and value[:1] in ("[", "{", '"'):
        try:
            value = json.loads(value)
        except ValueError:
            return
        yield from _items(value)
    elif isinstance(value, list):
        for one in value:
            yield from _items(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield key, one
            yield from _items(one)
