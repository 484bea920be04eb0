"""What stands behind the addresses: the model in use, what waits for it, and what is counted."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from .answers import Said
from .batches import Batches
from .bodies import read_body
from .candidate import Asked, Candidate
from .deployed import Deployed, InUse
from .measures import Measures
from .recorder import Recorder
from .refusals import RefusedError, come_later
from .settings import Settings

LOGGER = logging.getLogger(__name__)
KEY = "X-API-Key"
SECONDS = 30.0  # between two looks at refusals, where nothing else is renewed


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
        candidate: another model that is tried, if one is.
    """

    settings: Settings
    in_use: InUse
    key: str
    batches: Batches
    measures: Measures
    recorder: Recorder
    candidate: Candidate | None = None

    @property
    def title(self) -> str:
        """What people call it."""
        return str(__package__).partition(".")[0]

    @classmethod
    def of(
        cls, settings: Settings, in_use: InUse, key: str = "", tried: InUse | None = None
    ) -> Service:
        """Return a service with nothing waiting.

        Args:
            settings: its limits.
            in_use: the model that answers.
            key: what callers must know; empty: nothing.
            tried: the candidate, if there is one.
        """
        batches, measures = Batches(settings.waiting, settings.together), Measures()
        recorder = Recorder(settings, in_use.project, measures.unrecorded.inc)
        service = cls(settings, in_use, key, batches, measures, recorder)
        if tried is not None:
            service.candidate = Candidate(
                settings, tried, service.say, service.pair, recorder.folder
            )
        return service

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

        def read(by: Deployed) -> Awaitable[Any]:
            return by.requests.read(kind, body, self.settings.rows)

        inputs = await read(model)
        chosen = self.candidate.chosen(model) if self.candidate else None
        if self.candidate and chosen:
            said = await self.candidate.answer(Asked(model, chosen, inputs, read))
        else:
            said = await self.say(model, inputs)
        self.recorder.add(said)
        self.measures.count(said.answers, classes=bool(said.model.predictor.classes))
        told = {"version": said.model.version, "model_hash": said.model.model_hash}
        return {"predictions": said.answers, **told}

    async def say(self, model: Deployed, inputs: Any) -> Said:
        """Have a model predict rows.

        Raises:
            RefusedError: when too many wait, or it takes too long.
        """
        return Said.of(model, inputs, await self.predict(model, inputs))

    def pair(self, first: Said, other: Said) -> None:
        """Keep that two models have predicted the same rows."""
        self.measures.pairs.inc()
        self.recorder.add_copy(first, other)

    async def renew(self) -> None:
        """Follow the registry: another model takes over when its name points there."""
        self._tell()
        seconds = self.settings.refresh
        # Refusals of a candidate are heeded in any case: they are files, and cost no registry.
        followed = [self.in_use, self.candidate] if seconds else [self.candidate]
        while True:
            await asyncio.sleep(seconds or SECONDS)
            for one in followed:
                try:
                    if one is not None and await asyncio.to_thread(one.look):
                        self._tell()
                except Exception as error:  # a registry that is away must not end the service
                    LOGGER.warning("not renewed", extra={"why": str(error)})

    def _tell(self) -> None:
        tried = self.candidate.follows.now if self.candidate else None
        for model, event in ((self.in_use.now, "in use"), (tried, "candidate")):
            if model is not None:
                told = {"version": model.version, "model_hash": model.model_hash}
                LOGGER.info(event, extra=told)
        if self.in_use.now is not None:
            self.measures.in_use(self.in_use.now.version, self.in_use.now.model_hash)

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
