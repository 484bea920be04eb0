"""A model that is tried on real requests before it is trusted.

It predicts a copy of some of them (shadow), or answers them while the model in use predicts the
copy (canary). Where it fails, differs too much or is too slow, it is refused, and the model in use
answers everything again.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..stats.paired import worse_than_p
from .answers import Said
from .deployed import Deployed, InUse
from .pairs import Limits, Pairs
from .refusals import RefusedError
from .refused import why_refused, write_refusal
from .settings import Settings

LOGGER = logging.getLogger(__name__)
COPIES = 1 / 4  # of what may wait; more requests are answered without one

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
        say: has a model predict.
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
        self.why = ""  # it is refused; empty while it is not
        self._limits = Limits(settings.candidate_differs, settings.candidate_slower)
        self.pairs = Pairs(self._limits)
        self._copies: set[asyncio.Task[None]] = set()
        self._random = random.Random()  # noqa: S311 - who is chosen is no secret
        worse_than_p(np.arange(2), 0)  # imports what it needs now: requests would wait for it

    def look(self) -> bool:
        """See whether the name stands for another model, and whether this one is refused."""
        another = self.follows.look()
        if another:
            self.pairs, self.why = Pairs(self._limits), ""
        now = self.follows.now
        if not self.why and now is not None:
            self.why = why_refused(self.recorded, now.model_hash)
            if self.why:
                self._tell(now)
        return another

    def chosen(self, model: Deployed) -> Deployed | None:
        """Return the candidate if it gets a request that came to ``model``."""
        now = self.follows.now
        if now is None or self.why or now.model_hash == model.model_hash:
            return None
        return now if self._random.random() < self.settings.candidate_share else None

    async def answer(self, asked: Asked) -> Said:
        """Return what the caller gets; the other model predicts the copy after that."""
        if self.settings.candidate_answers:
            theirs = await self._theirs(asked)
            if theirs is not None:
                self._later(self._ours(theirs, asked))
                return theirs
            return await self.say(asked.model, asked.inputs)
        ours = await self.say(asked.model, asked.inputs)
        self._later(self._copy(ours, asked))
        return ours

    async def stop(self) -> None:
        """Let the copies go that nobody has predicted."""
        for task in self._copies:
            task.cancel()
        await asyncio.gather(*self._copies, return_exceptions=True)

    def refuse(self, model: Deployed, why: str) -> None:
        """Use it no more."""
        if self.why or self.follows.now is not model:
            return
        self.why = why
        try:
            write_refusal(self.recorded, model.model_hash, why)
        except OSError as error:  # this process remembers it all the same
            LOGGER.warning("not recorded", extra={"why": str(error)})
        self._tell(model)

    @property
    def about(self) -> dict[str, Any]:
        """What /info says of it."""
        now, pairs = self.follows.now, self.pairs
        found = {"version": now.version, "model_hash": now.model_hash} if now else {}
        found |= {"refused": self.why or None, "pairs": len(pairs)}
        if len(pairs):
            found |= {"differs": float(pairs.differs.mean()), "slower": pairs.ratio}
        return found

    def _tell(self, model: Deployed) -> None:
        LOGGER.warning("candidate refused", extra={"why": self.why, "version": model.version})

    async def _theirs(self, asked: Asked) -> Said | None:
        """Have the candidate predict; None where it does not, which ends its trial."""
        candidate = asked.candidate
        if candidate.predictor.classes != asked.model.predictor.classes:
            self.refuse(candidate, "its classes are not those of the model in use")
            return None
        try:
            said = await self.say(candidate, await asked.read(candidate))
            if np.isfinite(said.predicted.outputs).all():
                return replace(said, candidate=True)
            self.refuse(candidate, "it does not predict finite numbers")
        except RefusedError as error:
            if error.status == 429:  # too many wait: that is not its doing
                return None
            self.refuse(candidate, error.told)
        except Exception as error:  # whatever a model fails with
            self.refuse(candidate, f"it fails: {' '.join(str(error).splitlines()[:1])}")
        return None

    async def _ours(self, theirs: Said, asked: Asked) -> None:
        self._pair(await self.say(asked.model, asked.inputs), theirs, first=theirs)

    async def _copy(self, ours: Said, asked: Asked) -> None:
        theirs = await self._theirs(asked)
        if theirs is not None:
            self._pair(ours, theirs, first=ours)

    def _pair(self, ours: Said, theirs: Said, first: Said) -> None:
        self.keep(first, theirs if first is ours else ours)
        if theirs.model is not self.follows.now or self.why:
            return
        usual = ours.model.seconds_for  # the same number of rows takes it so long
        paces = [one.predicted.seconds / usual(one.predicted.rows) for one in (theirs, ours)]
        self.pairs.add(ours.predictions, theirs.predictions, paces[0] / paces[1])
        problem = self.pairs.problem()
        if problem:
            self.refuse(theirs.model, problem)

    def _later(self, copy: Any) -> None:
        if len(self._copies) >= max(1, COPIES * self.settings.waiting):
            copy.close()
            return
        task = asyncio.get_running_loop().create_task(copy)
        self._copies.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._copies.discard(task)
        if not task.cancelled() and task.exception() is not None:
            LOGGER.info("no pair", extra={"why": str(task.exception())})
