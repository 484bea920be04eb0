"""The example: scikit-learn's handwritten digits as PNG files, with no download."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ..runtime.errors import UserError, nearest

CANVASES = {"canvas8": 8, "canvas12": 12, "canvas16": 16}  # pixels a side

ABOUT = (
    "Handwritten digits of scikit-learn (8x8 pixels), each at a pseudo-random place on a canvas "
    "of {canvas}x{canvas}. Random placement favours convolution: compare with a canvas of 8. "
    "The default network was chosen with these test rows in view: its score is optimistic.\n"
)


def write(raw: Path, path: str | None) -> None:
    """Write the digits into one folder a class, each at a place given by its id.

    The 8x8 digits lie at pseudo-random places on a black canvas, which ``path`` names. Random
    placement favours convolution; on a canvas of 8 there is only one place.
    """
    import numpy as np
    from PIL import Image
    from sklearn.datasets import load_digits

    if path not in CANVASES:
        raise UserError(f"data.path={path}: no such example. {nearest(str(path), CANVASES)}")
    canvas = CANVASES[path]
    images, labels = load_digits(return_X_y=True)
    for index, (pixels, label) in enumerate(zip(images.reshape(-1, 8, 8), labels, strict=True)):
        name = f"digit-{index:04d}"
        top, left = _place(name, canvas - 8)
        image = np.zeros((canvas, canvas), dtype=np.uint8)
        image[top : top + 8, left : left + 8] = np.round(pixels * (255 / 16))
        folder = raw / str(label)
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(folder / f"{name}.png")
    (raw / "ABOUT.txt").write_text(ABOUT.format(canvas=canvas), "utf-8", newline="\n")


def _place(name: str, room: int) -> tuple[int, int]:
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    number = int.from_bytes(digest, "big")
    return number % (room + 1), number // (room + 1) % (room + 1)
