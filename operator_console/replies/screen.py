"""The screen of saved replies and macros: find, read, write, change and remove them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.strip import Strip

from operator_console.actions import Place, bindings
from operator_console.inbox.bars import HintBar
from operator_console.inbox.lines_view import LinesView
from operator_console.inbox.list_screen import ListScreen
from operator_console.inbox.search_field import SearchField
from operator_console.inbox.sheets import Choice, Picker
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


class RepliesScreen(ListScreen):
    """`presets` and `operators` are asked anew; `fill` fills in a text; `write` opens the form of a new one, or
    of the one with that id; `use` takes the one with that id into the open dialog.
    """

    PLACE: ClassVar[Place] = "replies"
    SEARCH_AFTER = 0.02
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
                yield SearchField(id="replies-search", placeholder=_("name, folder or text"))
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
    def beside(self) -> LinesView:
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
            self.beside.say("")
            return
        filled = self._fill_text(preset.text)

        def lines(palette: Palette, width: int) -> list[Strip]:
            return PresetPainter(palette, width, self.now(), None, self._operators()).paint(preset, filled)

        self.beside.show(lines)

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
        self.hide_search()
        self._set_filter(RepliesFilter())

    @property
    def is_searched(self) -> bool:
        return bool(self._filter.text)

    def forget_search(self) -> None:
        self._set_filter(replace(self._filter, text=""))

    def search_for(self, text: str) -> None:
        if text != self._filter.text:
            self._set_filter(replace(self._filter, text=text))
