"""The application that uvicorn runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

from .documentation import described
from .refusals import RefusedError
from .routes import ROUTER, predict, refuse
from .service import Service


class Application(FastAPI):
    """The addresses of ``routes`` in front of a service."""

    def __init__(self, service: Service) -> None:
        # No page of FastAPI's: they load scripts from elsewhere. /openapi.json says the same.
        super().__init__(title=service.title, lifespan=_lifespan, docs_url=None, redoc_url=None)
        self.state.service = service
        self.include_router(ROUTER)
        # Starlette's: FastAPI's would look for parameters in each request, a tenth of its time.
        self.router.add_route("/predict", predict, methods=["POST"])
        self.add_exception_handler(RefusedError, refuse)

    def openapi(self) -> dict[str, Any]:
        """Return what /openapi.json says, by the model in use."""
        return described(self.routes, self.state.service)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    service: Service = app.state.service
    service.recorder.start()
    renewing = asyncio.create_task(service.renew())
    try:
        yield
    finally:
        renewing.cancel()
        await asyncio.gather(renewing, return_exceptions=True)
        if service.candidate is not None:
            await service.candidate.stop()
        await service.batches.stop()
        await asyncio.to_thread(service.recorder.stop)
