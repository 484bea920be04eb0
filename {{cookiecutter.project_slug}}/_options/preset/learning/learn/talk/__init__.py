"""Five slides about the model in use, for people who build no models: `python -m learn.talk`."""

from .command import main

__all__ = ["main"]
