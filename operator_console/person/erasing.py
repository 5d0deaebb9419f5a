"""The question before a person is erased: what goes, and a word that nobody types by mistake."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from operator_console.inbox.sheets import CleanInput
from operator_console.translation import _, counted, marked
from operator_console.visitor_names import called
from server_stub.protocol import VisitorCard

WORD = marked("ERASE")


class EraseSheet(ModalScreen[bool]):
    """Gives True once the word was typed."""

    CSS_PATH: ClassVar = ["../inbox/dialogs.tcss", "person.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(False)", "Close", show=False)]

    def __init__(self, card: VisitorCard) -> None:
        super().__init__()
        self._card = card

    def compose(self) -> ComposeResult:
        name = called(self._card.name or self._card.email, self._card.id)
        with Vertical(classes="sheet -danger") as sheet:
            sheet.border_title = Content(_("Erase {name}").format(name=name)).markup
            sheet.border_subtitle = _("Esc back")
            yield Static(Content(_("This goes for good, for him and all who became him:")), classes="label")
            yield Static(Content("\n").join(Content(f"  · {line}") for line in what_goes(self._card)))
            words = _(
                "The journal keeps the numbers of his entries and nothing of what stood there. Backups that were made "
                "before still have him."
            )
            yield Static(Content(words), classes="label")
            yield CleanInput(placeholder=_("type {word} and press Enter").format(word=_(WORD)), max_length=20)
            yield Static("", markup=False, classes="problem")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.value.strip() == _(WORD):
            self.dismiss(True)
            return
        line = self.query_one(".problem", Static)
        line.update(_("Nothing is erased until {word} stands there, in capitals.").format(word=_(WORD)))
        line.display = True


def what_goes(card: VisitorCard) -> list[str]:
    """In words, as far as the card knows."""
    properties = len(card.properties)
    lines = [_("name, email, phone and the ids by which he is known")]
    if properties:
        lines.append(counted("{count} property", "{count} properties", properties))
    dialogs = counted("{count} dialog", "{count} dialogs", len(card.dialogs))
    lines.append(_("{dialogs} with all messages, notes and files").format(dialogs=dialogs))
    lines.append(
        _("what he did in {visits}, his cart and {orders}").format(
            visits=counted("{count} visit", "{count} visits", card.visits),
            orders=counted("{count} order", "{count} orders", card.orders),
        )
    )
    if card.notes:
        lines.append(counted("{count} note on him", "{count} notes on him", len(card.notes)))
    lines.append(_("his way through scenarios, and what waits to be sent"))
    return lines
