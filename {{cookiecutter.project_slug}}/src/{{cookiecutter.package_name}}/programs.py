"""Exported programs, read without running what a stranger may have put into them."""

from __future__ import annotations

import io
import json
import re
import warnings
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch.export import ExportedProgram

# What an export of ours holds. Anything else (compiled code, objects of other classes) would be
# run, or unpickled, when torch reads it.
MEMBERS = re.compile(
    r"data/weights/weight_\d+|data/constants/tensor_\d+"
    r"|data/(weights|constants)/model_\w+_config\.json|models/model\.json"
    r"|data/sample_inputs/model\.pt|archive_(format|version)|byteorder|version"
    r"|\.data/(version|serialization_id)"
)


def load_exported(file: Path) -> ExportedProgram:
    """Read an exported program.

    Raises:
        ValueError: when the archive holds more than numbers and the program.
        pickle.UnpicklingError: when its example rows are other objects than tensors.
    """
    import torch

    _require_numbers_only(file)
    with warnings.catch_warnings():
        # torch 2.11 warns that what it reads must not be written to.
        warnings.filterwarnings("ignore", "The given buffer is not writable")
        return torch.export.load(file)


def _require_numbers_only(file: Path) -> None:
    import torch

    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            member = name.partition("/")[2]  # the archive has a folder of its own
            if not MEMBERS.fullmatch(member):
                raise ValueError(f"{file.name} holds {member}, which would be run to be read")
            if member.endswith("_config.json"):
                values = json.loads(archive.read(name))["config"].values()
                if any(value["use_pickle"] for value in values):
                    raise ValueError(f"{file.name} holds a pickle ({member}), which could run code")
            elif member.endswith(".pt"):  # where this fails, torch would read it as a pickle
                torch.load(io.BytesIO(archive.read(name)), weights_only=True)
