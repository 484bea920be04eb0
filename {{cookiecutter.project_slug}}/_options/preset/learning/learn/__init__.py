"""Exercises and drills over this project's own code: `uv run python -m learn`."""
