"""The open dialog: its feed, what is written into it and what is on its way."""

from __future__ import annotations

import asyncio
from datetime import tzinfo
from typing import TYPE_CHECKING

from textual import on
from textual.timer import Timer

from operator_console.errors import DeskError
from operator_console.inbox.activity_words import priority_words, stars
from operator_console.inbox.bars import DialogHeader, Looker, TypingLine
from operator_console.inbox.card_side import CardSide
from operator_console.inbox.channel_words import channel_words
from operator_console.inbox.feed import Feed
from operator_console.inbox.feed_view import FeedView
from operator_console.inbox.times import HOT_AFTER, coming, span
from operator_console.inbox.writing import Writing
from operator_console.themes import palette_of
from operator_console.translation import _
from operator_console.visitor_names import called
from server_stub.protocol import (
    DialogMerged,
    DialogSummary,
    Entry,
    MessageSent,
    Typing,
)

if TYPE_CHECKING:
    from operator_console.inbox.reader import Reader

SEEN_AFTER = 1.0
"""Seconds a message is on the screen before it counts as seen."""
TYPING_HOLDS = 6.0
LOOKS_AFTER = 0.3
"""Seconds a dialog is on the screen before colleagues are told."""


class Conversing(CardSide, Writing):
    """What the middle pane shows and does; what the right one does is below, in `CardSide`."""

    reader: Reader
    zone: tzinfo | None
    names: dict[str, str]
    _in_front = True
    _opened_seq = 0
    _opened_unread = 0
    _seen_timer: Timer | None = None
    _typing_timer: Timer | None = None
    _look_timer: Timer | None = None

    # --- Opening ---

    def open_dialog(self, dialog: str) -> None:
        """Show a dialog: at once what is known, the rest as it comes."""
        if dialog == self._opened:
            return
        self._opened = dialog
        self._opened_seq = self.mirror.seq
        self._is_history = False
        self._look_soon()
        self._show_typing("", "")
        row = self.row
        self.begin_writing(dialog)
        self.composer.set_usable(row is not None and not self.read_only, self._why_not())
        self._show_header()
        if row is None:
            self._feed = None
            self.feed_view.show(None)
            self.open_card("")
            return
        self._opened_unread = row.unread
        kept = self.reader.kept(dialog)
        if kept is not None:
            kept.mark_new(row.unread)
        self._show_feed(kept)
        if kept is None:
            self.feed_view.empty_text = _("Loading…")
            self.ask(self._load_feed, dialog, "", group="feed", exclusive=True, quietly=True)
        self.open_card(row.visitor)

    def _why_not(self) -> str:
        if self.read_only:
            return _("Opened for reading only.")
        return "" if self._opened else _("No dialog is open.")

    def _look_soon(self) -> None:
        """Tell the colleagues which dialog is on this screen: not each one over which the cursor runs."""
        if self._look_timer is not None:
            self._look_timer.stop()
        if not self.read_only:
            self._look_timer = self.set_timer(LOOKS_AFTER, self._look)

    def _look(self) -> None:
        self.ask(self.desk.look_at, self._opened, group="looking", quietly=True)

    async def _load_feed(self, dialog: str, visitor: str) -> None:
        try:
            feed = await self.reader.load(dialog, visitor, open_one=self._opened)
        except DeskError:
            self.feed_view.empty_text = _("The conversation could not be loaded. Ctrl+R tries again.")
            self.feed_view.refresh()
            raise
        if self._opened == dialog or (
            visitor and self._is_history and self.row and self.row.visitor == visitor
        ):
            feed.mark_new(self._opened_unread)
            self._show_feed(feed)

    def _show_feed(self, feed: Feed | None) -> None:
        self._feed = feed
        if feed is not None:
            self.feed_view.empty_text = _("No message yet.")
            feed.set_pending(self._pending())
        self.feed_view.show(feed)

    def reload(self) -> None:
        """After a new snapshot: what is open is read again."""
        self.feed_view.titles = self._title_of
        self.reader.forget()
        opened, self._opened = self._opened, ""
        if opened:
            self.open_dialog(opened)

    def action_history(self) -> None:
        row = self.row
        if row is None:
            return
        self._is_history = not self._is_history
        kept = self.reader.kept("" if self._is_history else row.id, row.visitor if self._is_history else "")
        if kept is not None:
            self._show_feed(kept)
        elif self._is_history:
            self.ask(self._load_feed, "", row.visitor, group="feed", exclusive=True, quietly=True)
        else:
            self.ask(self._load_feed, row.id, "", group="feed", exclusive=True, quietly=True)
        self._show_header()

    @on(FeedView.OlderWanted)
    def _older(self) -> None:
        feed = self._feed
        if feed is None:
            return

        async def load() -> None:
            change = await self.reader.older(feed)
            if feed is self._feed:
                self.feed_view.take(change)

        self.ask(load, group="older", quietly=True)

    # --- What the stream brings ---

    def take_entries(self, entries: list[Entry]) -> None:
        """Entries of conversations: the open one shows them, those read lately keep them."""
        for entry in entries:
            if isinstance(entry.what, DialogMerged):
                self._take_merge(entry, entry.what.gone)
            elif isinstance(entry.what, MessageSent):
                self._settling.pop(entry.what.message.client_id, None)
                self.colleague_wrote(entry.what.message.author.id)
                if entry.dialog == self._opened and entry.what.message.author.kind == "visitor":
                    self._show_typing("", "")
        change = self.reader.take(entries, self._feed)
        if change.appended or change.items or change.marks or change.pending:
            self.feed_view.take(change)
            if change.appended:
                self._wait_for_seen()

    def _take_merge(self, entry: Entry, gone: str) -> None:
        """Two dialogs are one now: what was read of them is read anew."""
        self.reader.forget_these((entry.dialog, gone), (entry.visitor,))
        if self._opened == gone:
            self.open_dialog(entry.dialog)
        elif self._opened == entry.dialog:
            visitor = entry.visitor if self._is_history else ""
            self.ask(self._load_feed, "" if visitor else entry.dialog, visitor, group="feed", quietly=True)

    def take_departures(self, gone: set[str], merged: list[tuple[str, str]]) -> None:
        """Dialogs that are no more, and pairs of visitors who became one (who is gone, who was kept)."""
        self.reader.forget_these(gone, (visitor for pair in merged for visitor in pair))
        if self._opened in gone:
            self.open_dialog("")
        elif self._is_history and self.row and any(self.row.visitor == kept for _gone, kept in merged):
            self.ask(self._load_feed, "", self.row.visitor, group="feed", exclusive=True, quietly=True)

    def take_typing(self, typing: Typing) -> None:
        """Somebody is writing in a dialog."""
        self.colleague_types(typing)
        row = self.row
        if row is not None and typing.dialog == row.id and typing.who.kind == "visitor":
            self._show_typing(str(called(row.visitor_name, row.visitor)), typing.text)

    def _show_typing(self, who: str, text: str) -> None:
        line = self.query_one(TypingLine)
        line.who, line.text = who, text
        line.refresh()
        if self._typing_timer is not None:
            self._typing_timer.stop()
            self._typing_timer = None
        if who:
            self._typing_timer = self.set_timer(TYPING_HOLDS, lambda: self._show_typing("", ""))

    # --- Header ---

    def show_header(self) -> None:
        """The open dialog's row has changed, or who looks at it."""
        self.show_colleagues()
        self._show_header()
        if not self.read_only:
            self._wait_for_seen()

    def show_colleagues(self) -> None:
        super().show_colleagues()
        header = self.query_one(DialogHeader)
        header.lookers = self._lookers(self._opened)
        header.refresh()

    def _show_header(self) -> None:
        header = self.query_one(DialogHeader)
        row = self.row
        header.who = called(row.visitor_name, row.visitor) if row else None
        self.feed_view.name_visitor(header.who)
        header.is_history = self._is_history
        if row is not None:
            waited = self.now() - row.waiting_since if row.waiting_since else 0
            header.waits = span(waited) if row.waiting_since else ""
            header.is_hot = waited >= HOT_AFTER
            header.online = row.visitor in self.mirror.online
            header.tags = row.tags
            header.facts = self._facts(row)
            header.lookers = self._lookers(row.id)
        header.refresh()

    def _lookers(self, dialog: str) -> tuple[Looker, ...]:
        """Colleagues who have the dialog on their screens, whoever writes first."""
        here = set(self.mirror.lookers.get(dialog, ())) - {self.me.id}
        writing = set(self._writing or {}) - {self.me.id}
        names = ((one, self.names.get(one, "")) for one in sorted(here | writing))
        return tuple(
            sorted((Looker(name, one in writing) for one, name in names), key=lambda one: not one.writes)
        )

    def _facts(self, row: DialogSummary) -> tuple[str, ...]:
        facts: list[str] = [self._status(row)]
        if row.priority != "normal":
            facts.append(priority_words(row.priority))
        if row.holder == "bot":
            facts.append(_("with the bot"))
        elif row.assignee:
            operator = self.mirror.operators.get(row.assignee)
            facts.append(
                _("yours") if row.assignee == self.mirror.me else operator.name if operator else row.assignee
            )
        else:
            facts.append(_("nobody's yet"))
        if row.team:
            facts.append(_("team {name}").format(name=row.team))
        if row.channel != "chat":
            facts.append(channel_words(row.channel))
        if row.rating:
            facts.append(stars(row.rating))
        return tuple(facts)

    def _status(self, row: DialogSummary) -> str:
        if row.status == "snoozed" and row.snoozed_until:
            return _("snoozed until {when}").format(when=coming(row.snoozed_until, self.now(), self.zone))
        return {"open": _("open"), "snoozed": _("snoozed until the visitor writes"), "closed": _("closed")}[
            row.status
        ]

    # --- Seen ---

    @on(FeedView.BottomSeen)
    def _wait_for_seen(self) -> None:
        if self._seen_timer is None and self._is_unseen() and not self.read_only:
            self._seen_timer = self.set_timer(SEEN_AFTER, self._mark_seen)

    def _is_unseen(self) -> bool:
        """Whether the visitor wrote something, or a note called this operator, that he has not seen."""
        return self.row is not None and (self.row.unread > 0 or self.me.id in self.row.mentioned)

    def _mark_seen(self) -> None:
        """What was there when the dialog was opened, or came while the operator was in it, has been seen."""
        self._seen_timer = None
        row, feed = self.row, self._feed
        if row is None or feed is None or not self._in_front or not self.feed_view.follows:
            return
        if not self._is_unseen():
            return
        if feed.visitor or not self.is_current:
            return
        is_inside = self.composer.has_focus_within or self.feed_view.has_focus
        up_to = feed.last_visitor_seq() if row.unread else feed.last_message_seq()
        if up_to and (is_inside or up_to <= self._opened_seq):
            self.ask(self.desk.mark_seen, row.id, up_to, group="seen", quietly=True)

    @on(FeedView.LinkOpened)
    def _link(self, event: FeedView.LinkOpened) -> None:
        self.open_link(event.url)

    @on(FeedView.FileOpened)
    def _file(self, event: FeedView.FileOpened) -> None:
        if file := self.file_by_id(event.file):
            self.show_file(file)

    @on(FeedView.PictureWanted)
    def _picture(self, event: FeedView.PictureWanted) -> None:
        """A small picture for the feed, made beside everything else."""
        file = event.file

        async def make() -> None:
            from operator_console.inbox.picture_cells import NoPicture, thumbnail

            content = await self.desk.read_file(file)
            try:
                made = await asyncio.to_thread(thumbnail, content, palette_of(self.app.theme).paper)
            except NoPicture:
                return
            self.feed_view.took_picture(file.id, made)

        self.ask(make, group="pictures", quietly=True)
