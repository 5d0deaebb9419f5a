"""The visitors behind a number, over the figures; from each why the scenario spoke to him, and his full card."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget

from operator_console.actions import Place, bindings
from operator_console.designer.figures.behind_list import BehindList
from operator_console.designer.figures.behind_rows import BehindRows
from operator_console.designer.figures.periods import Period
from operator_console.designer.figures.reasons import reason_words
from operator_console.designer.figures.story import Behind
from operator_console.designer.figures.words import FIGURES
from operator_console.errors import DeskError
from operator_console.inbox.asking import Asking
from operator_console.inbox.bars import HintBar
from operator_console.safe_text import safe_line
from operator_console.translation import _, figure
from operator_console.why.screen import WhyScreen
from server_stub.protocol import FigureVisitor

if TYPE_CHECKING:
    from operator_console.inbox.desk import Desk

PAGE = 100


class BehindScreen(Asking, ModalScreen[None]):
    """`version` is empty for all of them; `now` is in ms; `show_person` opens the full card of a visitor."""

    PLACE: ClassVar[Place] = "behind"
    CSS_PATH = "behind.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("behind")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012  Textual's own type

    def __init__(
        self,
        desk: Desk,
        slug: str,
        title: str,
        behind: Behind,
        *,
        period: Period,
        version: str,
        now: Callable[[], int],
        zone: tzinfo | None,
        show_person: Callable[[str, str], None],
    ) -> None:
        super().__init__()
        self.desk = desk
        self.rows = BehindRows(slug, behind, since=period.since(now()), version=version)
        self._slug = slug
        self._called = title
        self._behind = behind
        self._period = period
        self._now = now
        self._zone = zone
        self._show_person = show_person
        self._is_loading = False

    def compose(self) -> ComposeResult:
        with Vertical(id="behind-sheet"):
            yield BehindList(self.rows, self._now, self._zone, id="behind-list")
            yield HintBar(id="hints")

    def on_mount(self) -> None:
        hints = self.query_one(HintBar)
        hints.screen_place, hints.place = "behind", "list"
        sheet = self.query_one("#behind-sheet", Vertical)
        sheet.border_title = Content(self._words()).markup
        self.listing.focus()
        self._read()

    @property
    def listing(self) -> BehindList:
        """The visitors."""
        return self.query_one(BehindList)

    def _words(self) -> str:
        behind = self._behind
        parts = [f"{_(FIGURES[behind.figure])} {figure(behind.count)}"]
        if behind.branch:
            parts.append(reason_words(behind.branch))
        return safe_line(" · ".join([*parts, self._period.words]), 120)

    # --- Loading ---

    @on(BehindList.MoreWanted)
    def _read(self) -> None:
        if not self._is_loading and self.rows.has_more:
            self._is_loading = True
            self.ask(self._read_page, group="behind", quietly=True)

    async def _read_page(self) -> None:
        listing = self.listing
        try:
            known = len(self.rows.order)
            while self.rows.has_more and len(self.rows.order) < known + PAGE:
                await self.rows.read(self.desk, PAGE)
        except DeskError as error:
            listing.empty_text = safe_line(f"{error.message} {_('Ctrl+R asks again.')}", 300)
            listing.refresh()
            raise
        finally:
            self._is_loading = False
        listing.empty_text = _("Nobody stands behind this number any more: whoever was erased is in no list.")
        listing.thaw()

    def action_reload(self) -> None:
        self._read()

    # --- One of them ---

    @property
    def _row(self) -> FigureVisitor | None:
        return self.rows.rows.get(self.listing.cursor)

    @on(BehindList.Opened)
    def action_why(self) -> None:
        row = self._row
        if row is None:
            self.tell(_("There is nobody under the cursor."))
            return
        self.app.push_screen(
            WhyScreen(
                self.desk,
                row.visitor,
                now=self._now,
                zone=self._zone,
                titles=lambda slug: self._called if slug == self._slug else "",
                scenario=self._slug,
                name=row.called,
            )
        )

    def action_card(self) -> None:
        row = self._row
        if row is None:
            self.tell(_("There is nobody under the cursor."))
        else:
            self._show_person(row.visitor, row.called)

    def action_back(self) -> None:
        self.dismiss(None)

    def doer_of(self, action: str) -> Widget:
        return self if hasattr(self, f"action_{action}") else self.listing
