"""What stands behind the addresses: the model in use, what waits for it, and what is counted."""

from __future__ import annotations

import asyncio
import logging
import secrets
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from .answers import answers_of
from .batches import Batches
from .bodies import read_body
from .deployed import Deployed, InUse
from .measures import Measures
from .recorder import Recorder
from .refusals import RefusedError, come_later
from .settings import Settings

LOGGER = logging.getLogger(__name__)
KEY = "X-API-Key"


@dataclass
class Service:
    """Answers requests.

    Args:
        settings: the limits of a request.
        in_use: the model.
        key: what callers must know; empty: nothing.
        batches: what waits for the model.
        measures: what is counted.
        recorder: what is kept.
    """

    settings: Settings
    in_use: InUse
    key: str
    batches: Batches
    measures: Measures
    recorder: Recorder

    @property
    def title(self) -> str:
        """What people call it."""
        return str(__package__).partition(".")[0]

    @classmethod
    def of(cls, settings: Settings, in_use: InUse, key: str = "") -> Service:
        """Return a service with nothing waiting."""
        batches, measures = Batches(settings.waiting, settings.together), Measures()
        recorder = Recorder(settings, in_use.project, measures.unrecorded.inc)
        return cls(settings, in_use, key, batches, measures, recorder)

    def model(self) -> Deployed:
        """Return the model in use.

        Raises:
            RefusedError: 503 while there is none.
        """
        if self.in_use.now is None:
            raise come_later("not ready: no model is loaded yet", 503)
        return self.in_use.now

    async def answer(self, request: Request) -> dict[str, Any]:
        """Return the predictions for a request.

        Raises:
            RefusedError: for whatever is wrong with it, or when there is no time for it.
        """
        self._require_key(request)
        model = self.model()  # this one answers, whatever takes over meanwhile
        body = await read_body(request, self.settings.body_bytes, self.settings.seconds)
        kind = request.headers.get("content-type", "")
        inputs = await model.requests.read(kind, body, self.settings.rows)
        outputs = await self.predict(model, inputs)
        found = answers_of(outputs, model.predictor.classes)
        self.measures.count(found, classes=bool(model.predictor.classes))
        self.recorder.add(model, inputs, found)
        return {"predictions": found, "version": model.version, "model_hash": model.model_hash}

    async def renew(self) -> None:
        """Follow the registry: another model takes over when its name points there."""
        self._tell()
        seconds = self.settings.refresh
        while seconds and self.in_use.registry is not None:
            await asyncio.sleep(seconds)
            try:
                if await asyncio.to_thread(self.in_use.look):
                    self._tell()
            except Exception as error:  # a registry that is away must not end the service
                LOGGER.warning("not renewed", extra={"why": str(error)})

    def _tell(self) -> None:
        model = self.in_use.now
        if model:
            self.measures.in_use(model.version, model.model_hash)
            told = {"version": model.version, "model_hash": model.model_hash}
            LOGGER.info("in use", extra=told)

    async def predict(self, model: Deployed, inputs: Any) -> Any:
        """Return what ``model`` says of ``inputs``, in time.

        Raises:
            RefusedError: 429 when too many wait, 503 when it takes too long.
        """
        seconds = self.settings.seconds
        try:
            async with asyncio.timeout(seconds):
                return await self.batches.predict(model, inputs)
        except TimeoutError:
            raise come_later(f"no prediction within {seconds:g} s (seconds)", 503) from None

    def _require_key(self, request: Request) -> None:
        given = request.headers.get(KEY, "").encode()
        if self.key and not secrets.compare_digest(given, self.key.encode()):
            raise RefusedError(401, f"expected the header {KEY} with the right key")
