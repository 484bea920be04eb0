"""Images of a request: as files, or in JSON; decoded as those of training."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import numpy as np
from PIL import Image
from pydantic import Base64Bytes, TypeAdapter, ValidationError
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from typing_extensions import TypedDict

from ..predictor import Predictor
from ..schema import Images, read_image
from .refusals import RefusedError, too_large, unreadable, wrong_type

JSON, FORM, FILE = "application/json", "multipart/form-data", "image/"
MOST_PIXELS = 50_000_000  # of one image: a small file may unpack to more than there is memory


class Body(TypedDict):
    """A request in JSON: the bytes of image files, each in base64."""

    images: list[Base64Bytes]


class Requests:
    """Reads requests for one model."""

    def __init__(self, predictor: Predictor) -> None:
        self.side, self.channels = predictor.image_size, predictor.channels
        self.adapter = TypeAdapter(Body)

    async def read(self, content_type: str, body: bytes, most: int) -> Images:
        """Return the images of a request as the predictor takes them.

        Raises:
            RefusedError: 415 for another kind of content, 422 for what is no image, 413 for more
                than ``most``.
        """
        kind = content_type.partition(";")[0].strip().lower()
        if kind == JSON:
            files = self._in_json(body)
        elif kind == FORM:
            files = await _uploaded(content_type, body, most)
        elif kind.startswith(FILE):
            files = [body]
        else:
            raise wrong_type(content_type, f"{JSON}, {FORM} or {FILE}*")
        if len(files) > most:
            raise too_large(f"{len(files):,} images", f"{most:,} (rows)")
        return await asyncio.to_thread(self._decoded, files)

    def probe(self) -> Images:
        """Return a black image, which every model takes."""
        return np.zeros((1, self.side, self.side, self.channels), np.uint8)

    def contents(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what OpenAPI says of a request's body, and the schemas that this names."""
        file = {"type": "string", "format": "binary"}
        base64 = {"type": "string", "format": "byte", "contentEncoding": "base64"}
        contents = {
            JSON: {"schema": _object("images", base64)},
            FORM: {"schema": _object("files", file)},
            f"{FILE}*": {"schema": file},
        }
        return contents, {}

    def form(self) -> dict[str, Any]:
        """Return what the page asks for."""
        return {"kind": "images"}

    def _in_json(self, body: bytes) -> list[bytes]:
        try:
            files = self.adapter.validate_json(body)["images"]
        except ValidationError as error:
            found = [(one["loc"], one["msg"]) for one in error.errors(include_url=False)]
            raise unreadable(
                [{"place": _placed(at), "expected": told} for at, told in found]
            ) from None
        if not files:
            raise unreadable([{"place": "images", "expected": "one image or more"}])
        return files

    def _decoded(self, files: Sequence[bytes]) -> Images:
        images = np.zeros((len(files), self.side, self.side, self.channels), np.uint8)
        problems: list[dict[str, Any]] = []
        for place, file in enumerate(files):
            try:
                _require_size(file, place)
                images[place] = read_image(io.BytesIO(file), self.side, self.channels)
            except RefusedError:
                raise
            except Exception as error:  # Pillow raises many kinds for what is no image
                expected = f"a whole image file ({type(error).__name__})"
                problems.append({"place": f"images[{place}]", "expected": expected})
        if problems:
            raise unreadable(problems)
        return images


def _require_size(file: bytes, place: int) -> None:
    with Image.open(io.BytesIO(file)) as opened:  # reads no pixels yet
        pixels = opened.width * opened.height
    if pixels > MOST_PIXELS:
        raise too_large(f"images[{place}] of {pixels:,} pixels", f"{MOST_PIXELS:,}")


async def _uploaded(content_type: str, body: bytes, most: int) -> list[bytes]:
    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    headers = Headers({"content-type": content_type})
    try:
        form = await MultiPartParser(headers, stream(), max_files=most + 1, max_fields=16).parse()
    except (MultiPartException, KeyError, ValueError) as error:  # as without a boundary
        raise unreadable([{"place": "body", "expected": f"a form with files ({error})"}]) from None
    parts = [part for _, part in form.multi_items()]
    files = [await part.read() for part in parts if isinstance(part, UploadFile)]
    await form.close()
    if not files:
        raise unreadable([{"place": "body", "expected": "one file or more"}])
    return files


def _object(name: str, item: dict[str, Any]) -> dict[str, Any]:
    array = {"type": "array", "items": item, "minItems": 1}
    return {"type": "object", "required": [name], "properties": {name: array}}


def _placed(location: tuple[int | str, ...]) -> str:
    """Return how a place is written, as images[3]."""
    return "".join(f"[{p}]" if isinstance(p, int) else str(p) for p in location) or "body"
