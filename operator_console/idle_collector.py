"""Collecting garbage while nobody presses a key.

A pass over everything that lives long takes some 40 ms at 100,000 dialogs: an operator who types would wait for it. The
short passes over what is young stay as they are; the long one is made when his hands rest, and at the latest after ten
minutes.
"""

from __future__ import annotations

import gc
import time

REST = 2.0
"""Seconds without a key after which the hands rest."""
EVERY, AT_LATEST = 60.0, 600.0
"""Seconds between two passes: at rest, and in any case."""
NEVER_BY_ITSELF = 1_000_000


class IdleCollector:
    """The long passes of Python's garbage collector, made by hand."""

    def __init__(self) -> None:
        self._pressed_at = self._collected_at = time.monotonic()
        self._before: tuple[int, int, int] | None = None

    def begin(self) -> None:
        """What has been loaded until now lives as long as the console: it is looked through no more."""
        gc.collect()
        gc.freeze()
        if self._before is None:
            self._before = gc.get_threshold()
            gc.set_threshold(*self._before[:2], NEVER_BY_ITSELF)
        self._collected_at = time.monotonic()

    def was_pressed(self) -> None:
        """A key, or the mouse."""
        self._pressed_at = time.monotonic()

    def look(self) -> bool:
        """A while has passed: make the pass where it is due; whether it was made."""
        now = time.monotonic()
        since = now - self._collected_at
        if self._before is None or since < EVERY or (now - self._pressed_at < REST and since < AT_LATEST):
            return False
        gc.collect()
        self._collected_at = now
        return True

    def end(self) -> None:
        """As it was before."""
        if self._before is not None:
            gc.set_threshold(*self._before)
            self._before = None
