"""The fields of the widget's look, with what is wrong below each."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from operator_console.designer.widget_look.colour_fields import ColourRow, Swatch
from operator_console.designer.widget_look.colours import READABLE, contrast, ink_on, is_colour
from operator_console.inbox.sheets import CleanInput
from operator_console.replies.cycle import Cycle
from operator_console.safe_text import safe_line
from operator_console.translation import _, said
from server_stub.protocol import WidgetLook

FIELDS = ("title", "colour", "theme", "side", "greeting")
USUAL = WidgetLook().colour


class LookForm(VerticalScroll, can_focus=False):
    """`shop` is what the shop is called: the title where none is set."""

    @dataclass
    class Changed(Message):
        """Something is typed or chosen."""

    def __init__(self, look: WidgetLook, shop: str, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._look = look
        self._shop = shop
        self._seen_colour = look.colour if is_colour(look.colour) else USUAL

    def compose(self) -> ComposeResult:
        look = self._look
        shop = safe_line(self._shop, 100)
        yield from self._row("title", _("Title"), CleanInput(look.title, id="look-title", placeholder=shop))
        with Horizontal(classes="look-row"):
            yield Static(_("Colour"), classes="look-label", markup=False)
            yield CleanInput(look.colour, id="look-colour", placeholder="#rrggbb", select_on_focus=False)
            yield Swatch(self._seen_colour, id="look-swatch")
        with Horizontal(classes="look-row"):
            yield Static("", classes="look-label")
            yield ColourRow(look.colour, id="look-presets")
        yield Static("", id="look-contrast", markup=False)
        yield Static("", id="said-colour", classes="look-said", markup=False)
        themes = (
            ("auto", _("as the device")),
            ("light", said("a look", "light")),
            ("dark", said("a look", "dark")),
        )
        yield from self._row("theme", _("Theme"), Cycle(themes, look.theme, id="look-theme"))
        sides = (("right", _("bottom right")), ("left", _("bottom left")))
        yield from self._row("side", _("Place"), Cycle(sides, look.side, id="look-side"))
        nothing = said("a greeting", "none")
        greeting = CleanInput(look.greeting, id="look-greeting", placeholder=nothing)
        yield from self._row("greeting", _("Greeting"), greeting)

    def _row(self, name: str, label: str, field: Widget) -> ComposeResult:
        with Horizontal(classes="look-row"):
            yield Static(label, classes="look-label", markup=False)
            yield field
        yield Static("", id=f"said-{name}", classes="look-said", markup=False)

    def on_mount(self) -> None:
        self._follow_colour()

    # --- What stands in it ---

    def typed(self) -> WidgetLook:
        """What stands in the fields now, right or not."""
        return WidgetLook(
            title=self._text("title"),
            colour=self._text("colour"),
            theme=self.query_one("#look-theme", Cycle).value,
            side=self.query_one("#look-side", Cycle).value,
            greeting=self._text("greeting"),
        )

    @property
    def seen_colour(self) -> str:
        """The last colour that was one."""
        return self._seen_colour

    def _text(self, name: str) -> str:
        return self.query_one(f"#look-{name}", Input).value.strip()

    # --- What is wrong ---

    def refuse(self, name: str, words: str) -> bool:
        """Say below a field what is wrong with it (raw), and go there; False where it has no such field."""
        if name not in FIELDS:
            return False
        self._say(name, words)
        self.query_one(f"#look-{name}").focus()
        return True

    def forget_refusals(self) -> None:
        """Nothing is known to be wrong."""
        for name in FIELDS:
            self._say(name, "")

    def _say(self, name: str, words: str) -> None:
        line = self.query_one(f"#said-{name}", Static)
        line.update(safe_line(words, 400))
        line.display = bool(words)

    # --- While it is filled in ---

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        name = (event.input.id or "").removeprefix("look-")
        self._say(name, "")
        if name == "colour":
            self._follow_colour()
        self.post_message(self.Changed())

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.screen.focus_next()

    @on(Cycle.Changed)
    def _stepped(self, event: Cycle.Changed) -> None:
        event.stop()
        self.post_message(self.Changed())

    @on(ColourRow.Chosen)
    def _chosen(self, event: ColourRow.Chosen) -> None:
        event.stop()
        self.query_one("#look-colour", Input).value = event.colour

    def _follow_colour(self) -> None:
        colour = self._text("colour")
        if is_colour(colour):
            self._seen_colour = colour.lower()
            self.query_one(Swatch).show(self._seen_colour)
        self.query_one(ColourRow).mark(self._seen_colour)
        self._tell_contrast()

    def _tell_contrast(self) -> None:
        ratio = contrast(self._seen_colour, ink_on(self._seen_colour))
        weak = ratio < READABLE
        words = _("letters on it {ratio} : 1, hard to read") if weak else _("letters on it {ratio} : 1")
        line = self.query_one("#look-contrast", Static)
        line.update(words.format(ratio=f"{int(ratio * 10) / 10:.1f}"))
        line.set_class(weak, "-weak")
