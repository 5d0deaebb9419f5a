"""What was sent before, as a shell keeps its lines: brought back one by one, with what was being written at the end."""

from __future__ import annotations

KEPT = 100
"""Sent texts that can be brought back."""


class SentBefore:
    """The texts of one console, whatever the dialog."""

    def __init__(self) -> None:
        self._sent: list[str] = []
        self._back = 0
        """How many texts back one has gone; 0: what is being written."""
        self._unsent = ""

    @property
    def is_browsing(self) -> bool:
        """Whether an older text is shown."""
        return self._back > 0

    def add(self, text: str) -> None:
        """A text was sent."""
        if text.strip():
            self._sent = [*self._sent[-KEPT + 1 :], text]
        self._back = 0

    def stop(self) -> None:
        """Something else is written now."""
        self._back = 0

    def older(self, written: str) -> str | None:
        """The text before the one that is shown; None where there is none. `written` is what stands there now."""
        if self._back >= len(self._sent):
            return None
        if not self._back:
            self._unsent = written
        self._back += 1
        return self._sent[-self._back]

    def newer(self) -> str:
        """The text after the one that is shown, at last what was being written."""
        self._back -= 1
        return self._sent[-self._back] if self._back else self._unsent
