"""Which address answers what."""

from __future__ import annotations

import logging
import time
from typing import cast

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST

from .page import page
from .refusals import RefusedError, come_later
from .service import Service

LOGGER = logging.getLogger(__name__)
ROUTER = APIRouter()
BUSY = 429


class Prometheus(Response):
    """An answer that Prometheus reads."""

    media_type = CONTENT_TYPE_LATEST


def service_of(request: Request) -> Service:
    """Return the service behind the application."""
    return cast(Service, request.app.state.service)


@ROUTER.get("/", include_in_schema=False)
async def home(request: Request) -> Response:
    """Show a page on which a person can try the model."""
    service = service_of(request)
    return HTMLResponse(page(service.model(), with_key=bool(service.key)))


async def predict(request: Request) -> Response:
    """Predict the rows of the request (POST /predict)."""
    began, service = time.perf_counter(), service_of(request)
    status, why = 200, ""
    try:
        with service.measures.at_work.track_inprogress():
            answer = JSONResponse(await service.answer(request))
    except RefusedError as refused:
        status, why = refused.status, refused.told
        answer = refuse(request, refused)
    except Exception:  # of a model that had worked when it was loaded
        LOGGER.exception("failed")
        status, why = 500, "the model failed; the log says why"
        answer = JSONResponse({"error": why}, status)
    seconds = time.perf_counter() - began
    service.measures.ended(status, seconds)
    told = {"status": status, "seconds": round(seconds, 6), "why": why}
    LOGGER.log(logging.INFO if status < 500 else logging.WARNING, "predict", extra=told)
    return answer


@ROUTER.get("/health")
async def health() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "alive"}


@ROUTER.get("/ready")
async def ready(request: Request) -> dict[str, str | None]:
    """Say whether a real prediction passes."""
    service = service_of(request)
    model = service.model()
    try:
        await service.predict(model, model.requests.probe())
    except RefusedError as refused:
        if refused.status != BUSY:  # many wait, and are predicted: that is no reason to leave
            raise
    except Exception as error:  # whatever a model fails with
        raise come_later(f"not ready: no prediction passes ({error})", 503) from error
    return {"status": "ready", "version": model.version}


@ROUTER.get("/info")
async def info(request: Request) -> Response:
    """Say which model answers, what it was trained on, and how long it has been in use."""
    service = service_of(request)
    model = service.model()
    candidate = {"candidate": service.candidate.about(model)} if service.candidate else {}
    return JSONResponse({**model.about, **candidate})


@ROUTER.get("/metrics", response_class=Prometheus)
async def metrics(request: Request) -> Response:
    """Say what was counted, as Prometheus reads it."""
    service = service_of(request)
    if service.candidate is not None:
        service.measures.refused.set(bool(service.candidate.why))
    return Prometheus(service.measures.text())


def refuse(_: Request, refused: Exception) -> JSONResponse:
    """Return the answer to a request that gets no prediction."""
    if not isinstance(refused, RefusedError):
        raise refused
    return JSONResponse(refused.as_dict(), refused.status, refused.headers)
