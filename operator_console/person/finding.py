"""Choose a visitor by a part of his name, email, phone or the shop's id."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from operator_console.inbox.asking import Asking
from operator_console.inbox.sheets import CleanInput
from operator_console.inbox.times import ago
from operator_console.person.around import Around
from operator_console.safe_text import safe_line
from operator_console.translation import _, counted
from operator_console.visitor_names import called
from server_stub.protocol import VisitorBrief

TYPED_AFTER = 0.08
"""Seconds after the last key until it is asked for."""
FOUND = 30


class VisitorFinder(Asking, ModalScreen[None]):
    """`chosen` gets the id of the one who was chosen. `without` is not offered."""

    CSS_PATH: ClassVar = ["../inbox/dialogs.tcss", "person.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Close", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("up", "move(-1)", "Up", show=False),
    ]

    def __init__(self, around: Around, *, without: str, chosen: Callable[[str], None]) -> None:
        super().__init__()
        self._around = around
        self._without = without
        self._chosen = chosen
        self._found: list[VisitorBrief] = []
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet -wide") as sheet:
            sheet.border_title = Content(_("Who becomes part of him?")).markup
            sheet.border_subtitle = _("⏎ choose · Esc back")
            yield CleanInput(placeholder=_("name, email, phone or the shop's id"))
            yield OptionList(markup=False)

    def on_mount(self) -> None:
        self._search()

    def on_input_changed(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(TYPED_AFTER, self._search)

    def _search(self) -> None:
        self.ask(self._load, self.query_one(Input).value.strip(), group="finder", exclusive=True)

    async def _load(self, typed: str) -> None:
        page = await self._around.desk.visitors(query=typed, limit=FOUND)
        self._found = [one for one in page.visitors if one.id != self._without]
        choices = self.query_one(OptionList)
        choices.clear_options()
        choices.add_options([Option(self._shown(one)) for one in self._found])
        if not self._found:
            choices.add_option(Option(Content(_("Nobody has these words.")), disabled=True))
        choices.highlighted = 0 if self._found else None

    def _shown(self, one: VisitorBrief) -> Content:
        who = called(one.name or one.email, one.id)
        facts = [fact for fact in (one.email if one.name else "", one.phone) if fact]
        facts.append(counted("{count} visit", "{count} visits", one.visits))
        if one.orders:
            facts.append(counted("{count} order", "{count} orders", one.orders))
        facts.append(ago(one.last_at, self._around.now(), self._around.zone))
        return Content.assemble(
            str(who), ("  " + " · ".join(safe_line(fact, 80) for fact in facts), "$desk-faint")
        )

    def action_move(self, by: int) -> None:
        if self._found:
            choices = self.query_one(OptionList)
            choices.highlighted = ((choices.highlighted or 0) + by) % len(self._found)

    def on_input_submitted(self) -> None:
        at = self.query_one(OptionList).highlighted
        if at is not None and at < len(self._found):
            self._choose(at)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self._choose(event.option_index)

    def _choose(self, at: int) -> None:
        self.dismiss(None)
        self._chosen(self._found[at].id)
