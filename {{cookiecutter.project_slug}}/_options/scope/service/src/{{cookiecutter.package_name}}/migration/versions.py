"""A registered model: its versions, which get other numbers where some are there, and its names."""

from __future__ import annotations

from typing import Any

from mlflow import MlflowException

from .both import ORIGIN, Both, all_of

MODEL = "models:/"
NUMBERS = ("previous_champion", "previous_anchor", "anchor")  # tags whose value is a version
HASH = "model_hash"


def copy_registered(both: Both, name: str) -> list[str]:
    """Copy a registered model, and return what to tell of it."""
    ours, theirs = both.ours.get_registered_model(name), _there(both, name)
    where = f"name = '{name}'"
    known = all_of(both.theirs.search_model_versions, where)
    numbers: dict[str, str] = {}
    left: list[str] = []
    found = all_of(both.ours.search_model_versions, where)
    for version in sorted(found, key=lambda one: int(one.version)):
        copy = _known(known, version) or _copy(both, version)
        if copy is None:
            left.append(str(version.version))
        else:
            numbers[str(version.version)] = str(copy.version)
    for version in found:
        _tag(both, version, numbers)
    for key, value in ours.tags.items():
        if key not in theirs.tags:
            value_there = numbers.get(value, value) if key in NUMBERS else value
            both.theirs.set_registered_model_tag(name, key, value_there)
    told = [f"{name}: {len(numbers)} {'version' if len(numbers) == 1 else 'versions'}"]
    told += [f"{name}: version {number} left out: its model is gone" for number in left]
    return told + _aliases(both, name, (ours.aliases, theirs.aliases), numbers)


def _there(both: Both, name: str) -> Any:
    try:
        return both.theirs.create_registered_model(name)
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
        return both.theirs.get_registered_model(name)


def _known(known: list[Any], version: Any) -> Any:
    weights = version.tags.get(HASH)
    for one in known:
        if one.tags.get(ORIGIN) == _origin(version) or (weights and one.tags.get(HASH) == weights):
            return one
    return None


def _origin(version: Any) -> str:
    return f"{version.run_id}, version {version.version}"


def _copy(both: Both, version: Any) -> Any:
    model = both.models.get(version.source.removeprefix(MODEL))
    if model is None or version.run_id not in both.runs:
        return None
    with both.asking(both.target):
        return both.theirs.create_model_version(
            version.name,
            f"{MODEL}{model}",
            both.runs[version.run_id],
            tags={ORIGIN: _origin(version), **_plain(version)},
            description=version.description,
            model_id=model,
        )


def _plain(version: Any) -> dict[str, str]:
    return {key: value for key, value in version.tags.items() if key not in NUMBERS}


def _tag(both: Both, version: Any, numbers: dict[str, str]) -> None:
    """Set the tags that name versions, which have other numbers there; all of them exist now."""
    there = numbers.get(str(version.version))
    named = {key: version.tags[key] for key in NUMBERS if key in version.tags}
    if not there or not named:
        return
    known = both.theirs.get_model_version(version.name, there).tags
    if known.get(ORIGIN) != _origin(version):
        return  # it came another way, and has its own
    for key, value in named.items():
        if key not in known:
            value_there = numbers.get(value, value)
            both.theirs.set_model_version_tag(version.name, there, key, value_there)


def _aliases(
    both: Both, name: str, both_aliases: tuple[dict[str, Any], ...], numbers: dict[str, str]
) -> list[str]:
    """Give aliases that nothing has there yet, and tell who has which."""
    ours, theirs = both_aliases
    told: list[str] = []
    for alias, number in ours.items():
        version = numbers.get(str(number))
        if version is None:
            continue
        if alias not in theirs:
            both.theirs.set_registered_model_alias(name, alias, version)
            told.append(f"{name}: {alias} is version {version}")
        elif str(theirs[alias]) != version:
            stays = f"{alias} is version {theirs[alias]} there, and stays so"
            told.append(f"{name}: {stays}; yours is version {version}")
    return told
