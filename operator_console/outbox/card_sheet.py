"""The card of a visitor without a dialog, as a sheet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from operator_console.errors import DeskError
from operator_console.inbox.asking import Asking
from operator_console.inbox.desk import Desk
from operator_console.inbox.visitor_card import CardBody
from operator_console.safe_text import safe_line
from operator_console.translation import _
from operator_console.visitor_names import called


class CardSheet(Asking, ModalScreen[None]):
    """Who he is and what he does, to be read."""

    CSS_PATH = "../inbox/dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,d", "dismiss(None)", "Close", show=False)]

    def __init__(self, desk: Desk, visitor: str, now: Callable[[], int], zone: tzinfo | None) -> None:
        super().__init__()
        self._desk = desk
        self._visitor = visitor
        self._now = now
        self._zone = zone

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet -tall") as sheet:
            sheet.border_title = Content(str(called("", self._visitor))).markup
            sheet.border_subtitle = _("no dialog yet · Esc back · ↑↓ scroll")
            yield CardBody(self._now, self._zone, id="sheet-card")

    def on_mount(self) -> None:
        body = self.query_one(CardBody)
        body.empty_text, body.why = _("Loading…"), ""
        body.focus()
        self.ask(self._load, group="card sheet", exclusive=True, quietly=True)

    async def _load(self) -> None:
        body = self.query_one(CardBody)
        try:
            card = await self._desk.visitor(self._visitor)
            body.show(card, card.online)
            page = await self._desk.events(self._visitor)
        except DeskError as error:
            body.empty_text = safe_line(error.message, 300)
            body.refresh()
            raise
        body.add_older(page.entries, page.more)
        name = card.name or card.email
        self.query_one(".sheet", Vertical).border_title = Content(str(called(name, card.id))).markup

    @on(CardBody.OlderWanted)
    def _older(self) -> None:
        self.ask(self._load_older, group="card sheet", exclusive=True, quietly=True)

    async def _load_older(self) -> None:
        body = self.query_one(CardBody)
        page = await self._desk.events(self._visitor, before=body.oldest_seq)
        body.add_older(page.entries, page.more)
