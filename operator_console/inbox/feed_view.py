"""The conversation that is read and worked with: what is clicked in it, and the one message that is selected."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message

from operator_console.actions import bindings
from operator_console.inbox.feed import Bubble, Feed
from operator_console.inbox.feed_scroll import FeedScroll
from operator_console.inbox.text_spans import LINK


class FeedView(FeedScroll):
    """Shows one `Feed`; a message of it can be selected, and something be done with it."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("conversation")

    @dataclass
    class LinkOpened(Message):
        """A link was clicked: a cleaned http(s) URL."""

        url: str

    @dataclass
    class FileOpened(Message):
        file: str

    @dataclass
    class TakenBack(Message):
        """The text of a refused message is wanted back."""

        client_id: str

    @dataclass
    class SentAnyway(Message):
        """A refused message is to be sent, though a colleague has answered in between."""

        client_id: str

    @dataclass
    class WriteWanted(Message):
        """Enter: to the composer."""

    @dataclass
    class Selected(Message):
        """Another message is selected; None: none."""

        message: Bubble | None

    @dataclass
    class Wanted(Message):
        """Something is to be done with the selected message: "edit", "delete", "copy" or "open"."""

        what: str
        message: Bubble

    # --- Reading ---

    def show(self, feed: Feed | None) -> None:
        was_selected = self.selected is not None
        super().show(feed)
        if was_selected:
            self.post_message(self.Selected(self.selected))

    def action_write(self) -> None:
        bubble = self.selected
        if bubble is not None and opens(bubble):
            self.post_message(self.Wanted("open", bubble))
        else:
            self.post_message(self.WriteWanted())

    def on_click(self, event: events.Click) -> None:
        meta = event.style.meta
        if url := meta.get("open_link"):
            self.post_message(self.LinkOpened(url))
        elif file := meta.get("open_file"):
            self.post_message(self.FileOpened(file))
        elif client_id := meta.get("take_back"):
            self.post_message(self.TakenBack(client_id))
        elif client_id := meta.get("send_anyway"):
            self.post_message(self.SentAnyway(client_id))
        else:
            self._select_at(event.y)

    # --- One message ---

    @property
    def selected(self) -> Bubble | None:
        """The message that the operator has selected."""
        index = self._index_of(self._selected)
        item = self._item(index) if index >= 0 else None
        return item if isinstance(item, Bubble) else None

    def select(self, by: int) -> None:
        """Select the message above (-1) or below (1) the selected one; at first the last one on the screen."""
        messages = [index for index in range(self._count()) if isinstance(self._item(index), Bubble)]
        at = self._index_of(self._selected)
        if at < 0:
            bottom = bisect_right(self._ends, self.scroll_offset.y + self.size.height - 2 - self._lead())
            shown = [index for index in messages if index <= bottom]
            target = shown[-1] if shown else -1
        else:
            further = [index for index in messages if (index < at if by < 0 else index > at)]
            target = at if not further else further[-1] if by < 0 else further[0]
            if not further and by > 0:
                target = -1
        if target >= 0:
            self._mark_selected(target)
            self._show_whole(target)
        else:
            self.unselect()

    def show_message(self, message: str) -> bool:
        """Select a message by its id and bring it onto the screen; False where it is not among those that are here."""
        index = self._index_of(message)
        if index < 0:
            return False
        self._mark_selected(index)
        self._show_whole(index)
        return True

    def unselect(self) -> bool:
        """Select none. Returns whether one was."""
        if not self._selected:
            return False
        before, self._selected = self._index_of(self._selected), ""
        self._blocks.pop(before, None)
        self.refresh()
        self.post_message(self.Selected(None))
        return True

    def _select_at(self, y: int) -> None:
        line = y + self.scroll_offset.y - self._lead()
        index = bisect_right(self._ends, line) if line >= 0 else self._count()
        if index < self._count() and isinstance(self._item(index), Bubble):
            self._mark_selected(index)
        else:
            self.unselect()

    def _mark_selected(self, index: int) -> None:
        item = self._item(index)
        if not isinstance(item, Bubble):
            return
        self._blocks.pop(self._index_of(self._selected), None)
        self._blocks.pop(index, None)
        self._selected = item.message.id
        self.refresh()
        self.post_message(self.Selected(item))

    def _index_of(self, message: str) -> int:
        if message:
            for index in range(self._count() - 1, -1, -1):
                item = self._item(index)
                if isinstance(item, Bubble) and item.message.id == message:
                    return index
        return -1

    def _show_whole(self, index: int) -> None:
        top = self._ends[index - 1] if index else 0
        bottom = self._ends[index]
        y, height = self.scroll_offset.y, self.size.height - 1
        if top < y or bottom - top > height:
            self.scroll_to(y=top, animate=False, immediate=True)
        elif bottom > y + height:
            self.scroll_to(y=bottom - height, animate=False, immediate=True)

    def action_edit_message(self) -> None:
        self._want("edit")

    def action_delete_message(self) -> None:
        self._want("delete")

    def action_copy_message(self) -> None:
        self._want("copy")

    def _want(self, what: str) -> None:
        bubble = self.selected
        if bubble is None:
            self.select(-1)
        elif not bubble.message.deleted:
            self.post_message(self.Wanted(what, bubble))


def opens(bubble: Bubble) -> bool:
    """Whether there is something in the message that can be opened."""
    message = bubble.message
    return bool(message.files or message.buttons or message.image or LINK.search(message.text))
