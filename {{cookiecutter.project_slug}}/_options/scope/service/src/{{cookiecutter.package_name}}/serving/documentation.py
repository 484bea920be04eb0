"""OpenAPI: what /predict takes follows from the model in use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute

from .service import KEY, Service

REFUSALS = {
    "400": "the request ended early",
    "401": "no key, or a wrong one",
    "408": "the request arrived too slowly",
    "413": "too many rows or bytes",
    "415": "another kind of content",
    "422": "rows that the model does not take; `problems` names each place",
    "429": "too many requests wait",
    "503": "no model yet, or no answer in time",
}
ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {"type": "string"},
        "problems": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"place": {"type": "string"}, "expected": {"type": "string"}},
            },
        },
    },
}


def described(routes: Sequence[BaseRoute], service: Service) -> dict[str, Any]:
    """Return the OpenAPI document."""
    model = service.model()
    document = get_openapi(title=service.title, version=model.version or "0", routes=routes)
    contents, schemas = model.requests.contents()
    predict: dict[str, Any] = {"summary": "Predict the rows of the request"}
    predict["requestBody"] = {"required": True, "content": contents}
    document["paths"]["/predict"] = {"post": predict}
    document["components"] = {"schemas": schemas}
    error = {"content": {"application/json": {"schema": ERROR}}}
    predict["responses"] = {
        "200": {"description": "a prediction for each row", "content": _answer(model)},
        **{status: {"description": why, **error} for status, why in REFUSALS.items()},
    }
    document["paths"]["/ready"]["get"]["responses"]["503"] = {"description": "not yet", **error}
    if service.key:
        scheme = {"type": "apiKey", "in": "header", "name": KEY}
        document["components"]["securitySchemes"] = {"key": scheme}
        scopes: list[str] = []  # of which an API key has none
        predict["security"] = [{"key": scopes}]
    return document


def _answer(model: Any) -> dict[str, Any]:
    classes = model.predictor.classes
    said: dict[str, Any] = {"prediction": {"type": "number"}}
    if classes:
        share = {"type": "number", "minimum": 0, "maximum": 1.001}
        said = {
            "prediction": {"type": "string", "enum": classes},
            "probabilities": {"type": "object", "properties": dict.fromkeys(classes, share)},
        }
    row = {"type": "object", "required": list(said), "properties": said}
    properties = {
        "predictions": {"type": "array", "items": row},
        "version": {"type": ["string", "null"]},
        "model_hash": {"type": "string"},
    }
    schema = {"type": "object", "required": list(properties), "properties": properties}
    return {"application/json": {"schema": schema}}
