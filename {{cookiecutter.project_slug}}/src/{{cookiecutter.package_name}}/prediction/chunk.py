"""Some rows of a source: what `prediction/source.py` of a kit hands on, a piece at a time."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl


@dataclass(frozen=True)
class Chunk:
    """Rows that can be predicted, and those that cannot."""

    named: pl.DataFrame  # what each is called, and what else is kept of it beside its prediction
    inputs: Any  # of the same rows, as the predictor takes them
    bad: pl.DataFrame  # what the others are called, and the reason of each


def content_of(files: Sequence[Path]) -> str:
    """Return a hash of the files' names, sizes and times: another one, and they have changed."""
    digest = hashlib.sha256()
    for file in files:
        found = file.stat()
        digest.update(os.fsencode(os.path.abspath(file)))  # noqa: PTH100 - resolve asks the disk
        digest.update(b"%d %d\n" % (found.st_size, found.st_mtime_ns))
    return digest.hexdigest()
