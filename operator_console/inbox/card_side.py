"""The visitor card beside the open dialog: read, kept up to date, and changed.

A mixin of `InboxScreen`, below `Conversing`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

from textual import on
from textual.timer import Timer

from operator_console.inbox.doings import Doings
from operator_console.inbox.sheets import Prompt
from operator_console.inbox.visitor_card import CardBody, VisitorCardPane
from server_stub.protocol import ChangeVisitor, Entry, VisitorCard

CARD_AFTER = 0.5
"""Seconds after something happened to a visitor until his card is read again."""


class CardSide(Doings):
    """What the right pane shows and does."""

    now: Callable[[], int]
    _card: VisitorCard | None = None
    _card_timer: Timer | None = None

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
            self.card_pane.body.empty_text = "Loading…"
        self.ask(self._load_card, visitor, group="card", exclusive=True, quietly=True)

    def take_history(self, visitors: set[str], entries: list[Entry]) -> None:
        """What happened to visitors: the card that is shown takes its part, and is read again soon."""
        row = self.row
        if row is None or row.visitor not in visitors:
            return
        self.card_pane.body.add_newer([entry for entry in entries if entry.visitor == row.visitor])
        if self._card_timer is None:
            self._card_timer = self.set_timer(CARD_AFTER, self._refresh_card)

    async def _load_card(self, visitor: str) -> None:
        card = await self.desk.visitor(visitor)
        self.took_card(card)
        if self.card_pane.body.oldest_seq == 0:
            page = await self.desk.events(visitor)
            if self._card is not None and self._card.id == visitor:
                self.card_pane.body.add_older(page.entries, page.more)

    def _refresh_card(self) -> None:
        self._card_timer = None
        row = self.row
        if row is not None:
            self.ask(self._read_card, row.visitor, group="card", quietly=True)

    async def _read_card(self, visitor: str) -> None:
        self.took_card(await self.desk.visitor(visitor))

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
        self._card = card
        online = card is not None and card.id in self.mirror.online
        self.card_pane.show(card, online=online)

    def visitor_tags(self) -> tuple[str, ...]:
        return self._card.tags if self._card else ()

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
        what = "removed" if event.value is None else "kept"
        self.change_visitor(
            event.visitor, ChangeVisitor(properties={event.field: event.value}), f"{event.field} {what}."
        )

    @on(CardBody.LinkOpened)
    def _card_link(self, event: CardBody.LinkOpened) -> None:
        self.open_link(event.url)

    # --- Changing him ---

    def change_visitor(self, visitor: str, change: ChangeVisitor, done: str) -> None:
        """Change properties or tags of a visitor."""
        if not self.may_change():
            return

        async def doing() -> None:
            card = await self.desk.change_visitor(visitor, change)
            self.took_card(card)
            self.tell(done)

        self.ask(doing)

    def action_property(self) -> None:
        row = self.row
        if row is None or not self.may_change():
            return

        def check(values: tuple[str, ...]) -> str:
            return "" if values[0] else "A property has a name."

        def keep(values: tuple[str, ...] | None) -> None:
            if values is not None:
                name, value = values
                self.change_visitor(
                    row.visitor, ChangeVisitor(properties={name: value or None}), f"{name} is kept."
                )

        labels = ("Name of the property", "Value (empty removes it)")
        self.app.push_screen(Prompt("Set a property of the visitor", labels, check=check), keep)

    def action_visitor_tags(self) -> None:
        row = self.row
        if row is None or not self.may_change():
            return
        has = self.visitor_tags()

        def toggle(tag: str | None) -> None:
            if tag:
                change = ChangeVisitor(remove_tags=(tag,)) if tag in has else ChangeVisitor(add_tags=(tag,))
                self.change_visitor(
                    row.visitor, change, f"Tag {tag} is {'removed' if tag in has else 'added'}."
                )

        self._pick_tag("Tags of the visitor", has, toggle)
