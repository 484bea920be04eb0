"""Requests as clients of this kind of data send them."""

import base64
import uuid
from pathlib import Path

BOUNDARY = uuid.UUID(int=7).hex
KIND = f"multipart/form-data; boundary={BOUNDARY}"


def rows_of_training(pipeline: Path, ids: list[str]) -> list[bytes]:
    """The raw files of these ids."""
    return [(pipeline / "source" / name).read_bytes() for name in ids]


def request_of(rows: list[bytes]) -> bytes:
    """The body of a request: a form with files."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n'
    parts = [head.encode() + row + b"\r\n" for row in rows]
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def too_many(pipeline: Path, rows: int) -> bytes:
    """A request of so many rows."""
    files = sorted((pipeline / "source").glob("*/*.png"))[:rows]
    return request_of([file.read_bytes() for file in files])


def filled(row: bytes) -> str:
    """JavaScript that fills the form of ``page`` in."""
    text, kind = base64.b64encode(row).decode(), '{type: "image/png"}'
    return f"""const bytes = Uint8Array.from(atob("{text}"), (c) => c.charCodeAt(0));
  const given = new DataTransfer();
  given.items.add(new File([bytes], "a.png", {kind}));
  page.querySelector("input[type=file]").files = given.files;"""
