"""One MLflow run per training, found again by its model's hash. It never costs the training.

What is to be tracked goes to a journal in runs/tracking, and from there to MLflow in a process
beside the training (`shipper`) or later (`uv run sync`).
"""

from __future__ import annotations

import json
import subprocess
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

from ..config import Tracking
from ..runtime.errors import PreemptedError
from ..runtime.files import TRACKING, Workspace, write_text
from . import shipper
from .destination import place_for
from .journal import Writer, open_journal_of
from .lineage import CodeState, file_hash
from .record import PIPELINE, Record, facts_of, keep_code, keep_origin, keep_params, record_of
from .uploads import keep_model

PATIENCE = 60.0  # seconds at the end, while MLflow takes what is left
PATIENCE_AFTER_ERROR = 10.0
PATIENCE_FOR_SYNC = 10.0  # which may be sending the journal that is to go on


class Tracker:
    """A run that begins with its first metric. Whatever goes wrong is said once.

    With ``resumed`` the run of the training that was interrupted in this workspace goes on. One
    with a ``parent``, the key of another journal, is nested in that run, and sent by its process.
    One that is the ``same_as`` another journal's adds to its run, as on another machine.
    """

    def __init__(
        self,
        settings: Tracking,
        workspace: Workspace,
        name: str,
        *,
        resumed: bool = False,
        parent: str = "",
        same_as: str = "",
    ) -> None:
        self.settings, self.workspace, self.name = settings, workspace, name
        self.enabled, self.resumed = settings.enabled, resumed
        self.parent, self.same_as = parent, same_as
        self.record: Record | None = None
        self._journal: Writer | None = None
        self._shipper: subprocess.Popen[bytes] | None = None
        self._holder = workspace.scratch / "tracked.json"  # names the journal of the training
        self._holds = self._joins = self._failed = False

    def __enter__(self) -> Tracker:
        if self.enabled:  # now, because the user may edit on while it runs
            self.enabled = self._attempt(self._look)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        journal = self._journal
        if journal:
            by_signal = isinstance(error, PreemptedError) or not isinstance(error, Exception)
            stopped = error is not None and by_signal
            status = "KILLED" if stopped else "FAILED" if error else "FINISHED"
            self._attempt(lambda: self._end(journal, status))

    def log(self, metrics: dict[str, float], step: int | None = None) -> None:
        """Keep the metrics of one step: a line in a file, and MLflow gets it later."""
        self._keep(lambda journal: journal.log(metrics, step or 0))

    def tag(self, tags: dict[str, str]) -> None:
        """Keep what the run can be found by."""
        self._keep(lambda journal: journal.append("tags", tags=tags))

    def begin(self) -> str:
        """Begin the run; return the key that others are nested in: "" where nothing is tracked."""
        self._keep(lambda _: None)
        return self.same_as or self._journal.key if self._journal else ""

    def log_model(
        self,
        folder: Path,
        schemas: tuple[Any, Any],
        data_hashes: dict[str, str],
        requirements: tuple[str, ...],
    ) -> None:
        """Keep the model folder with its schemas, and what it was made from."""
        self._keep(lambda one: keep_model(one, folder, schemas, data_hashes, requirements))

    def join(self, model: Path) -> None:
        """Go on in the run that logged this model folder, or begin one if there is none."""
        if self.enabled:
            self.enabled = self._attempt(lambda: self._begin(file_hash(model / "state.ckpt")))

    def _look(self) -> None:
        self.record = self._read()

    def _read(self) -> Record:
        if self.parent:  # which has the code
            return Record(self.workspace.output.name, CodeState("", b"", {}, []), {})
        return record_of(self.workspace, self.name)

    def _attempt(self, action: Callable[[], None], lost: str = "going on without it") -> bool:
        try:
            action()
        except Exception as error:
            if not self._failed:
                self._failed = True
                reason = shipper.first_line(error)
                print(f"{self.name}: tracking failed, {lost}: {reason}", flush=True)
            return False
        return True

    def _keep(self, action: Callable[[Writer], None]) -> None:
        journal = self._journal
        if self.enabled and journal is None:
            self.enabled = self._attempt(self._begin)
            journal = self._journal
        if self.enabled and journal:
            self._attempt(lambda: action(journal), "going on, and trying again")

    def _begin(self, model_hash: str | None = None) -> None:
        project, place = self.workspace.project, place_for(self.settings)
        record = self.record or self._read()
        journal = self._journal_to_go_on_with(model_hash)
        journal = journal or Writer.open(project / TRACKING / uuid.uuid4().hex)
        if journal is None:
            raise OSError(f"{TRACKING} cannot be locked")
        self._journal, before = journal, journal.run
        if not before:
            facts = self._facts(record, model_hash)
            self._keep(lambda journal: journal.append("run", **facts, place=place))
            keep = keep_params if self.parent else partial(keep_origin, record=record)
            self._keep(lambda journal: keep(journal, self.workspace.config_file))
        elif model_hash:
            self._joins = True
            self._keep(lambda journal: keep_code(journal, record))  # dvc.lock names the model now
        else:
            self._keep(lambda journal: journal.append("status", status="RUNNING"))
        if before and before["place"] != place:
            self._keep(lambda journal: journal.append("run", place=place))
        if model_hash is None:
            self._holds = True
            self._keep(lambda journal: write_text(self._holder, json.dumps({"key": journal.key})))
        self._keep(self._start)

    def _start(self, journal: Writer) -> None:
        if journal.run and not self.parent:  # the disk took it
            self._shipper = shipper.start(journal)

    def _journal_to_go_on_with(self, model_hash: str | None) -> Writer | None:
        project, experiment = self.workspace.project, self.settings.experiment
        if model_hash:
            name = (self.record.name if self.record else "") or PIPELINE
            return open_journal_of(model_hash, experiment, name, project, PATIENCE_FOR_SYNC)
        if not self.resumed or not self._holder.is_file():
            return None
        key = json.loads(self._holder.read_text("utf-8"))["key"]
        return Writer.open(project / TRACKING / key, PATIENCE_FOR_SYNC)

    def _facts(self, record: Record, model_hash: str | None) -> dict[str, Any]:
        held_by = self._holder.relative_to(self.workspace.project).as_posix()
        relations = {"joins": model_hash, "parent": self.parent, "same_as": self.same_as}
        return facts_of(record, self.name, self.settings) | relations | {"held_by": held_by}

    def _end(self, journal: Writer, status: str) -> None:
        if not self._joins:  # a training has ended when it did, and as it did
            self._keep(lambda journal: journal.append("status", status=status, origin=True))
        if self._holds and status == "FINISHED":
            self._holder.unlink(missing_ok=True)
        patience = PATIENCE if status == "FINISHED" else PATIENCE_AFTER_ERROR
        if self._shipper and shipper.finish(self._shipper, patience):
            journal.settle(self.workspace.project)
        else:
            journal.close()
        if self._shipper is None and not self.parent:
            shipper.say(f"nothing has been sent{shipper.LATER}")
