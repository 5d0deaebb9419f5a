"""The part of a form that offers what fits below the field in which one types."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, TextArea

from operator_console.designer.forms.condition_offers import condition_offers
from operator_console.designer.forms.field_text import around_cursor, put_before_cursor
from operator_console.designer.forms.fields import Field
from operator_console.designer.forms.liquid_offers import liquid_offers
from operator_console.designer.forms.offer_list import OfferList
from operator_console.designer.forms.offers import NOTHING, Offered, offered
from operator_console.designer.forms.pairs import PairName, PairValue
from operator_console.designer.forms.sources import Sources

OFFER_KEYS = ("offer", "take_offer", "close_offers")


class Offering(ModalScreen[bool]):
    """A screen with fields and an `OfferList`."""

    KEYS: ClassVar[list[BindingType]] = [
        Binding("down", "offer(1)", "Next", show=False, priority=True),
        Binding("up", "offer(-1)", "Before", show=False, priority=True),
        Binding("tab,enter", "take_offer", "Take", show=False, priority=True),
        Binding("escape", "close_offers", "Close", show=False, priority=True),
        Binding(
            "tab", "app.focus_next", "Next field", show=False
        ),  # a key bound here hides that of all screens
        Binding("down,ctrl+@,ctrl+space", "open_offers", "Offer", show=False),
    ]
    """While nothing is offered these keys are those of the field."""

    sources: Sources

    def __init__(self) -> None:
        super().__init__()
        self._given_up: Widget | None = None
        """The field in which the list was closed by hand."""
        self._taken = ""
        """The text of a field right after something was put into it: that is no typing."""

    @abstractmethod
    def field_of(self, widget: Widget | None) -> tuple[Field, str] | None:
        """The field and language of a widget, None where it belongs to none."""

    @abstractmethod
    def look(self) -> bool:
        """Tell what is wrong with what stands in the fields."""

    @property
    def offers(self) -> OfferList:
        """What fits to what is being typed."""
        return self.query_one(OfferList)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in OFFER_KEYS:
            return self.is_mounted and self.offers.is_open
        return super().check_action(action, parameters)

    # --- When something is offered ---

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _offer_while_typing(self, event: Input.Changed | TextArea.Changed) -> None:
        widget = event.control
        if widget is not self.focused or widget is self._given_up:
            return
        before, after = around_cursor(widget)
        if before + after != self._taken:
            self._offer(widget, asked=False)

    @on(events.DescendantFocus)
    def _elsewhere(self) -> None:
        self.offers.hide()
        self._given_up, self._taken = None, ""

    def action_open_offers(self) -> None:
        """Offer all that may stand here; where nothing is known, go on to the next field."""
        widget = self.focused
        if isinstance(widget, Input | TextArea):
            self._given_up = None
            self._offer(widget, asked=True)
        if not self.offers.is_open:
            self.focus_next()

    def _offer(self, widget: Input | TextArea, *, asked: bool) -> None:
        found = self.field_of(widget)
        fits = self._fits(widget, found[0], asked=asked) if found is not None else NOTHING
        self.offers.show(fits, *self._line_of(widget, fits.length))

    @staticmethod
    def _line_of(widget: Input | TextArea, length: int) -> tuple[Region, int]:
        """The line of the screen in which one types, and the column where the word begins."""
        cursor = widget.cursor_screen_offset
        return Region(widget.region.x, cursor.y, widget.region.width, 1), cursor.x - length

    def place_offers(self) -> None:
        """Follow the field, which has moved where a line more or less is told."""
        widget = self.focused
        for offers in self.query(OfferList):  # there is none any more where the form was left meanwhile
            if offers.is_open and isinstance(widget, Input | TextArea):
                offers.place(*self._line_of(widget, offers.length))

    def _fits(self, widget: Input | TextArea, field: Field, *, asked: bool) -> Offered:
        before, after = around_cursor(widget)
        known = self.sources.known
        if field.kind in ("text", "texts") or isinstance(widget, PairValue):
            return liquid_offers(before, after, known, asked=asked)
        if field.kind in ("condition", "conditions"):
            return condition_offers(before, known, asked=asked)
        if isinstance(widget, PairName) and field.name == "set":
            field = Field("", "set", "writable_path", "")
        return offered(field, before, known, asked=asked)

    # --- While it is ---

    def action_offer(self, by: int) -> None:
        """Down (1) or up (-1) in the list."""
        self.offers.move(by)

    def action_close_offers(self) -> None:
        """Offer nothing more in this field, until it is asked for."""
        self._given_up = self.focused
        self.offers.hide()
        self.look()

    @on(OfferList.Taken)
    def action_take_offer(self) -> None:
        """Put what stands under the list's cursor into the field."""
        widget, offer, length = self.focused, self.offers.current, self.offers.length
        self.offers.hide()
        self.look()
        if offer is None or not isinstance(widget, Input | TextArea):
            return
        put_before_cursor(widget, length, offer.value)
        self._taken = "".join(around_cursor(widget))
        if offer.stay:
            self._offer(widget, asked=True)
