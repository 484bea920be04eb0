"""The page of every key: docs/configuration.md."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from project_tools.reference import fields, values
from project_tools.reference.fields import Field, Schema, UndescribedError

if TYPE_CHECKING:
    from pathlib import Path

    from project_tools.reference.values import Choice

ABOUT = """\
# Configuration

Every key as you would type it, with the value that it has if you say nothing, what it may be, and
what it means. This page is written from the types in `config/` and the values in `conf/`, by
`uv run reference`: change it there.

- For one command: `uv run train optimizer.lr=0.01 trainer=gpu`. A key takes a value, and a group
  one of its choices.
- For good: `uv run use optimizer.lr=0.01`, or edit `conf/`. [pipeline.md](pipeline.md) tells how
  they fit together.
- As it stands now: `uv run train --cfg job`. A mistake gets one line, with the nearest valid name.
"""
TYPES = {
    "int": ["whole number"],
    "float": ["number"],
    "str": ["text"],
    "bool": ["`true`", "`false`"],
    "list[str]": ["list of texts"],
    "dict[str, Any]": ["mapping"],
}
LONGEST = 40  # letters of a default that is shown; what is longer stands in its file
CODE = re.compile(r"(`[^`]*`)")
MARKUP = re.compile(r"[\\*<>\[\]]|(?<!\w)_|_(?!\w)")


def page(package: Path) -> str:
    """Return the page, from the folders config/ and conf/ of the package."""
    conf = package / "conf"
    schema = fields.read(sorted((package / "config").glob("*.py")))
    top = values.read_choice(conf / "config.yaml")
    chosen = _chosen(conf)
    groups = [one for one in schema.all_fields("Config") if one.name in chosen]
    single = [one for one in schema.all_fields("Config") if one.name not in chosen]
    parts = [ABOUT, "## Of every command\n", _list(schema, single, "", top)]
    for group in groups:
        parts += _group(schema, group, conf / group.name, str(chosen[group.name]))
    whole = [group for group, choice in chosen.items() if choice is None]
    parts += ["## Whole configurations\n", _whole(conf, whole)]
    for file in sorted(conf.glob("*.yaml")):
        own = package / file.stem / "settings.py"
        if own.is_file():
            parts += _settings(fields.read([own]), file)
    return "\n".join(parts)


def _chosen(conf: Path) -> dict[str, str | None]:
    listed = yaml.safe_load((conf / "config.yaml").read_text(encoding="utf-8"))["defaults"]
    pairs = [pair for one in listed if isinstance(one, dict) for pair in one.items()]
    return {name: choice for name, choice in pairs if not name.startswith("override ")}


def _group(schema: Schema, group: Field, folder: Path, chosen: str) -> list[str]:
    choices = [values.read_choice(file) for file in sorted(folder.glob("*.yaml"))]
    default = values.read_choice(folder / f"{chosen}.yaml")
    parts = [f"## {group.name}\n"]
    if group.kind != "Any":  # one set of fields, whatever is chosen
        parts += [f"{_text(schema.says[group.kind])}\n"]
        parts += [_list(schema, schema.all_fields(group.kind), f"{group.name}.", default)]
        return [*parts, *_others(group.name, choices, default)]
    usual = default.based_on or default.name
    for choice in choices:
        if "_target_" not in choice.own:
            continue
        name = schema.targets[choice.values["_target_"]]
        mark = " (default)" if choice.name == usual else ""
        shown = [one for one in schema.all_fields(name) if one.name != "_target_"]
        parts += [f"### {group.name}={choice.name}{mark}\n", f"{_text(choice.says)}\n"]
        parts += [_list(schema, shown, f"{group.name}.", choice)]
    return parts


def _others(group: str, choices: list[Choice], default: Choice) -> list[str]:
    others = [one for one in choices if one.name != default.name]
    lines = [f"- `{group}={one.name}`: {_text(one.says).rstrip('.')}." for one in others]
    usual = f"The values are those of `{group}={default.name}`. Other choices:\n"
    return [usual, "\n".join([*lines, ""])] if lines else []


def _list(schema: Schema, keys: list[Field], prefix: str, choice: Choice) -> str:
    return "\n".join([*_lines(schema, keys, prefix, choice, choice.values, ""), ""])


def _lines(
    schema: Schema, keys: list[Field], prefix: str, choice: Choice, node: Any, path: str
) -> list[str]:
    """A line for each key, as it is typed; those of a group inside a group stand below it."""
    lines: list[str] = []
    for key in keys:
        name, place = f"{prefix}{key.name}", f"{path}.{key.name}".lstrip(".")
        within, listed = schema.kind_within(key.kind), schema.kind_listed(key.kind)
        value = node.get(key.name) if isinstance(node, dict) else None
        if key.kind != within:  # else the group itself takes no value
            typed = _typed(name, value) if isinstance(node, dict) else f"`{name}`"
            meaning = _meaning(schema, key, name, choice.remarks.get(place, ""))
            lines.append(f"- {typed} ({_kind(schema, key.kind)}): {meaning}")
        kind = within or listed
        if kind:
            inner = value if key.kind == within else None
            below = f"{name}[]." if listed else f"{name}."
            lines += _lines(schema, schema.all_fields(kind), below, choice, inner, place)
    return lines


def _typed(name: str, value: Any) -> str:
    shown = yaml.safe_dump(value, default_flow_style=True, width=1000).strip()
    shown = shown.removesuffix("\n...").strip()
    return f"`{name}={shown}`" if len(shown) <= LONGEST else f"`{name}`"


def _kind(schema: Schema, kind: str) -> str:
    name = kind.removesuffix(" | None")
    if name in schema.enumerations:
        shown = [f"`{value}`" for value in schema.enumerations[name].values]
    elif schema.kind_listed(name):
        shown = ["list"]
    else:
        shown = TYPES.get(name, ["group"])
    shown = shown if kind == name else [*shown, "`null`"]
    return " or ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _meaning(schema: Schema, key: Field, place: str, beside_value: str) -> str:
    """What stands beside the field; else what its values are for, and what stands beside its value.

    Raises:
        UndescribedError: when nothing does.
    """
    if key.remark:
        return _text(key.remark)
    name = key.kind.removesuffix(" | None")
    within = schema.kind_within(name) or schema.kind_listed(name)
    enumeration = schema.enumerations.get(name)
    about = enumeration.says if enumeration else schema.says[within] if within else ""
    about = about.rstrip(".")
    about = about if about[1:2].isupper() else about[:1].lower() + about[1:]
    said = "; ".join(part for part in (about, beside_value) if part)
    if not said:
        hint = "Write a comment beside its field."
        raise UndescribedError(f"{place}: nothing says what it is. {hint}")
    return _text(said)


def _whole(conf: Path, groups: list[str]) -> str:
    lines: list[str] = []
    for group in groups:
        for file in sorted((conf / group).glob("*.yaml")):
            one = values.read_choice(file)
            told = f"; {_text(one.notes['duration'])}" if "duration" in one.notes else ""
            told += f"; expect: {_text(one.notes['expect'])}" if "expect" in one.notes else ""
            lines.append(f"- `{group}={one.name}`: {_text(one.says).rstrip('.')}{told}.")
    return "\n".join([*lines, ""])


def _settings(schema: Schema, file: Path) -> list[str]:
    choice = values.read_choice(file)
    keys = [one for one in schema.all_fields("Settings") if one.name in choice.values]
    return [f"## {file.stem}\n", f"{_text(choice.says)}\n", _list(schema, keys, "", choice)]


def _text(said: str) -> str:
    """Keep code as it is, and let nothing else become markup."""
    parts = CODE.split(said)
    escaped = [
        part if part[:1] == "`" else MARKUP.sub(lambda m: f"\\{m[0]}", part) for part in parts
    ]
    return "".join(escaped)
