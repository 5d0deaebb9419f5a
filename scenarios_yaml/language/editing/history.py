"""What was done, so that it can be undone: edits and what they replaced, never whole texts. Without limit."""

from __future__ import annotations

from msgspec import Struct

from scenarios_yaml.language.editing.recompose import Edit


class Change(Struct):
    """One step of undo: edits in the order in which they were made, each with the one that takes it back."""

    done: list[Edit]
    back: list[Edit]
    typed_at: int | None = None
    """When the last of it was typed by hand, in ms; None of any other change."""


class History:
    """Changes that can be taken back, and those that were."""

    def __init__(self) -> None:
        self._past: list[Change] = []
        self._future: list[Change] = []

    @property
    def can_undo(self) -> bool:
        """Whether `back` has something to give."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether `forth` has something to give."""
        return bool(self._future)

    def add(self, change: Change, joins_within: int = 0) -> None:
        """A new change: what was taken back before is gone. Typing joins typing that is at most so many ms old."""
        last = self._past[-1] if self._past and not self._future else None
        self._future.clear()
        typed, before = change.typed_at, last.typed_at if last else None
        if last is not None and typed is not None and before is not None and typed - before <= joins_within:
            last.done += change.done
            last.back += change.back
            last.typed_at = typed
            return
        self._past.append(change)

    def back(self) -> Change | None:
        """The change to take back; None where there is none."""
        if not self._past:
            return None
        self._future.append(self._past.pop())
        return self._future[-1]

    def forth(self) -> Change | None:
        """The change to make again."""
        if not self._future:
            return None
        change = self._future.pop()
        change.typed_at = None
        self._past.append(change)
        return change
