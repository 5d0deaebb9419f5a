"""The right pane: who the visitor is, to be edited in place, and what he does as it happens."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
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
from operator_console.inbox.card_lines import CardPainter, Part
from operator_console.inbox.cells import pad, wrap
from operator_console.inbox.event_words import untitled
from operator_console.inbox.line_parts import LABEL_CELLS
from operator_console.inbox.pictures import Thumbnail
from operator_console.inbox.whole_lines import WholeLines
from operator_console.safe_text import safe_line
from operator_console.themes import palette_of
from operator_console.translation import _, marked
from server_stub.protocol import (
    DialogSummary,
    Entry,
    EventHappened,
    PopupEnded,
    PopupShown,
    RunProgress,
    VisitorCard,
)

FIELDS = (marked("name"), marked("email"), marked("phone"))
LIMITS = {"name": 200, "email": 254, "phone": 40}
NEAR_END = 8
"""Lines from the end at which older events are asked for."""
MAX_EVENTS = 2_000
FULL_LABEL_CELLS = 15
ROOMY = 46
"""Cells from which labels of the full card are as wide as that."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


def problem_with(field: str, value: str) -> str:
    """What is wrong with a value for name, email or phone; empty where nothing is. An empty value removes."""
    if len(value) > LIMITS[field]:
        return _("At most {count} characters.").format(count=LIMITS[field])
    if field == "email" and value and not _EMAIL.fullmatch(value):
        return _("An email looks like anna@shop.example.")
    if field == "phone" and value:
        digits = re.sub(r"[\s()./+-]", "", value)
        if not (digits.isdigit() and 5 <= len(digits) <= 15):
            return _("A phone number has 5 to 15 digits.")
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


class CardBody(WholeLines, ScrollView, can_focus=True):
    """Card and events below the fields, by the line API."""

    DEFAULT_CSS = """
    CardBody { overflow-x: hidden; overflow-y: scroll; scrollbar-size: 1 1; height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("card"), *bindings("aside")]

    @dataclass
    class FullWanted(Message):
        """Everything about him, please."""

    @dataclass
    class OlderWanted(Message):
        """The reader comes near the end of the events, and there are older ones."""

    @dataclass
    class LinkOpened(Message):
        url: str

    def __init__(
        self,
        now: Callable[[], int],
        zone: tzinfo | None,
        *,
        id: str,  # noqa: A002
        part: Part = "all",
        is_full: bool = False,
    ) -> None:
        super().__init__(id=id)
        self.card: VisitorCard | None = None
        self.segments: Mapping[str, str] = {}
        """Titles of segments by slug."""
        self.titles: Callable[[str], str] = untitled
        """What a scenario is called."""
        self.dialogs: Sequence[DialogSummary] = ()
        self.picture: Callable[[str], Thumbnail | None] | None = None
        """Gives the picture at an address; None: pictures are not shown."""
        self.online = False
        self.more = False
        self.site = ""
        """The shop's name, left out of its pages' titles."""
        self.why = _("W why")
        """How one asks why a scenario spoke; empty where one cannot."""
        self.empty_text = _("Who you talk to is shown here.")
        self._part: Part = part
        self._is_full = is_full
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
    def entries(self) -> Sequence[Entry]:
        """What he did, as far back as is loaded, newest first."""
        return self._entries

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
            painter = self.painter(width)
            self._lines = painter.paint(
                self.card, self._entries, online=self.online, more=self.more, part=self._part
            )
        size = Size(self.size.width, len(self._lines))
        if size != self.virtual_size:
            self.set_reactive(ScrollView.virtual_size, size)
            self.vertical_scrollbar.window_virtual_size = size.height
            self.scroll_y = self.validate_scroll_y(self.scroll_y)
        self.refresh()

    def painter(self, width: int) -> CardPainter:
        """What paints the card now, at a width."""
        return CardPainter(
            palette_of(self.app.theme),
            width,
            self._now(),
            self._zone,
            self.site,
            self.why,
            self.segments,
            self.dialogs,
            self.picture,
            self._is_full,
            self.titles,
            label_cells=FULL_LABEL_CELLS if self.size.width >= ROOMY and self._is_full else LABEL_CELLS,
        )

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

    def action_full(self) -> None:
        self.post_message(self.FullWanted())

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

    def __init__(
        self,
        now: Callable[[], int],
        zone: tzinfo | None,
        *,
        id: str,  # noqa: A002
        part: Part = "all",
        is_full: bool = False,
    ) -> None:
        super().__init__(id=id)
        self._body = CardBody(now, zone, id="card-body", part=part, is_full=is_full)
        self._is_full = is_full
        self._kept: dict[str, str] = dict.fromkeys(FIELDS, "")
        self._visitor = ""

    def compose(self) -> ComposeResult:
        with Vertical(id="card-fields"):
            for field in FIELDS:
                with Horizontal(classes="card-row"):
                    yield Static(_(field), classes="card-label", markup=False)
                    yield CardField(id=f"card-{field}", compact=True, placeholder="—", max_length=500)
                yield Static("", id=f"problem-{field}", classes="card-problem", markup=False)
        yield self._body

    def on_resize(self) -> None:
        self.set_class(self._is_full and self.size.width >= ROOMY, "-roomy")

    @property
    def body(self) -> CardBody:
        """The lines below the fields."""
        return self._body

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
        self._say(field, "")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Once something was wrong, the field says at each key whether it still is."""
        event.stop()
        field = (event.input.id or "").removeprefix("card-")
        if self.query_one(f"#problem-{field}").display:
            self._say(field, problem_with(field, event.value.strip()))

    def on_card_field_given_up(self, event: CardField.GivenUp) -> None:
        event.stop()
        field = (event.field.id or "").removeprefix("card-")
        event.field.value = self._kept[field]
        self._say(field, "")
        self.body.focus()

    def _keep(self, widget: Input) -> None:
        field = (widget.id or "").removeprefix("card-")
        value = widget.value.strip()
        if problem := problem_with(field, value):
            self._say(field, problem)
            return
        self._say(field, "")
        if value != self._kept[field]:
            self._kept[field] = value
            self.post_message(self.Edited(self._visitor, field, value or None))
        self.body.focus()

    def _say(self, field: str, problem: str) -> None:
        """Tell below a field what is wrong with it."""
        line = self.query_one(f"#problem-{field}", Static)
        line.update(problem)
        line.display = bool(problem)
