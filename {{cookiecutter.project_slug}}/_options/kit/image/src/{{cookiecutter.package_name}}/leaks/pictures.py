"""Pictures of one part that stand in another too: copied, compressed again, brightened, resized.

Pictures are compared as small grey ones of mean 0 and length 1. How near is too near depends on how
near pictures are that have nothing to do with each other: on the distance to the 20th nearest, and
on how fast neighbors become more with distance (Levina & Bickel 2004).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .finding import Finding, Kind, listed
from .natural import unnatural
from .tables import TRAIN

SIDE = 16  # of a small picture
CHUNK = 256  # pictures in memory at a time
QUERIES, BLOCK = 1024, 8192  # compared at a time: 32 MiB
NEIGHBORS = 20
SAFETY = 100  # as in natural.py: digits needed up to 1, digits at random places up to 21
NEAR, SAME_COLORS = 0.95, 0.9  # least correlations
RARE_LEVEL = 5e-4  # of the pixels that do not have the most common grey
FEW_DIMENSIONS = 4.0  # where pictures are too few to tell
EXAMPLES = 3

Pictures = NDArray[np.uint8]  # (rows, height, width, channels)
Floats = NDArray[np.float32]
Rows = NDArray[np.intp]


def near_pictures(
    images: Sequence[Pictures], ids: Sequence[str], parts: Sequence[object]
) -> list[Finding]:
    """Find pictures that nearly equal one of another part, in about 1 KiB of memory each.

    Args:
        images: arrays of pictures of one size, mapped into memory or not.
        ids: of all their rows, in this order.
        parts: train, val or test, or the number of a fold, in the same order.
    """
    names, part = np.unique([str(name) for name in parts], return_inverse=True)
    if len(names) < 2:
        return []
    rows = np.flatnonzero(names[part] != TRAIN) if TRAIN in names else np.arange(len(part))
    judged = len(rows)
    small, step = _fingerprints(images)
    nearest, distances = _neighbors(small, part, rows)
    count = distances.shape[1]
    usual = distances[:, -1].clip(1e-6) if count > 1 else 1
    ratio = np.maximum(distances[:, 0], step[rows]) / usual
    chance = count * ratio.clip(max=1) ** _dimensions(distances)
    close = distances[:, 0] ** 2 <= 2 - 2 * NEAR
    rows, nearest, chance = rows[close], nearest[close], chance[close]
    guilty = np.argsort(chance, kind="stable")[: unnatural(chance, judged, SAFETY).sum()]
    found = [(int(rows[one]), int(nearest[one])) for one in guilty]
    pairs = [pair for pair in found if _same_colors(images, *pair)]
    if not pairs:
        return []
    examples = [
        f"{ids[one]} ({parts[one]}) ~ {ids[two]} ({parts[two]})" for one, two in pairs[:EXAMPLES]
    ]
    message = (
        f"pictures: {len(pairs):,} of {judged:,} pictures that the model is judged by are nearly "
        f"the same as one of another part, such as {listed(examples)}. There the model can "
        "remember instead of predict. Remove the copies, or keep pictures of the same thing in one "
        "part (data.group), or accept `pictures` if such pictures really repeat."
    )
    return [Finding(Kind.pictures, message, len(pairs), examples)]


def _fingerprints(images: Sequence[Pictures]) -> tuple[Floats, Floats]:
    """Return small grey pictures (rows, pixels), and how far one grey level moves each (rows,)."""
    levels = np.zeros(255 * images[0].shape[3] + 1, np.int64)  # grey is the sum of the channels
    chunks: list[Floats] = []
    for array in images:
        for start in range(0, len(array), CHUNK):
            grey = array[start : start + CHUNK].sum(axis=3, keepdims=True, dtype=np.uint32)
            levels += np.bincount(grey.ravel(), minlength=len(levels))
            chunks.append(_shrink(grey))
    small = np.concatenate(chunks)
    small -= small.mean(axis=1, keepdims=True)
    length = np.linalg.norm(small, axis=1, keepdims=True).clip(1e-6)
    small /= length
    usual = levels >= RARE_LEVEL * (levels.sum() - levels.max())
    gap = np.diff(np.flatnonzero(usual)).min(initial=256)
    pixels = images[0].shape[1] * images[0].shape[2] / small.shape[1]
    return small, gap / pixels / length[:, 0]


def _shrink(chunk: NDArray[np.uint32]) -> Floats:
    """Average pictures down to at most SIDE x SIDE: (rows, height, width, channels) to rows."""
    averages = chunk.astype(np.float32)
    for axis in (1, 2):
        size = chunk.shape[axis]
        edges = np.linspace(0, size, min(SIDE, size) + 1).astype(int)
        widths = np.diff(edges).astype(np.float32)
        averages = np.add.reduceat(averages, edges[:-1], axis=axis)
        averages /= widths[:, None, None] if axis == 1 else widths[:, None]
    return averages.reshape(len(chunk), -1)


def _neighbors(small: Floats, part: Rows, rows: Rows) -> tuple[Rows, Floats]:
    """Return the nearest picture of another part (rows,), and distances (rows, neighbors).

    Distances are in order, as many as every part has pictures to offer, at most NEIGHBORS.
    """
    count = min(NEIGHBORS, len(part) - int(np.bincount(part).max()))
    nearest, nearness = np.zeros(len(rows), np.intp), np.empty((len(rows), count), np.float32)
    for begin in range(0, len(rows), QUERIES):
        asked = rows[begin : begin + QUERIES]
        best = np.full((len(asked), count), -1, np.float32)
        for start in range(0, len(small), BLOCK):
            found = small[asked] @ small[start : start + BLOCK].T
            found[part[asked, None] == part[start : start + BLOCK]] = -1
            first = found.argmax(axis=1)
            better = found[np.arange(len(asked)), first] > best.max(axis=1)
            nearest[begin : begin + QUERIES][better] = start + first[better]
            best = np.partition(np.hstack([best, found]), -count, axis=1)[:, -count:]
        nearness[begin : begin + QUERIES] = -np.sort(-best, axis=1)
    return nearest, np.sqrt((2 - 2 * nearness).clip(0))


def _dimensions(distances: Floats) -> float:
    """Return how many dimensions pictures vary in, from how fast their neighbors become more."""
    from scipy.special import digamma

    if distances.shape[1] < NEIGHBORS:
        return FEW_DIMENSIONS
    half = NEIGHBORS // 2
    growth = np.log(distances[:, -1].clip(1e-6) / distances[:, half - 1].clip(1e-6))
    return float((digamma(NEIGHBORS) - digamma(half)) / max(1e-6, np.median(growth)))


def _same_colors(images: Sequence[Pictures], one: int, two: int) -> bool:
    """Tell whether two rows also agree in their colors."""
    starts = np.cumsum([0, *(len(array) for array in images)])
    vectors: list[Floats] = []
    for row in (one, two):
        place = int(np.searchsorted(starts, row, side="right")) - 1
        picture = images[place][row - starts[place]][None].astype(np.uint32)
        vectors.append(_shrink(picture)[0])
    first, second = (vector - vector.mean() for vector in vectors)
    lengths = np.linalg.norm(first) * np.linalg.norm(second)
    return bool(first @ second >= SAME_COLORS * lengths)
