"""The dialog list: the mirror's dialogs as rows that hold still under the cursor, and which of them are marked."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from datetime import tzinfo
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer

from operator_console.actions import bindings
from operator_console.dialog_filter import waits_since
from operator_console.inbox.dialog_rows import RowPainter, RowState
from operator_console.inbox.row_list import RowList
from operator_console.mirror import Filter, Mirror
from operator_console.themes import palette_of
from server_stub.protocol import DialogSummary

MAX_MARKED = 500
"""More dialogs than that are not changed at once: nobody looks through them."""

TYPING_PAUSE, LONGEST_HOLD = 0.25, 2.0
"""Seconds without a letter after which the list moves on, and after which it does so in any case."""


class DialogList(RowList[DialogSummary]):
    """The rows of one filter. `now` gives ms; `mirror` is read, never changed."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("list"), *bindings("dialogs")]

    @dataclass
    class Marked(Message):
        """So many dialogs are marked. `is_full`: no more can be."""

        count: int
        is_full: bool = False

    def __init__(self, mirror: Mirror, now: Callable[[], int], zone: tzinfo | None, *, id: str) -> None:  # noqa: A002
        super().__init__(now, zone, id=id)
        self.mirror = mirror
        self.shown = Filter()
        self.marked: dict[str, None] = {}
        """Dialogs on which the next command acts, in the order in which they were marked."""
        self._painter: RowPainter | None = None
        self._is_covered = False
        self._typed_at = self._held_since = -LONGEST_HOLD
        self._hold: Timer | None = None
        self._has_missed = False

    def cover(self, is_covered: bool) -> None:
        """Something else stands in its place, or no longer does: meanwhile what is new needs no painting."""
        was_covered, self._is_covered = self._is_covered, is_covered
        if was_covered and not is_covered:
            self.thaw()

    def take(self, keys: Collection[str], *, reordered: bool) -> None:
        if not self._is_covered:
            super().take(keys, reordered=reordered)
            self._has_missed |= reordered and self.is_frozen

    def hold_still(self) -> None:
        """A letter was typed: while one writes, the list does not move beside it, nor keeps the next letter waiting."""
        self._typed_at = now = time.monotonic()
        if self._hold is None:
            self._held_since = now
            self._hold = self.set_timer(TYPING_PAUSE, self._look_at_the_hold)

    def _look_at_the_hold(self) -> None:
        if self._is_held:
            self._hold = self.set_timer(TYPING_PAUSE, self._look_at_the_hold)
            return
        self._hold = None
        if self._has_missed and not self.is_frozen and not self._is_covered:
            self.thaw()

    def thaw(self) -> None:
        self._has_missed = False
        super().thaw()

    @property
    def _is_held(self) -> bool:
        now = time.monotonic()
        return now - self._typed_at < TYPING_PAUSE and now - self._held_since < LONGEST_HOLD

    @property
    def is_frozen(self) -> bool:
        return super().is_frozen or (self._hold is not None and self._is_held)

    def show(self, wanted: Filter, *, keep_cursor: bool = True) -> None:
        """Show another filter. The cursor stays on its dialog if that is there, else it goes to the top."""
        self.shown = wanted
        self.show_anew(keep_cursor=keep_cursor)

    def source(self) -> list[str]:
        return self.mirror.view(self.shown)[::-1]

    def _place_of(self, key: str) -> int:
        # Where it must stand by its time: looking through 100,000 for it would take as long as painting the list.
        below = self.mirror.below(self.shown, key)
        place = len(self._ids) - 1 - below if below is not None else -1
        return place if self._ids[place : place + 1] == [key] else super()._place_of(key)

    def row_of(self, key: str) -> DialogSummary | None:
        return self.mirror.rows.get(key)

    def fits(self, row: DialogSummary) -> bool:
        return self.shown.matcher(self.mirror.me)(row)

    def time_of(self, row: DialogSummary) -> int:
        return waits_since(row) if self.shown.sort == "waiting" else row.last_at

    def newest(self, keys: list[str]) -> int:
        if self.shown.sort == "last":
            return super().newest(keys)
        # Who waits longest is the first, so who has begun last is the last one of those who wait.
        rows = self.mirror.rows
        waiting = bisect_left(keys, True, key=lambda key: key not in rows or not waits_since(rows[key]))
        return waits_since(rows[keys[waiting - 1]]) if waiting else 0

    def look_of(self, row: DialogSummary) -> Hashable:
        return (row.visitor in self.mirror.online, row.id in self.marked)

    def paint_row(self, row: DialogSummary, state: RowState, width: int) -> tuple[Strip, Strip]:
        if self._painter is None or self._painter.width != width:
            palette = palette_of(self.app.theme)
            self._painter = RowPainter(palette, width, self._now(), self._zone, self.mirror.me)
        return self._painter.paint(
            row, state=state, online=row.visitor in self.mirror.online, marked=row.id in self.marked
        )

    def forget_looks(self) -> None:
        super().forget_looks()
        self._painter = None

    def forget(self, gone: Collection[str]) -> None:
        """Dialogs are no more: they leave at once, also while the order holds still."""
        self.unmark(gone)
        if any(key in gone for key in self._ids):
            self.thaw()

    # --- Marks ---

    def unmark(self, dialogs: Collection[str]) -> None:
        """Take the marks of some dialogs away."""
        left = {dialog: None for dialog in self.marked if dialog not in dialogs}
        if len(left) != len(self.marked):
            self.marked = left
            self._tell_marks()

    def action_mark(self) -> None:
        """Mark the dialog under the cursor, or take its mark away, and go down."""
        if not self.cursor:
            return
        if self.cursor in self.marked:
            del self.marked[self.cursor]
        elif len(self.marked) < MAX_MARKED:
            self.marked[self.cursor] = None
        else:
            self._tell_marks(is_full=True)
            return
        self._tell_marks()
        self.action_down()

    def action_mark_all(self) -> None:
        """Mark all that are shown; pressed again where they all are, none of them."""
        shown = self._ids[:MAX_MARKED]
        if all(key in self.marked for key in shown):
            self.unmark(shown)
            return
        fresh = [key for key in shown if key not in self.marked]
        room = MAX_MARKED - len(self.marked)
        self.marked |= dict.fromkeys(fresh[:room])
        self._tell_marks(is_full=len(fresh) > room or len(self._ids) > MAX_MARKED)

    def action_unmark(self) -> None:
        """Take every mark away."""
        self.unmark(tuple(self.marked))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "unmark" and not self.marked:
            return False  # so that the key goes on to the screen, for which it is "back"
        return super().check_action(action, parameters)

    def _tell_marks(self, *, is_full: bool = False) -> None:
        self.post_message(self.Marked(len(self.marked), is_full))
        self.refresh()
