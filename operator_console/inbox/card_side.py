"""The visitor card beside the open dialog: read, kept up to date, and changed.

A mixin of `InboxScreen`, below `Conversing`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from textual import on
from textual.timer import Timer

from operator_console.inbox.doings import Doings
from operator_console.inbox.visitor_card import CardBody, VisitorCardPane
from operator_console.person.around import Around, Beside, SegmentTitles
from operator_console.person.doings import VisitorDoings
from operator_console.preferences import Preferences
from operator_console.translation import _
from server_stub.protocol import DialogSummary, Entry, VisitorCard

CARD_AFTER = 0.5
"""Seconds after something happened to a visitor until his card is read again."""


class CardSide(VisitorDoings, Doings):
    """What the right pane shows and does."""

    preferences: Preferences
    _card: VisitorCard | None = None
    _card_timer: Timer | None = None

    def __init__(self) -> None:
        super().__init__()
        self.segments = SegmentTitles()
        self._told_of = ""
        """The visitor whose events the card has."""
        self._beside: list[Beside] = []
        """Screens of visitors that are open."""

    @property
    def card_pane(self) -> VisitorCardPane:
        """The visitor card."""
        return self.query_one(VisitorCardPane)

    def open_card(self, visitor: str) -> None:
        """Show a visitor's card, as soon as it comes; without one, nobody's."""
        if not visitor:
            self._show_card(None)
            return
        if self._card is None or self._card.id != visitor:
            self._show_card(None)
            self.card_pane.body.empty_text = _("Loading…")
        self.ask(self._load_card, visitor, group="card", exclusive=True, quietly=True)

    def take_history(self, visitors: set[str], entries: list[Entry]) -> None:
        """What happened to visitors: the card that is shown takes its part, and is read again soon."""
        open_now = self.app.screen_stack
        for screen in self._beside:
            # One that is being left is attached for a moment longer than its panes.
            if screen in open_now:
                screen.take(visitors, entries)
        row = self.row
        if row is None or row.visitor not in visitors:
            return
        self.card_pane.body.add_newer([entry for entry in entries if entry.visitor == row.visitor])
        if self._card_timer is None:
            self._card_timer = self.set_timer(CARD_AFTER, self._refresh_card)

    async def _load_card(self, visitor: str) -> None:
        card = await self.desk.visitor(visitor)
        self.took_card(card)
        if await self.segments.know(self.desk, card.segments):
            self.card_pane.body.rebuild()
        if self._told_of != visitor and self._card is not None and self._card.id == visitor:
            page = await self.desk.events(visitor)
            if self._card is not None and self._card.id == visitor:
                self._told_of = visitor
                self.card_pane.body.add_older(page.entries, page.more)

    def _refresh_card(self) -> None:
        self._card_timer = None
        row = self.row
        if row is not None:
            self.ask(self._load_card, row.visitor, group="card", quietly=True)

    def took_card(self, card: VisitorCard) -> None:
        touched = self.mirror.saw_card(card)
        self.rows_changed(touched)
        row = self.row
        if row is not None and card.id == row.visitor:
            self._show_card(card)

    @abstractmethod
    def rows_changed(self, dialogs: set[str]) -> None:
        """Rows look different now."""

    def _show_card(self, card: VisitorCard | None) -> None:
        if card is None or (self._card is not None and card.id != self._card.id):
            self._told_of = ""
        self._card = card
        self.card_pane.body.segments = self.segments
        self.card_pane.body.titles = self._title_of
        online = card is not None and card.id in self.mirror.online
        self.card_pane.show(card, online=online)

    @on(CardBody.OlderWanted)
    def _older_events(self) -> None:
        row, body = self.row, self.card_pane.body
        if row is None:
            return

        async def load() -> None:
            page = await self.desk.events(row.visitor, before=body.oldest_seq)
            if body.card is not None and body.card.id == row.visitor:
                body.add_older(page.entries, page.more)

        self.ask(load, group="events", exclusive=True, quietly=True)

    @on(VisitorCardPane.Edited)
    def _edited(self, event: VisitorCardPane.Edited) -> None:
        self.keep_field(event.visitor, event.field, event.value)

    @on(CardBody.LinkOpened)
    def _card_link(self, event: CardBody.LinkOpened) -> None:
        self.open_link(event.url)

    def visitor_email(self) -> str:
        """The address of the visitor whose card is open; empty where none is known."""
        return self._card.email if self._card else ""

    # --- Changing him ---

    @property
    def shown_card(self) -> VisitorCard | None:
        return self._card

    def tags_in_use(self) -> Sequence[tuple[str, int]]:
        return self.mirror.tags()

    # --- His screens ---

    def around(self) -> Around:
        """What the screens of visitors need of the inbox."""
        return Around(
            desk=self.desk,
            me=self.me,
            now=self.now,
            zone=self.zone,
            read_only=self.read_only,
            downloads=self.downloads,
            pictures=self.preferences.pictures,
            segments=self.segments,
            scenario_title=self._title_of,
            dialogs_of=self._dialogs_of,
            tags=self.mirror.tags,
            online=lambda: self.mirror.online,
            show_dialog=self._show_from_beside,
            trouble=self._trouble,
        )

    def _dialogs_of(self, visitor: str) -> list[DialogSummary]:
        rows = [self.mirror.rows[dialog] for dialog in self.mirror.dialogs_of(visitor)]
        return sorted(rows, key=lambda row: row.last_at, reverse=True)

    def open_beside(self, screen: Beside) -> None:
        """Open a screen that is told what the stream brings while it is there."""
        self._beside = [one for one in self._beside if one.is_attached] + [screen]
        self.app.push_screen(screen)

    def _show_from_beside(self, row: DialogSummary) -> None:
        while self.app.screen is not self:
            self.app.pop_screen()
        self.show_dialog(row)

    def show_dialog(self, row: DialogSummary) -> None:
        """Open a dialog, whether or not the list shows it now."""
        if row.id not in self.mirror.rows:
            self.mirror.add_found((row,))
            self.rows_changed({row.id})
        self.go_to(row.id)

    @abstractmethod
    def go_to(self, dialog: str) -> None:
        """Open a dialog of the mirror."""

    @abstractmethod
    def _title_of(self, scenario: str) -> str:
        """The title of a scenario; empty where it is not known."""

    @abstractmethod
    def _trouble(self) -> str:
        """What is wrong with the connection; empty when nothing is."""
