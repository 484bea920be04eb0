"""Commits that a project's hooks must stop: for each hook a file, and what is wrong in it."""

import json

KEY = "AKIA" + "IOSFODNN7" + "EXAMPLE"  # an example of AWS; whole, it would be stopped here
NOTEBOOK = {
    "cells": [
        {
            "cell_type": "code",
            "execution_count": 1,
            "id": "first",
            "metadata": {},
            "outputs": [{"name": "stdout", "output_type": "stream", "text": ["told\n"]}],
            "source": ["print('told')"],
        }
    ],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 5,
}
MARK = "<" * 7 + " HEAD\n" + "=" * 7 + "\n" + ">" * 7 + " other\n"
STOPPED = {
    "merge-conflict": ("notes.md", MARK),
    "large-file": ("notes.csv", "1,2,3\n" * 300_000),
    "secrets": ("notes.py", f'key = "{KEY}"\n'),
    "secrets ": ("notes.py", f'password = "{"correct" + "horse" + "battery"}"\n'),
    "dvc-credentials": (".dvc/config", "['remote \"storage\"']\n    password = abc\n"),
    "private": (".env", "KEY=1\n"),
    "yaml": ("notes.yaml", "a: [\n"),
    "toml": ("notes.toml", "a = \n"),
    "json": ("notes.json", "{'a': 1}\n"),
    "notebooks": ("notebooks/notes.ipynb", json.dumps(NOTEBOOK)),
    "uv-lock": ("pyproject.toml", None),  # its version is changed, its lock is not
    "dependencies": ("src/my_ml_project/notes.py", "import requests\n\nrequests.get\n"),
    "ruff-check": ("notes.py", "import os\n"),
    "ruff-format": ("notes.py", "a = {  'a':1 }\n"),
    "types": ("src/my_ml_project/notes.py", 'A: int = "a"\n'),
    "ignores": ("notes.py", "a = 1  # type: " + "ignore\n"),
    "reference": ("docs/commands.md", "# Commands\n"),
    "documents": ("docs/decisions/0009-later.md", "# 0009 Later\n"),
    "documents ": ("docs/postmortems/2026-01-31-broken.md", "# Broken\n"),
    "documents  ": ("docs/experiments/wider.yaml", 'hypothesis: ""\n'),
    "documents   ": ("docs/datasheet.md", "# Datasheet\n\n## Motivation\n\nTODO\n"),
    "documents    ": ("docs/model_card.yaml", "intended_use: TODO\n"),
    "documents     ": ("docs/papers/doe_2021.md", "# A paper card\n"),
    "spelling": ("notes.md", "I " + "recie" + "ve it.\n"),
}
# What looks alike, and belongs into git.
LET_THROUGH = {
    "private": ["deploy/example.env", ".env.example"],
    "secrets": ["reports/metrics.json"],
    "documents": ["docs/decisions/template.md", "docs/postmortems/README.md", "docs/gate.md"],
}
MESSAGES = {
    "feat(train): a warm-up of 5 epochs (+0.4 points)": True,
    "fix!: the split of a group": True,
    "fixup! feat: a warm-up": True,
    'Reapply "feat: a warm-up"': True,
    "Merge branch 'main' into warm-up": True,
    "a warm-up of 5 epochs": False,
    "feature: a warm-up": False,
    "feat:": False,
}
