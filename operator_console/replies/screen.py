"""The screen of saved replies and macros: find, read, write, change and remove them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.strip import Strip
from textual.widgets import Input

from operator_console.actions import Place, bindings
from operator_console.inbox.asking import Asking
from operator_console.inbox.bars import Bar, HintBar
from operator_console.inbox.lines_view import LinesView
from operator_console.inbox.sheets import Choice, CleanInput, Picker
from operator_console.replies.filling import Filled
from operator_console.replies.header import RepliesHeader
from operator_console.replies.lines import PresetPainter
from operator_console.replies.list_view import RepliesFilter, RepliesList, Shown
from operator_console.replies.sheet import Form, form_of
from operator_console.safe_text import safe_line
from operator_console.themes import Palette
from operator_console.translation import _, counted, marked
from server_stub.protocol import Operator, Preset

if TYPE_CHECKING:
    from operator_console.inbox.desk import Desk

EMPTY = marked(
    "No saved reply and no macro yet. n writes a reply, m a macro: an answer that also tags, gives away or closes the "
    "dialog. While writing to a visitor, / finds them, and Ctrl+S keeps what is written there."
)


class RepliesSearch(CleanInput):
    """Where a search is typed."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("search")

    def action_give_up(self) -> None:
        self.screen.action_back()  # type: ignore[attr-defined]


class RepliesScreen(Asking):
    """`presets` and `operators` are asked anew; `fill` fills in a text; `write` opens the form of a new one, or
    of the one with that id; `use` takes the one with that id into the open dialog.
    """

    PLACE: ClassVar[Place] = "replies"
    CSS_PATH = "replies.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("replies")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012  Textual's own type

    def __init__(
        self,
        desk: Desk,
        *,
        presets: Callable[[], Mapping[str, Preset]],
        operators: Callable[[], Mapping[str, Operator]],
        now: Callable[[], int],
        fill: Callable[[str], Filled],
        write: Callable[[Form, str], None],
        use: Callable[[str], None],
        removed: Callable[[str], None],
        read_only: bool = False,
    ) -> None:
        super().__init__()
        self.desk = desk
        self.now = now
        self.read_only = read_only
        self._presets = presets
        self._operators = operators
        self._fill_text = fill
        self._write = write
        self._use = use
        self._removed = removed
        self._filter = RepliesFilter()

    def compose(self) -> ComposeResult:
        yield RepliesHeader(id="replies-header")
        with Horizontal(id="replies-panes"):
            with Vertical(id="replies-left"):
                yield RepliesSearch(id="replies-search", placeholder=_("name, folder or text"))
                yield RepliesList(self._presets, self._operators, self.now, id="replies-list")
            yield LinesView(id="replies-content")
        yield HintBar(id="hints")

    def on_mount(self) -> None:
        hints = self.query_one(HintBar)
        hints.screen_place, hints.read_only = "replies", self.read_only
        self.listing.focus()
        self._show()

    @property
    def listing(self) -> RepliesList:
        """The list."""
        return self.query_one(RepliesList)

    @property
    def content(self) -> LinesView:
        """Where one is read."""
        return self.query_one(LinesView)

    # --- Data down ---

    def take(self, written: str = "") -> None:
        """Others are there now; `written` is the one that was just kept here."""
        if not self.is_mounted:
            return
        self.listing.thaw()
        if written:
            self.listing.point_to(written)
        self._show_note()
        self._read()

    def _show(self) -> None:
        self.query_one(RepliesHeader).shown = self._filter
        self.listing.empty_text = (
            _("Nothing has these words. Esc ends the search.") if self._filter.text else _(EMPTY)
        )
        self.listing.show(self._filter)
        self._show_note()
        self._read()

    def _show_note(self) -> None:
        header = self.query_one(RepliesHeader)
        kinds = [one.kind for one in self._presets().values() if self._filter.fits(one)]
        header.note = "{} · {}".format(
            counted("{count} saved reply", "{count} saved replies", kinds.count("reply")),
            counted("{count} macro", "{count} macros", kinds.count("macro")),
        )
        header.refresh()

    @on(RepliesList.Pointed)
    def _read(self) -> None:
        preset = self._current
        if preset is None:
            self.content.say("")
            return
        filled = self._fill_text(preset.text)

        def lines(palette: Palette, width: int) -> list[Strip]:
            return PresetPainter(palette, width, self.now(), None, self._operators()).paint(preset, filled)

        self.content.show(lines)

    @property
    def _current(self) -> Preset | None:
        return self._presets().get(self.listing.cursor)

    # --- Writing ---

    def action_new_reply(self) -> None:
        self._open_form(Form("reply"))

    def action_new_macro(self) -> None:
        self._open_form(Form("macro"))

    def action_edit(self) -> None:
        preset = self._current
        if preset is not None:
            self._open_form(form_of(preset), preset.id)

    @on(RepliesList.Opened)
    def _opened(self) -> None:
        self.action_edit()

    def _open_form(self, form: Form, preset: str = "") -> None:
        if self.may_change():
            self._write(form, preset)

    def action_remove(self) -> None:
        preset = self._current
        if preset is None or not self.may_change():
            return

        def chosen(value: str | None) -> None:
            if value == "remove":
                self.ask(self._remove, preset)

        whose = _("nobody else sees it") if preset.owner else _("for everybody")
        choices = [Choice("keep", _("Keep it")), Choice("remove", _("Remove it"), whose)]
        name = safe_line(preset.name, 40)
        self.app.push_screen(Picker(_("Remove “{name}”?").format(name=name), choices), chosen)

    async def _remove(self, preset: Preset) -> None:
        await self.desk.remove_preset(preset.id)
        self._removed(preset.id)
        self.take()
        self.tell(_("{name} is removed.").format(name=safe_line(preset.name, 60)))

    def action_use(self) -> None:
        preset = self._current
        if preset is not None and self.may_change():
            self.dismiss(None)
            self._use(preset.id)

    # --- Filters ---

    def _set_filter(self, wanted: RepliesFilter) -> None:
        self._filter = wanted
        self._show()

    def action_kind(self, kind: Shown) -> None:
        self._set_filter(replace(self._filter, kind=kind))

    def action_reset_filter(self) -> None:
        self._hide_search()
        self._set_filter(RepliesFilter())

    def action_search(self) -> None:
        field = self.query_one(RepliesSearch)
        field.add_class("-shown")
        self.remove_class("-reading")
        self.set_focus(field)

    @on(Input.Changed)
    def _searched(self, event: Input.Changed) -> None:
        if event.value.strip() != self._filter.text:
            self._set_filter(replace(self._filter, text=event.value.strip()))

    @on(Input.Submitted)
    def _search_entered(self) -> None:
        self.listing.focus()

    def _hide_search(self) -> None:
        field = self.query_one(RepliesSearch)
        field.remove_class("-shown")
        field.value = ""

    # --- Focus ---

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        hints = self.query_one(HintBar)
        is_list = isinstance(event.widget, RepliesList)
        hints.place = "list" if is_list else "search" if isinstance(event.widget, RepliesSearch) else "card"
        hints.refresh()
        if is_list:
            self.remove_class("-reading")

    def action_next_pane(self) -> None:
        if self.content.has_focus:
            self.listing.focus()
        else:
            self.add_class("-reading")
            self.content.focus()

    def action_back(self) -> None:
        if self.content.has_focus or self.has_class("-reading"):
            self.remove_class("-reading")
            self.listing.focus()
        elif self._filter.text or self.query_one(RepliesSearch).has_class("-shown"):
            self._hide_search()
            self._set_filter(replace(self._filter, text=""))
            self.listing.focus()
        else:
            self.dismiss(None)

    @on(Bar.Pressed)
    async def _pressed(self, event: Bar.Pressed) -> None:
        name = event.run.partition("(")[0]
        target = self if hasattr(self, f"action_{name}") else (self.focused or self)
        await target.run_action(event.run)
