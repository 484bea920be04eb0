"""The program of a model folder on a GPU, for a predictor that keeps rows in main memory."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn
from torch.export.passes import move_to_device_pass

from ..programs import load_exported


class OnDevice(nn.Module):
    """Send rows to the device and outputs back: both ways are part of what a request waits for."""

    def __init__(self, file: Path, device: str) -> None:
        """Load ``file``, an exported program, and move it with what it holds to ``device``."""
        super().__init__()
        self.device = torch.device(device)
        self.program = move_to_device_pass(load_exported(file), device).module()

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Return the program's outputs in main memory, after the device has ended its work."""
        outputs = self.program(rows.to(self.device)).cpu()
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)  # or the clock stops before the device does
        return outputs
