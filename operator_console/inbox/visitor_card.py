"""The right pane: who the visitor is, to be edited in place, and what he does as it happens."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Input, Static

from operator_console.actions import bindings
from operator_console.inbox.card_lines import CardPainter
from operator_console.inbox.cells import pad, wrap
from operator_console.safe_text import safe_line
from operator_console.themes import palette_of
from server_stub.protocol import Entry, EventHappened, PopupEnded, PopupShown, RunProgress, VisitorCard

FIELDS = ("name", "email", "phone")
LIMITS = {"name": 200, "email": 254, "phone": 40}
NEAR_END = 8
"""Lines from the end at which older events are asked for."""
MAX_EVENTS = 2_000

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


def problem_with(field: str, value: str) -> str:
    """What is wrong with a value for name, email or phone; empty where nothing is. An empty value removes."""
    if len(value) > LIMITS[field]:
        return f"At most {LIMITS[field]} characters."
    if field == "email" and value and not _EMAIL.fullmatch(value):
        return "An email looks like anna@shop.example."
    if field == "phone" and value:
        digits = re.sub(r"[\s()./+-]", "", value)
        if not (digits.isdigit() and 5 <= len(digits) <= 15):
            return "A phone number has 5 to 15 digits."
    return ""


class CardField(Input):
    """One property, edited in place: Enter keeps, Escape forgets."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("field")

    @dataclass
    class GivenUp(Message):
        """The old value again."""

        field: CardField

    def action_forget(self) -> None:
        self.post_message(self.GivenUp(self))

    def on_paste(self, event: events.Paste) -> None:
        event.text = safe_line(event.text, 500)


class CardBody(ScrollView, can_focus=True):
    """Card and events below the fields, by the line API."""

    DEFAULT_CSS = """
    CardBody { overflow-x: hidden; overflow-y: scroll; scrollbar-size: 1 1; height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings("card")

    @dataclass
    class OlderWanted(Message):
        """The reader comes near the end of the events, and there are older ones."""

    @dataclass
    class LinkOpened(Message):
        url: str

    def __init__(self, now: Callable[[], int], zone: tzinfo | None, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.card: VisitorCard | None = None
        self.online = False
        self.more = False
        self.site = ""
        """The shop's name, left out of its pages' titles."""
        self.why = "W why "
        """How one asks why a scenario spoke; empty where one cannot."""
        self.empty_text = "Who you talk to is shown here."
        self._now = now
        self._zone = zone
        self._entries: list[Entry] = []
        self._lines: list[Strip] = []

    def show(self, card: VisitorCard | None, online: bool) -> None:
        """Another card, or the same one anew."""
        if card is None or self.card is None or card.id != self.card.id:
            self._entries = []
            self.more = False
            self.scroll_to(y=0, animate=False, immediate=True)
        self.card = card
        self.online = online
        self.rebuild()

    def add_older(self, entries: tuple[Entry, ...], more: bool) -> None:
        """A page of events, newest first."""
        last = self._entries[-1].seq if self._entries else 0
        self._entries += [entry for entry in entries if (not last or entry.seq < last) and is_shown(entry)]
        self.more = more and len(self._entries) < MAX_EVENTS
        self.rebuild()

    def add_newer(self, entries: list[Entry]) -> None:
        """Events from the stream, oldest first. What is being read does not move."""
        first = self._entries[0].seq if self._entries else 0
        newer = [entry for entry in reversed(entries) if entry.seq > first and is_shown(entry)]
        if newer:
            self._entries = [*newer, *self._entries][:MAX_EVENTS]
            height = len(self._lines)
            self.rebuild()
            if self.scroll_offset.y > 0:
                self.scroll_to(y=self.scroll_offset.y + len(self._lines) - height, animate=False)

    @property
    def oldest_seq(self) -> int:
        """The seq before which older events are to be asked for; 0 without any."""
        return self._entries[-1].seq if self._entries else 0

    def rebuild(self) -> None:
        """Make the lines anew: data, width, colours or the time have changed."""
        self._lines = []
        # Without the column of the scroll bar, which `size` counts: nothing is to stand under it.
        width = self.scrollable_content_region.width
        if self.card is not None and width > 0:
            palette = palette_of(self.app.theme)
            painter = CardPainter(palette, width, self._now(), self._zone, self.site, self.why)
            self._lines = painter.paint(self.card, self._entries, online=self.online, more=self.more)
        size = Size(self.size.width, len(self._lines))
        if size != self.virtual_size:
            self.set_reactive(ScrollView.virtual_size, size)
            self.vertical_scrollbar.window_virtual_size = size.height
            self.scroll_y = self.validate_scroll_y(self.scroll_y)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        number = y + self.scroll_offset.y
        if number < len(self._lines):
            return self._lines[number]
        style = palette_of(self.app.theme).style("soft", "ground")
        hint = wrap(self.empty_text, max(self.size.width - 2, 8)) if self.card is None else []
        text = f" {hint[y - 1]}" if 0 < y <= len(hint) else ""
        return Strip([Segment(pad(text, self.size.width), style)], self.size.width)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        if self.is_mounted:
            self.rebuild()

    def on_resize(self) -> None:
        self.rebuild()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if self.more and new_value > old_value and new_value > self.max_scroll_y - NEAR_END:
            self.post_message(self.OlderWanted())

    def on_click(self, event: events.Click) -> None:
        if url := event.style.meta.get("open_link"):
            self.post_message(self.LinkOpened(url))


def is_shown(entry: Entry) -> bool:
    """Whether the list of events shows it: steps of runs would drown what he did."""
    body = entry.what
    return isinstance(body, EventHappened | PopupShown | PopupEnded) or (
        isinstance(body, RunProgress) and body.phase != "step"
    )


class VisitorCardPane(Vertical):
    """Fields above, everything else below."""

    @dataclass
    class Edited(Message):
        """A property has a new, valid value; None removes it."""

        visitor: str
        field: str
        value: str | None

    def __init__(self, now: Callable[[], int], zone: tzinfo | None, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._now = now
        self._zone = zone
        self._kept: dict[str, str] = dict.fromkeys(FIELDS, "")
        self._visitor = ""

    def compose(self) -> ComposeResult:
        with Vertical(id="card-fields"):
            for field in FIELDS:
                with Horizontal(classes="card-row"):
                    yield Static(field, classes="card-label", markup=False)
                    yield CardField(id=f"card-{field}", compact=True, placeholder="—", max_length=500)
            yield Static("", id="card-problem", markup=False)
        yield CardBody(self._now, self._zone, id="card-body")

    @property
    def body(self) -> CardBody:
        """The lines below the fields."""
        return self.query_one(CardBody)

    def show(self, card: VisitorCard | None, *, online: bool = False) -> None:
        """Show a card. A field that is being edited keeps what is typed."""
        is_other = card is None or card.id != self._visitor
        self._visitor = card.id if card else ""
        for field in FIELDS:
            value = safe_line(getattr(card, field), 500) if card else ""
            self._kept[field] = value
            widget = self.query_one(f"#card-{field}", CardField)
            if is_other or not widget.has_focus:
                widget.value = value
            widget.disabled = card is None
        self.body.show(card, online)

    def edit(self) -> None:
        """Begin with the first field that is empty, else with the name."""
        empty = next((field for field in FIELDS if not self._kept[field]), "name")
        self.screen.set_focus(self.query_one(f"#card-{empty}", CardField))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._keep(event.input)

    def on_input_blurred(self, event: Input.Blurred) -> None:
        event.stop()
        field = (event.input.id or "").removeprefix("card-")
        if event.input.value.strip() != self._kept.get(field, ""):
            event.input.value = self._kept[field]
        self._say("")

    def on_card_field_given_up(self, event: CardField.GivenUp) -> None:
        event.stop()
        event.field.value = self._kept[(event.field.id or "").removeprefix("card-")]
        self._say("")
        self.body.focus()

    def _keep(self, widget: Input) -> None:
        field = (widget.id or "").removeprefix("card-")
        value = widget.value.strip()
        if problem := problem_with(field, value):
            self._say(problem)
            return
        self._say("")
        if value != self._kept[field]:
            self._kept[field] = value
            self.post_message(self.Edited(self._visitor, field, value or None))
        self.body.focus()

    def _say(self, problem: str) -> None:
        line = self.query_one("#card-problem", Static)
        line.update(problem)
        line.display = bool(problem)
