"""Being told to end: by a cluster that needs the machine, or by somebody at the keyboard."""

from __future__ import annotations

import signal
import threading
from types import FrameType

from ..runtime.errors import PreemptedError
from ..runtime.processes import SIGNALS


class Stop:
    """Remembers a signal until training has come to a place where it can be gone on from.

    A second signal ends the process at once.
    """

    def __init__(self) -> None:
        self.received: str | None = None
        self._before: dict[signal.Signals, object] = {}

    def catch(self) -> None:
        """Take the signals from whoever had them."""
        if threading.current_thread() is not threading.main_thread():
            return  # Python allows it nowhere else
        for name in SIGNALS:
            number = getattr(signal, name, None)
            if number is not None and number not in self._before:
                self._before[number] = signal.signal(number, self._remember)

    def release(self) -> None:
        """Give them back."""
        for number, handler in self._before.items():
            signal.signal(number, handler)  # pyrefly: ignore[bad-argument-type]
        self._before.clear()

    def leave(self, step: int) -> None:
        """End the process, now that a checkpoint of ``step`` is written."""
        received = self.received or "another process"
        self.release()
        raise PreemptedError(received, f"stopped by {received} after step {step}, which is kept")

    def _remember(self, number: int, frame: FrameType | None) -> None:
        self.received = signal.Signals(number).name
        print(f"train: {self.received}: ends with a checkpoint after this step", flush=True)
        for caught in self._before:  # not to Lightning, which would wait for the end of the step
            signal.signal(caught, signal.SIG_DFL)
