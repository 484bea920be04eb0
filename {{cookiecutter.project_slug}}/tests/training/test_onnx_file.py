"""What programs without torch read: the same numbers, and nothing of the machine it was made on."""

import os
import subprocess
import sys
from pathlib import Path

import exporting
import numpy as np
import pytest
import torch
from export_cases import NETWORKS, odd_rows
from torch import nn

from {{ cookiecutter.package_name }}.runtime.errors import UserError
from {{ cookiecutter.package_name }}.training import onnx_file
from {{ cookiecutter.package_name }}.training.onnx_file import save_onnx
from {{ cookiecutter.package_name }}.training.tracing import trace

TESTS = Path(exporting.__file__).parent
PATIENCE = 300  # seconds for one export, on a busy machine


@pytest.mark.slow
@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_says_the_same_in_torch_and_in_onnx(name: str, tmp_path: Path) -> None:
    network, manifest = exporting.network_of(name)
    folder = exporting.write(network, manifest, tmp_path / "network")
    for rows in (0, 1, 2, 7, 256):
        inputs = odd_rows(manifest, rows)
        expected = exporting.eager(network, inputs)
        assert np.isfinite(expected).all()
        np.testing.assert_allclose(
            exporting.from_program(folder, inputs), expected, **exporting.CLOSE
        )
        np.testing.assert_allclose(exporting.from_onnx(folder, inputs), expected, **exporting.CLOSE)


@pytest.mark.slow
@pytest.mark.full
def test_two_processes_in_two_folders_write_the_same_bytes(tmp_path: Path) -> None:
    """Where sets are in another order, too: Python's hashes of texts differ."""
    folders = [tmp_path / "one" / "network", tmp_path / "größer" / "a" / "network"]
    running: list[subprocess.Popen[bytes]] = []
    for seed, folder in enumerate(folders):
        folder.parent.mkdir(parents=True)
        environment = os.environ | {"PYTHONHASHSEED": str(seed), "PYTHONPATH": str(TESTS)}
        command = [sys.executable, "-W", "ignore", exporting.__file__, str(folder)]
        running.append(subprocess.Popen(command, cwd=folder.parent, env=environment))
    try:
        assert [process.wait(PATIENCE) for process in running] == [0, 0]
    finally:
        for process in running:
            process.kill()  # if it hangs; an ended one is left alone
    one, other = ({f.name: f.read_bytes() for f in folder.iterdir()} for folder in folders)
    assert {"model.onnx", "program.pt2", "state.ckpt", "model.json"} <= set(one)
    assert one == other


def test_weights_that_onnx_cannot_hold_are_told_and_the_rest_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(onnx_file, "LARGEST", 1000)
    network, manifest = exporting.network_of("default")
    folder = exporting.write(network, manifest, tmp_path / "network")
    assert "train: no model.onnx: ONNX takes at most 2 GB" in capsys.readouterr().out
    assert {"state.ckpt", "program.pt2", "history.csv", "model.json"} == {
        file.name for file in folder.iterdir()
    }


class Bessel(nn.Module):
    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        return torch.special.bessel_j0(rows)


@pytest.mark.slow
def test_an_operation_that_onnx_lacks_is_named(tmp_path: Path) -> None:
    traced = trace(Bessel(), torch.ones(2, 3), "values")
    with pytest.raises(UserError, match=r"ONNX cannot hold this network .*bessel_j0"):
        save_onnx(traced, tmp_path / "model.onnx", {})
    assert list(tmp_path.iterdir()) == []
