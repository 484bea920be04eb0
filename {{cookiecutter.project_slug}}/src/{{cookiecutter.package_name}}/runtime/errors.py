"""Mistakes of the user: one clear line each, with the nearest valid choice."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable


class UserError(Exception):
    """Something that only the user can mend; shown as one message, without a traceback."""


class DivergedError(UserError):
    """Numbers of a training have become NaN or infinite."""


class PreemptedError(Exception):
    """Training was told to end, and can be gone on with: the command exits with a code of its own.

    It is 75 (EX_TEMPFAIL: try again later), or 130 after Ctrl-C, as usual.
    """

    def __init__(self, received: str, told: str) -> None:
        super().__init__(told)
        self.code = 130 if received == "SIGINT" else 75


def nearest(name: str, options: Iterable[object]) -> str:
    """Say which of ``options`` was probably meant, and list them."""
    names = sorted(str(option) for option in options)
    if not names:
        return "There is none yet."
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    return (f"Did you mean {close[0]!r}? " if close else "") + f"Valid: {', '.join(names)}."


def check(condition: bool, place: str, value: object, expected: str) -> None:
    """Refuse ``value`` of the configuration key ``place`` unless ``condition`` holds."""
    if not condition:
        raise UserError(f"{place}={value}: expected {expected}.")


def explain(error: Exception) -> str:
    """One message for an error of ours, of Hydra, of OmegaConf or of YAML."""
    from hydra.errors import MissingConfigException, OverrideParseException
    from omegaconf.errors import OmegaConfBaseException
    from yaml import MarkedYAMLError

    from .composition import CONF

    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, MarkedYAMLError) and error.problem_mark:
        mark = error.problem_mark
        return f"{mark.name}, line {mark.line + 1}: {error.problem}."
    if isinstance(error, MissingConfigException):
        group, _, name = (error.missing_cfg_file or "").rpartition("/")
        options = error.options or [file.stem for file in CONF.glob(f"{group}/*.yaml")]
        # The file of conf/ that names it, unless that is the command line.
        where = "" if error.options else "".join(re.findall("^In '.*?': ", str(error)))
        return f"{where}{group}={name}: unknown choice. {nearest(name, options)}"
    if isinstance(error, OverrideParseException):
        hint = """Special characters need quotes of their own: 'KEY="VALUE"'."""
        return f"{error.override}: cannot be read as KEY=VALUE. {hint}"
    several = re.match("Ambiguous value for argument '(.*?)'", str(error))
    if several:
        return f"{several[1]}: expected one value; several with commas are for a sweep (-m)."
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, OmegaConfBaseException):
        cause = cause.__cause__ or cause.__context__
    return " ".join(str(error).split("\n")[:2]) if cause is None else _explain_key(cause)


def _explain_key(error: BaseException) -> str:
    from omegaconf.errors import ConfigAttributeError, ConfigKeyError

    from .composition import CONF

    key, full_key = str(getattr(error, "key", "")), str(getattr(error, "full_key", ""))
    parent = getattr(error, "parent_node", None)
    siblings = [str(name) for name in parent] if parent is not None else []
    if "hydra" in siblings:  # the top: `experiment` and `debug` are groups without a key
        groups = [folder.name for folder in CONF.iterdir() if folder.is_dir()]
        siblings = sorted({*siblings, *groups} - {"hydra"})
    if isinstance(error, ConfigAttributeError | ConfigKeyError) and siblings:
        return f"{full_key}: unknown key. {nearest(key, siblings)}"
    reason = str(getattr(error, "msg", error)).splitlines()[0]
    choices = re.match(r"Invalid value '(.*)', expected one of \[(.*)\]", reason)
    if choices:
        return f"{full_key}={choices[1]}: unknown. {nearest(choices[1], choices[2].split(', '))}"
    listed = re.match(r"Cannot convert 'ListConfig' to \w+: '(.*)'", reason)
    if listed:
        return f"{full_key}={listed[1]}: expected one value, not a list."
    return f"{full_key}: {reason}."
