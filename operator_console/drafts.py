"""What was typed and not sent, per dialog: it is there again after a crash or tomorrow."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from operator_console.own_files import read_own, write_own
from operator_console.translation import _
from server_stub.protocol import FileRef

SAVE_AFTER = 0.5
"""Seconds after the last key until drafts are written."""
SAVE_WITHIN = 2.0
"""Seconds after the first key until they are written, however fast somebody types."""

MAX_DRAFTS = 300
"""The oldest go first; a desk with more open dialogs has other worries."""


class Draft(Struct, frozen=True, omit_defaults=True):
    """What was typed, whether it was to be a note, and the files that were attached to it."""

    text: str
    note: bool = False
    files: tuple[FileRef, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text or self.files)


Kept: TypeAlias = dict[str, str | Draft]
"""By dialog; a text alone is a message without files."""


class Drafts:
    """The drafts of one operator at one server, kept in `path`. Use from one event loop."""

    def __init__(self, path: Path, *, save_after: float = SAVE_AFTER) -> None:
        self._path = path
        self._save_after = save_after
        self._timer: asyncio.TimerHandle | None = None
        self._save_by = 0.0
        self._changed: dict[str, Draft] = {}
        kept = read_own(path, Kept)
        self._drafts = _unpacked(kept.content)
        self.set_aside = kept.set_aside
        """The file's new name, where it could not be read."""
        self.trouble = ""
        """Why the last write failed; empty when it did not."""

    def get(self, dialog: str) -> Draft:
        """Return what was typed in the dialog, or an empty draft."""
        return self._drafts.get(dialog, Draft(""))

    def put(self, dialog: str, draft: Draft) -> None:
        """Keep what is typed now; an empty draft ends it. Written shortly after."""
        if draft == self.get(dialog) or not (draft or self.get(dialog)):
            return
        _apply(self._drafts, {dialog: draft})
        loop = asyncio.get_running_loop()
        if not self._changed:
            self._save_by = loop.time() + SAVE_WITHIN
        self._changed[dialog] = draft
        if self._timer is not None:
            self._timer.cancel()
        self._timer = loop.call_at(min(loop.time() + self._save_after, self._save_by), self.save)

    def save(self) -> None:
        """Write what has changed now. A failure is kept in `trouble`; the texts stay in memory."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._changed:
            return
        try:
            # Another console of the same operator may have written in between: only our changes are ours.
            drafts = _unpacked(read_own(self._path, Kept).content)
            _apply(drafts, self._changed)
            write_own(self._path, {dialog: _packed(draft) for dialog, draft in drafts.items()})
        except OSError as error:
            self.trouble = _("Drafts cannot be kept in {folder}: {reason}.").format(
                folder=self._path, reason=error.strerror or error
            )
            return
        self._changed.clear()
        self.trouble = ""


def _apply(drafts: dict[str, Draft], changes: dict[str, Draft]) -> None:
    for dialog, draft in changes.items():
        drafts.pop(dialog, None)
        if draft:
            drafts[dialog] = draft
    while len(drafts) > MAX_DRAFTS:
        del drafts[next(iter(drafts))]


def _unpacked(kept: Kept | None) -> dict[str, Draft]:
    return {
        dialog: Draft(draft) if isinstance(draft, str) else draft for dialog, draft in (kept or {}).items()
    }


def _packed(draft: Draft) -> str | Draft:
    return draft if draft.note or draft.files else draft.text
