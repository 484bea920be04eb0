"""A checkpoint is whole or not there, and its checksums say so, whatever a disk has done to it."""

from __future__ import annotations

import json
import os
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import torch
from lightning.fabric.plugins import TorchCheckpointIO

from ..runtime.patience import patiently

CHECKSUMS = "checksums.json"  # of the files of a folder; torch's own files hold theirs


class WrittenInPlace(TorchCheckpointIO):
    """Writes a file where it belongs.

    Lightning's own goes through memory and the system's folder for temporary files, where a large
    one may find no room.
    """

    def save_checkpoint(
        self, checkpoint: dict[str, Any], path: str | Path, storage_options: Any | None = None
    ) -> None:
        """Write ``checkpoint`` to ``path``, which is not its name yet: see ``rename``.

        Raises:
            OSError: what the system says, and not what follows from that inside torch.
        """
        try:
            with Path(path).open("wb") as stream:
                torch.save(checkpoint, stream)
        except RuntimeError as error:
            raise error.__context__ if isinstance(error.__context__, OSError) else error from None


def reason_of_the_system(error: BaseException) -> str | None:
    """Return what the system said (a disk is full), where that is behind ``error``.

    Several processes that write one checkpoint hold the failures of all of them.
    """
    failures = [failure for failure, _ in getattr(error, "failures", {}).values()]
    behind = [error, error.__cause__, error.__context__, *failures]
    return next((str(one) for one in behind if isinstance(one, OSError)), None)


def is_whole(checkpoint: Path) -> bool:
    """Whether a checkpoint, a file of torch or a folder of some, is as it was written."""
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
        (checkpoint / CHECKSUMS).write_text(
            json.dumps(_checksums(checkpoint)), "utf-8", newline="\n"
        )
    files = [file for file in (checkpoint, *checkpoint.rglob("*")) if file.is_file()]
    for file in files:
        with file.open("rb+") as stream:
            os.fsync(stream.fileno())


def rename(partial: Path, checkpoint: Path) -> None:
    """Give a whole checkpoint its name, so that even a power cut leaves the old or the new one."""
    patiently(partial.replace, checkpoint)
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
