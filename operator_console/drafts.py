"""What was typed and not sent, per dialog: it is there again after a crash or tomorrow."""

from __future__ import annotations

import asyncio
from pathlib import Path

from operator_console.own_files import read_own, write_own

SAVE_AFTER = 0.5
"""Seconds after the last key until drafts are written."""

MAX_DRAFTS = 300
"""The oldest go first; a desk with more open dialogs has other worries."""


class Drafts:
    """The drafts of one operator at one server, kept in `path`. Use from one event loop."""

    def __init__(self, path: Path, *, save_after: float = SAVE_AFTER) -> None:
        self._path = path
        self._save_after = save_after
        self._timer: asyncio.TimerHandle | None = None
        self._changed: dict[str, str] = {}
        kept = read_own(path, dict[str, str])
        self._texts = kept.content or {}
        self.set_aside = kept.set_aside
        """The file's new name, where it could not be read."""
        self.trouble = ""
        """Why the last write failed; empty when it did not."""

    def get(self, dialog: str) -> str:
        """Return what was typed in the dialog, or nothing."""
        return self._texts.get(dialog, "")

    def put(self, dialog: str, text: str) -> None:
        """Keep what is typed now; an empty text ends the draft. Written shortly after."""
        if text == self.get(dialog):
            return
        _apply(self._texts, {dialog: text})
        self._changed[dialog] = text
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(self._save_after, self.save)

    def save(self) -> None:
        """Write what has changed now. A failure is kept in `trouble`; the texts stay in memory."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._changed:
            return
        try:
            # Another console of the same operator may have written in between: only our changes are ours.
            texts = read_own(self._path, dict[str, str]).content or {}
            _apply(texts, self._changed)
            write_own(self._path, texts)
        except OSError as error:
            self.trouble = f"Drafts cannot be kept in {self._path}: {error.strerror or error}."
            return
        self._changed.clear()
        self.trouble = ""


def _apply(texts: dict[str, str], changes: dict[str, str]) -> None:
    for dialog, text in changes.items():
        texts.pop(dialog, None)
        if text:
            texts[dialog] = text
    while len(texts) > MAX_DRAFTS:
        del texts[next(iter(texts))]
