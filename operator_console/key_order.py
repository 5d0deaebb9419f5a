"""Keys that arrive at once, as over a slow line, mean what they would have meant one by one.

Textual hands a key to the focused widget and goes on to the next one; the key's action is looked for later, on its way
back, and what the action tells its screen comes later still. So after `r` the words behind it would still reach the
list, and be commands; and an Enter would send what was typed behind it, too.

Here a command is followed by a mark on the same way through the widgets, and keys wait until the mark has arrived.
Letters for a line that is written in do not wait for each other.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass

from textual import events
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump
from textual.timer import Timer
from textual.widgets import Input, TextArea

PATIENCE = 0.5
"""Seconds until keys go on although the mark has not come."""
LOOK_EVERY = 0.02
"""Seconds between two looks whether it still can: the widget may be gone, with a sheet that was closed."""


@dataclass
class CommandDone(Message):
    """The mark: what the command said has been heard by the widgets above it, up to the screen."""

    target: MessagePump
    more: int
    """How often it goes the same way again: a key's own way ends where what it says begins."""


class KeysInOrder(App[None]):
    """An application that does one command after the other."""

    def __init__(self) -> None:
        super().__init__()
        self._typed: deque[events.Key] = deque()
        self._mark: CommandDone | None = None
        self._watch: Timer | None = None
        self._waits_since = 0.0

    async def on_event(self, event: events.Event) -> None:
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
        elif self._mark is None:
            await self._press(event)
        else:
            self._wait(event)

    def _wait(self, event: events.Key) -> None:
        self._typed.append(event)
        if self._watch is None:
            self._waits_since = time.monotonic()
            self._watch = self.set_interval(LOOK_EVERY, self._look_for_the_mark)

    def _look_for_the_mark(self) -> None:
        waited = time.monotonic() - self._waits_since
        if self._mark is None or not self._mark.target.is_running or waited >= PATIENCE:
            self.call_next(self._go_on)

    async def _press(self, event: events.Key) -> None:
        # A browser's tab hands over its first key before it says that it is in front, and until then nothing has
        # the focus.
        self.app_focus = True
        is_writing = isinstance(self.focused, Input | TextArea)
        if is_writing and event.is_printable:
            await super().on_event(event)
            return
        self._mark = CommandDone(self.focused or self.screen, int(is_writing))
        if is_writing or not await self._does(event.key):
            await super().on_event(event)
        if not self._mark.target.post_message(self._mark):
            await self._go_on()

    async def _does(self, key: str) -> bool:
        """Do what the key is bound to where the focus is, if anything, without the way through the widgets."""
        for is_first in (True, False):
            if await self._check_bindings(key, is_first):
                return True
        return False

    async def on_command_done(self, mark: CommandDone) -> None:
        if mark is not self._mark:
            return
        if mark.more:
            self._mark = CommandDone(mark.target, mark.more - 1)
            if mark.target.post_message(self._mark):
                return
        await self._go_on()

    async def _go_on(self) -> None:
        """Take the keys that have waited, up to the next command. At the end of the application nobody takes them."""
        self._mark = None
        self._waits_since = time.monotonic()
        while self._typed and self._mark is None and self.screen_stack:
            await self._press(self._typed.popleft())
        if self._watch is not None and not self._typed:
            self._watch.stop()
            self._watch = None
