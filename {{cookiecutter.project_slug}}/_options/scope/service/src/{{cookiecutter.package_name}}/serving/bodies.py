"""The body of a request: all of it, in time, and no more than is allowed."""

from __future__ import annotations

import asyncio

from fastapi import Request
from starlette.requests import ClientDisconnect

from .refusals import RefusedError, too_large


async def read_body(request: Request, most: int, seconds: float) -> bytes:
    """Return the body.

    Raises:
        RefusedError: when it is too large (413), comes too slowly (408) or ends early (400).
    """
    limit = f"{most / 2**20:g} MiB (body_mib)"
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told) > most:
        raise too_large(f"a body of {int(told):,} bytes", limit)
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(seconds):
            async for part in request.stream():
                size += len(part)
                if size > most:
                    raise too_large("the body", limit)
                parts.append(part)
    except TimeoutError:
        raise RefusedError(408, f"the body did not arrive within {seconds:g} s (seconds)") from None
    except ClientDisconnect:
        raise RefusedError(400, "the connection ended before the body did") from None
    return b"".join(parts)
