"""Is a checkpoint whole? Its checksums say so, whatever a crash or a disk has done to it."""

from __future__ import annotations

import json
import os
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

CHECKSUMS = "checksums.json"  # of the files of a folder; torch's own files hold theirs


def is_whole(checkpoint: Path) -> bool:
    """Whether a checkpoint, a file of torch or a folder of some, is as it was written."""
    import torch

    try:
        if checkpoint.is_dir():
            expected = json.loads((checkpoint / CHECKSUMS).read_text("utf-8"))
            return bool(expected) and expected == _checksums(checkpoint)
        torch.load(checkpoint, map_location="cpu", weights_only=True, mmap=True)
        with zipfile.ZipFile(checkpoint) as archive:  # torch compares no checksums
            return archive.testzip() is None
    except Exception:  # whichever way it is damaged
        return False


def seal(checkpoint: Path) -> None:
    """Bring a checkpoint onto the disk, a folder with its checksums, before it gets its name."""
    if checkpoint.is_dir():
        (checkpoint / CHECKSUMS).write_text(json.dumps(_checksums(checkpoint)), "utf-8")
    files = [file for file in (checkpoint, *checkpoint.rglob("*")) if file.is_file()]
    for file in files:
        with file.open("rb+") as stream:
            os.fsync(stream.fileno())


def rename(partial: Path, checkpoint: Path) -> None:
    """Give a whole checkpoint its name, so that even a power cut leaves the old or the new one."""
    partial.replace(checkpoint)
    with suppress(OSError):  # Windows opens no folders
        folder = os.open(checkpoint.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _checksums(folder: Path) -> dict[str, int]:
    files = [file for file in sorted(folder.rglob("*")) if file.name != CHECKSUMS]
    return {file.relative_to(folder).as_posix(): _crc32(file) for file in files if file.is_file()}


def _crc32(file: Path) -> int:
    checksum = 0
    with file.open("rb") as stream:
        while part := stream.read(1 << 20):
            checksum = zlib.crc32(part, checksum)
    return checksum
