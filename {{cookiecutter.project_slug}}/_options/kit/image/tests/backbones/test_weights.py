from pathlib import Path
from typing import Any

import pytest
import torch
from network_cases import needs_its_extra
from torch import Tensor, nn

from {{ cookiecutter.package_name }}.backbones.weights import load_weights
from {{ cookiecutter.package_name }}.runtime.errors import UserError


@pytest.fixture(autouse=True)
def _extra() -> None:
    needs_its_extra("pretrained")


def network() -> nn.Module:
    return nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))


def write(file: Path, **changes: Tensor | None) -> str:
    """The weights of ``network``, all of them 7, but for ``changes``; None leaves one out."""
    safetensors: Any = pytest.importorskip("safetensors.torch")
    marked: dict[str, Any] = {
        name: torch.full_like(one, 7) for name, one in network().state_dict().items()
    }
    marked |= {name.replace("__", "."): one for name, one in changes.items()}
    safetensors.save_file({name: one for name, one in marked.items() if one is not None}, file)
    return str(file)


def test_the_weights_of_the_file_are_in_the_network_afterwards(tmp_path: Path) -> None:
    own = network()
    load_weights(own, write(tmp_path / "own.safetensors"), ("head",))
    assert all((one == 7).all() for one in own.state_dict().values())


def test_the_head_of_the_file_is_left_out_and_counters_may_be_missing(tmp_path: Path) -> None:
    more = {"head__weight": torch.zeros(9, 3), "1__num_batches_tracked": None}
    own = network()
    load_weights(own, write(tmp_path / "own.safetensors", **more), ("head",))
    assert own.state_dict()["0.weight"].eq(7).all()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"0__weight": None, "1__bias": None}, r"has no 0\.weight, 1\.bias\. "),
        ({"fc__weight": torch.ones(2)}, r"has, and the backbone has not, fc\.weight\. "),
        ({"0__bias": torch.ones(4)}, r"has 0\.bias of \(4,\) \(the backbone's is \(3,\)\)\. "),
        ({f"more__{n}": torch.ones(1) for n in range(9)}, r"more\.1, more\.2 and 6 more\. "),
    ],
)
def test_weights_of_another_network_are_refused_by_name_and_change_nothing(
    changes: dict[str, Any], reason: str, tmp_path: Path
) -> None:
    own = network()
    before = own.state_dict()["0.weight"].clone()
    file = write(tmp_path / "own.safetensors", **changes)
    with pytest.raises(UserError, match=f"{reason}Is it of the network that model.backbone says"):
        load_weights(own, file, ("head",))
    assert own.state_dict()["0.weight"].equal(before)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("onw.safetensors", r"no such file in .*Did you mean 'own\.safetensors'"),
        ("own.pt", r"expected null, hub, or a file that ends in \.safetensors"),
        ("hbu", r"expected null, hub, or a file"),
        ("broken.safetensors", r"cannot be read as \.safetensors"),
    ],
)
def test_what_is_no_such_file_is_refused(name: str, reason: str, tmp_path: Path) -> None:
    write(tmp_path / "own.safetensors")
    (tmp_path / "broken.safetensors").write_bytes(b"no tensors")
    (tmp_path / "own.pt").touch()
    with pytest.raises(UserError, match=rf"^model\.weights=.*{name}: {reason}"):
        load_weights(network(), str(tmp_path / name), ())
