"""What Windows refuses while another program looks into a file is tried again for a while."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

SECONDS, PAUSE = 5.0, 0.05  # virus scanners and indexers have a new file open for less


def patiently(act: Callable[..., object], *given: object) -> None:
    """Rename or delete something; Windows does so only when nobody has it open.

    Raises:
        PermissionError: at once on other systems, where it has another reason.
    """
    end = time.monotonic() + SECONDS
    while True:
        try:
            act(*given)
        except PermissionError:
            if sys.platform != "win32" or time.monotonic() >= end:
                raise
            time.sleep(PAUSE)
        else:
            return
