"""The part of the composer that completes: looks for what is begun at the cursor, puts what is taken in its place."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

from textual import on
from textual.containers import Vertical
from textual.message import Message

from operator_console.inbox.completing import CompletionList, Sources
from operator_console.inbox.completions import Wanted, wanted_at, whole_emoji
from operator_console.inbox.composer_text import ComposerText
from operator_console.safe_text import safe_line, safe_text
from server_stub.protocol import MAX_MESSAGE_CHARS


class OfferingComposer(Vertical):
    """A text with a list of what fits above it."""

    @dataclass
    class EmojiWanted(Message):
        """The names of emoji are needed, and not read yet."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.is_note = False
        self.sources: Sources | None = None
        self._given_up = -1
        """The column at which what would be completed begins, and was given up by Escape."""

    @property
    def text_area(self) -> ComposerText:
        """The text field."""
        return self.query_one(ComposerText)

    @property
    def offers(self) -> CompletionList:
        """What fits to what is being written."""
        return self.query_one(CompletionList)

    @abstractmethod
    def show_count(self) -> None:
        """What Enter does may be another now."""

    def look(self) -> None:
        """See whether something is being completed where the cursor is, and offer what fits."""
        was_open = self.offers.is_open
        self._offer(self._wanted())
        if was_open != self.offers.is_open:
            self.show_count()

    def _offer(self, wanted: Wanted | None) -> None:
        column = self._column(wanted)
        if wanted is None:
            self._given_up = -1
        if wanted is None or self.sources is None or column == self._given_up:
            self.offers.hide()
            return
        if wanted.kind == "emoji" and self.sources.emoji() is None:
            self.post_message(self.EmojiWanted())
        if offers := self.sources.offers(wanted):
            self.offers.show(wanted, offers, self.sources.fill)
        else:
            self.offers.hide()

    def _wanted(self) -> Wanted | None:
        area = self.text_area
        if area.read_only or not area.has_focus:
            return None
        return wanted_at(area.before_cursor, is_note=self.is_note)

    def _column(self, wanted: Wanted | None) -> int:
        return self.text_area.cursor_location[1] - wanted.length if wanted is not None else -1

    @property
    def is_completing(self) -> bool:
        """Whether Enter takes what is offered."""
        self.look()  # the last key may not have been looked at yet
        return self.offers.is_open

    @on(CompletionList.Taken)
    def take_offer(self) -> None:
        """Put the offer under the list's cursor into the text."""
        wanted, offer = self.offers.wanted, self.offers.current
        if wanted is None or offer is None or self.sources is None:
            return
        if wanted.kind == "reply":
            text = safe_text(self.sources.fill(offer.detail).text, limit=MAX_MESSAGE_CHARS, multiline=True)
        elif wanted.kind == "colleague":
            text = f"@{safe_line(offer.label, 120)} "
        else:
            text = offer.value
        self.offers.hide()
        self.text_area.replace_before(wanted.length, text)
        self.text_area.focus()

    def replace_whole_emoji(self) -> None:
        names = self.sources.emoji() if self.sources is not None else None
        if names is not None:
            char, length = whole_emoji(self.text_area.before_cursor, names)
            if char:
                self.text_area.replace_before(length, char)

    def give_up_offers(self) -> bool:
        """Offer nothing more for what is begun at the cursor. Says whether anything was offered."""
        if not self.offers.is_open:
            return False
        self._given_up = self._column(self.offers.wanted)
        self.offers.hide()
        self.show_count()
        return True
