"""Configurations of conf/, composed once for all tests that only read them."""

from functools import cache

from {{ cookiecutter.package_name }}.config import Config, typed
from {{ cookiecutter.package_name }}.runtime.composition import compose


@cache
def configured(*overrides: str) -> Config:
    """Return what commands are handed for these overrides (composing takes 80 ms)."""
    return typed(compose([*overrides]))
