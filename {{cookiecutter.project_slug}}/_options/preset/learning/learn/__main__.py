"""`uv run python -m learn` in the project's folder, `uv run python ../learn` below it."""

import sys
from importlib import import_module
from pathlib import Path

if not __package__:  # started as a folder: Python has put that on the path, and not the project
    sys.path[0] = str(Path(__file__).resolve().parents[1])

sys.exit(import_module("learn.command").main())
