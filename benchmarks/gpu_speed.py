"""What a GPU made of a training: samples per second, and the share of its arithmetic (MFU)."""

import math
import statistics

import torch
from torch.utils.flop_counter import FlopCounterMode

PEAK_FLOPS = {"H100": 989e12, "H200": 989e12, "A100": 312e12}  # dense bfloat16, from data sheets


def speed(work, loss_of, seconds):
    """Return the card, and for each way of training its samples per second and its MFU."""
    card = torch.cuda.get_device_name()
    flops = flops_of_a_sample(work, loss_of) * work.rows * work.epochs
    peak = next((peak for name, peak in PEAK_FLOPS.items() if name in card), math.nan)
    result = {"card": card}
    for name, some in seconds.items():
        median = statistics.median(some)
        result[f"{name} samples/s"] = work.rows * work.epochs / median
        result[f"{name} MFU"] = flops / median / peak
    return result


def flops_of_a_sample(work, loss_of):
    """Floating-point operations of forward and backward, as PyTorch counts them."""
    data, rows = work.data(), 2
    network = work.network(data)
    inputs, targets = torch.as_tensor(data.train.inputs[:rows]), data.train.targets[:rows]
    with FlopCounterMode(display=False) as counter:
        loss_of(network(inputs.cpu()), targets.cpu()).backward()
    return counter.get_total_flops() / rows
