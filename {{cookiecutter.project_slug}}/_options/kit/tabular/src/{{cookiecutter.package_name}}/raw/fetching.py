"""A URL -> a file, whose content the user has named by its SHA-256."""

from __future__ import annotations

import hashlib
import http.client
import re
import urllib.request
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from ..reading.files import describe
from ..runtime.errors import UserError
from ..runtime.patience import patiently

SCHEMES = ("http", "https", "file")
CHUNK_BYTES = 1 << 20
SECONDS = 60  # without any byte
HOW_TO_HASH = (
    "Its publisher may name it; or download the file, look at it, and hash it: `sha256sum FILE` "
    "(Linux), `shasum -a 256 FILE` (macOS), `certutil -hashfile FILE SHA256` (Windows)."
)


def is_url(path: str) -> bool:
    """Whether ``path`` names something to download, rather than a file or a folder."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.\-]+://", path) is not None


def fetch(url: str, sha256: str | None, destination: Path) -> Path:
    """Download a table file into the folder ``destination``, and return its path.

    Args:
        url: http, https or file; its last part tells the format, like ``data.csv.gz``.
        sha256: of the file, 64 hexadecimal digits. Without it nothing is fetched: what a URL gives
            can change under a project without anybody noticing.
        destination: folder to write to; made if it is not there.

    Raises:
        UserError: when ``sha256`` is missing or differs, or the URL cannot be read; then no part
            of the file is left.
    """
    name, expected = _name_in(url), _checked(url, sha256)
    destination.mkdir(parents=True, exist_ok=True)
    path, partial = destination / name, destination / f".{name}.partial"
    try:
        found = _download(url, partial)
        if found != expected:
            raise UserError(
                f"{url}: expected SHA-256 {expected}, found {found}. If the file was meant to "
                "change, look at the new one before you write its SHA-256 down."
            )
        patiently(partial.replace, path)
    finally:
        partial.unlink(missing_ok=True)
    return path


def _name_in(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise UserError(f"{url}: no URL ({error}).") from error
    if parts.scheme not in SCHEMES:
        raise UserError(f"{url}: expected a URL that begins with {', '.join(SCHEMES)}.")
    name = re.sub(r"[^\w.\-]+", "_", unquote(PurePosixPath(parts.path).name))
    try:
        describe(Path(name))
    except UserError as error:
        raise UserError(f"{url}: the last part of the URL must tell the format. {error}") from error
    return name


def _checked(url: str, sha256: str | None) -> str:
    if sha256 is None:
        raise UserError(f"{url}: expected the SHA-256 of the file beside it. {HOW_TO_HASH}")
    digest = sha256.strip().lower().removeprefix("sha256:")
    if not re.fullmatch("[0-9a-f]{64}", digest):
        raise UserError(f"{url}: SHA-256 {sha256!r} is not 64 hexadecimal digits. {HOW_TO_HASH}")
    return digest


def _download(url: str, path: Path) -> str:
    """Write what the URL gives, and return its SHA-256."""
    digest, received = hashlib.sha256(), 0
    try:
        # The scheme was checked, and http redirects to no other one.
        with urllib.request.urlopen(url, timeout=SECONDS) as response, path.open("wb") as file:  # noqa: S310
            while chunk := response.read(CHUNK_BYTES):
                digest.update(chunk)
                received += file.write(chunk)
            announced = int(response.headers.get("Content-Length") or received)
    except (OSError, ValueError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise UserError(f"{url}: cannot be fetched ({reason}).") from error
    if received < announced:
        raise UserError(f"{url}: ended after {received} of {announced} bytes. Fetch it again.")
    return digest.hexdigest()
