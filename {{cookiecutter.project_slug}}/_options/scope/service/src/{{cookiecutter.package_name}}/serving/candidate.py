"""A model that is tried on real requests before it is trusted.

It predicts a copy of some of them (shadow), or answers them (canary). It works in a thread of its
own, so that nothing of it holds up the model in use. Where it fails, differs too much or is too
slow, it is refused, and the model in use answers everything again.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..stats.paired import worse_than_p
from .answers import Said
from .copies import Copies, predict_timed
from .deployed import Deployed, InUse
from .pairs import Limits, Pairs
from .refusals import RefusedError
from .refused import why_refused, write_refusal
from .settings import Settings

LOGGER = logging.getLogger(__name__)
COPIES = 4  # at most one for so many requests that may wait

Read = Callable[[Deployed], Awaitable[Any]]  # the rows of a request, as a model takes them
Say = Callable[[Deployed, Any], Awaitable[Said]]


@dataclass(frozen=True)
class Asked:
    """A request that both models get."""

    model: Deployed  # in use
    candidate: Deployed
    inputs: Any  # as the model in use takes them
    read: Read


class Candidate:
    """The model that is tried, and how it does.

    Args:
        settings: its share of the requests, and its limits.
        follows: what its name stands for.
        say: has the model in use predict.
        keep: is told what both said of a request, first who answered it.
        recorded: where refusals are.
    """

    def __init__(
        self,
        settings: Settings,
        follows: InUse,
        say: Say,
        keep: Callable[[Said, Said], None],
        recorded: Path,
    ) -> None:
        self.settings, self.follows, self.say, self.keep = settings, follows, say, keep
        self.recorded = recorded
        self.copies = Copies(max(1, settings.waiting // COPIES))
        self._refused: dict[str, str] = {}  # why, by the hash of a model
        self._limits = Limits(settings.candidate_differs, settings.candidate_slower)
        self._pairs: dict[tuple[str, str], Pairs] = {}  # of the last two models
        self._thread = ThreadPoolExecutor(1, "candidate")
        self._random = random.Random()  # noqa: S311 - who is chosen is no secret
        self._heed()
        worse_than_p(np.arange(2), 0)  # imports what it needs now: requests would wait for it

    def look(self) -> bool:
        """See whether the name stands for another model, and whether this one is refused."""
        another = self.follows.look()
        self._heed()
        return another

    @property
    def why(self) -> str:
        """Why it is refused; empty while it is not."""
        now = self.follows.now
        return self._refused.get(now.model_hash, "") if now else ""

    def chosen(self, model: Deployed) -> Deployed | None:
        """Return the candidate if it gets a request that came to ``model``."""
        now = self.follows.now
        if now is None or self.why or now.model_hash == model.model_hash or self.copies.full:
            return None
        return now if self._random.random() < self.settings.candidate_share else None

    async def answer(self, asked: Asked) -> Said:
        """Return what the caller gets; both models are compared after that."""
        theirs = await self._theirs(asked) if self.settings.candidate_answers else None
        first = theirs or await self.say(asked.model, asked.inputs)
        if not self.why:
            self.copies.later(self._compare(asked, first))
        return first

    async def stop(self) -> None:
        """Let go what nobody waits for."""
        await self.copies.stop()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def refuse(self, model: Deployed, why: str) -> None:
        """Use it no more."""
        if model.model_hash in self._refused:
            return
        self._refused[model.model_hash] = why
        try:
            write_refusal(self.recorded, model.model_hash, why)
        except OSError as error:  # this process remembers it all the same
            LOGGER.warning("not recorded", extra={"why": str(error)})
        self._tell(model)

    def about(self, model: Deployed) -> dict[str, Any]:
        """What /info says of it, beside ``model``."""
        now = self.follows.now
        if now is None:
            return {}
        pairs = self._pairs.get((model.model_hash, now.model_hash), Pairs(self._limits))
        found = {"version": now.version, "model_hash": now.model_hash}
        return found | {"refused": self.why or None, **pairs.about}

    def _heed(self) -> None:
        now = self.follows.now
        if now is not None and not self.why:
            why = why_refused(self.recorded, now.model_hash)
            if why:
                self._refused[now.model_hash] = why
                self._tell(now)

    def _tell(self, model: Deployed) -> None:
        why = self._refused[model.model_hash]
        LOGGER.warning("candidate refused", extra={"why": why, "version": model.version})

    async def _theirs(self, asked: Asked) -> Said | None:
        """Have the candidate answer; None where it does not."""
        found = await self._tried(asked, [asked.candidate])
        return Said.of(asked.candidate, *found[0][:2], candidate=True) if found else None

    async def _compare(self, asked: Asked, first: Said) -> None:
        """Have both predict the request once more, side by side, one of them first in turn."""
        order = self._random.sample([asked.model, asked.candidate], 2)
        found = await self._tried(asked, order)
        if not found:
            return
        by_model = {model.model_hash: one for model, one in zip(order, found, strict=True)}
        ours, theirs = by_model[asked.model.model_hash], by_model[asked.candidate.model_hash]
        mine = Said.of(asked.model, *ours[:2])
        other = Said.of(asked.candidate, *theirs[:2], candidate=True)
        self.keep(first, mine if first.candidate else other)
        key = asked.model.model_hash, asked.candidate.model_hash
        if key not in self._pairs:
            self._pairs = {key: Pairs(self._limits, asked.model.scale)}
        self._pairs[key].add(mine.predictions, other.predictions, theirs[2] / ours[2])
        problem = self._pairs[key].problem()
        if problem:
            self.refuse(asked.candidate, problem)

    async def _tried(self, asked: Asked, order: list[Deployed]) -> list[Any]:
        """Return inputs, outputs and seconds of the models in ``order``; nothing if that failed."""
        candidate = asked.candidate
        if candidate.predictor.classes != asked.model.predictor.classes:
            self.refuse(candidate, "its classes are not those of the model in use")
            return []
        loop, seconds = asyncio.get_running_loop(), self.settings.seconds
        try:
            async with asyncio.timeout(seconds):
                theirs = await asked.read(candidate)
                work = [(one, theirs if one is candidate else asked.inputs) for one in order]
                found = await loop.run_in_executor(self._thread, predict_timed, work)
        except RefusedError as refused:
            self.refuse(candidate, f"it refuses what the model in use takes: {refused.status}")
            return []
        except TimeoutError:
            self.refuse(candidate, f"no prediction within {seconds:g} s (seconds)")
            return []
        except Exception as error:  # whatever a model fails with; its text may hold what was sent
            self.refuse(candidate, f"it fails: {type(error).__name__}")
            return []
        if not all(np.isfinite(outputs).all() for _, outputs, _ in found):
            self.refuse(candidate, "it does not predict finite numbers")
            return []
        return found
