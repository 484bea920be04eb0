"""Image files to predict: decoded as in preparation, a few at a time."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ..arrays import decoded
from ..runtime.errors import UserError
from ..runtime.files import files_below
from ..schema import IMAGE_SUFFIXES
from .chunk import Chunk, content_of

CHUNK_BYTES, MOST_ROWS = 2**26, 4096


class Source:
    """The images of a file or a folder; each is called by its path below that.

    Raises:
        UserError: when there is none, or columns are to be kept, which images do not have.
    """

    def __init__(self, path: Path, model: Path, keep: list[str]) -> None:
        if keep:
            raise UserError(f"keep={','.join(keep)}: images have no columns, only their path.")
        if not path.exists():
            raise UserError(f"{path}: no such file or folder.")
        facts = json.loads((model / "model.json").read_text("utf-8"))
        self.path, self.side, self.channels = path, facts["image_size"], facts["channels"]
        self.root, found = (path, files_below(path)) if path.is_dir() else (path.parent, [path])
        self.files = [f for f in found if f.suffix.lower() in IMAGE_SUFFIXES and f.is_file()]
        if not self.files:
            raise UserError(f"{path}: no images; expected {', '.join(IMAGE_SUFFIXES)}.")
        others = len(found) - len(self.files)
        self.notes = [f"left {others} files out: no images by their names"] if others else []
        row_bytes = self.side * self.side * self.channels
        self.rows, self.size = len(self.files), max(1, min(MOST_ROWS, CHUNK_BYTES // row_bytes))

    @property
    def facts(self) -> dict[str, Any]:
        """What the chunks depend on, to tell whether they are still the same."""
        return {"files": content_of(self.files), "size": self.size}

    def chunks(self, first: int) -> Iterator[Chunk]:
        """Yield the chunks from number ``first`` on."""
        for start in range(first * self.size, self.rows, self.size):
            files = self.files[start : start + self.size]
            images = np.zeros((len(files), self.side, self.side, self.channels), np.uint8)
            names: list[str] = []
            bad: list[tuple[str, str]] = []
            for file, image in zip(files, decoded(files, self.side, self.channels), strict=True):
                name = os.fsencode(file.relative_to(self.root).as_posix()).decode(errors="replace")
                if isinstance(image, str):
                    bad.append((name, f"no whole image ({image})"))
                    continue
                images[len(names)] = image
                names.append(name)
            named = pl.DataFrame({"file": names}, {"file": pl.String})
            why = pl.DataFrame(bad, {"file": pl.String, "reason": pl.String}, orient="row")
            yield Chunk(named, images[: len(names)], why)
