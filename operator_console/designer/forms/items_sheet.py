"""The row of a form that stands for a list of small things, and the sheet in which the list is changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from rich.cells import cell_len
from rich.segment import Segment
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from operator_console.designer.forms.items import Items, item_words, new_items
from operator_console.inbox.cells import cut
from operator_console.inbox.sheets import Picker
from operator_console.safe_text import safe_line
from operator_console.themes import palette_of
from operator_console.translation import _
from scenarios_yaml.language.editing.document import CannotEditError, Document, Plain

SHOWN = 6
"""Items told in the row of the form; the sheet tells all of them."""

OpenForm: TypeAlias = Callable[[Document, str, str], ModalScreen[bool]]
"""Makes the form of a place of a document, under a title."""


class ItemsField(Widget, can_focus=True):
    """A list in a form: told in words, opened by Enter. `name` is its key in the file, `language` that in which its
    texts are told, `form` makes the form of one item.
    """

    DEFAULT_CSS = """
    ItemsField { height: auto; width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "open", "Open", show=False)]

    @dataclass
    class Changed(Message):
        """Something was done to the list."""

    def __init__(
        self,
        items: Items,
        name: str,
        title: str,
        language: str,
        form: OpenForm,
        *,
        id: str,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self.items = items
        self._key = name
        self._title = title
        self._language = language
        self._make_form = form

    def action_open(self) -> None:
        self.app.push_screen(
            ItemsSheet(self.items, self._key, self._title, self._language, self._make_form), self._seen
        )

    def _seen(self, _result: None) -> None:
        self.refresh(layout=True)
        self.post_message(self.Changed())

    def on_click(self) -> None:
        self.focus()
        self.action_open()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        return len(self._told())

    def _told(self) -> list[tuple[str, str]]:
        count = len(self.items.values)
        told = [item_words(self.items, number, self._language) for number in range(min(count, SHOWN))]
        if count > SHOWN:
            told.append(("…", str(count)))
        return told or [("—", _("⏎ puts one in"))]

    def render_line(self, y: int) -> Strip:
        palette = palette_of(self.app.theme)
        ground = "cursor" if self.has_focus else "raised"
        told, width = self._told(), self.size.width
        if y >= len(told):
            return Strip.blank(width, palette.style("text", ground))
        label, detail = told[y]
        mark = " ⏎ " if y == 0 and self.has_focus else "   "
        label = cut(label, max(width - 6, 4))
        room = width - cell_len(label) - 6
        pieces = [Segment(f" {label}", palette.style("text", ground))]
        if room > 4:
            pieces.append(Segment(f"  {cut(detail, room)}", palette.style("soft", ground)))
        used = sum(cell_len(piece.text) for piece in pieces)
        pieces.append(Segment(" " * max(width - used - 3, 0) + mark, palette.style("soft", ground)))
        return Strip(pieces).adjust_cell_length(width, palette.style("text", ground))

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()


class ItemsSheet(ModalScreen[None]):
    """The list itself. What is done here is kept with the form below."""

    CSS_PATH = ["../../inbox/dialogs.tcss", "forms.tcss"]  # noqa: RUF012  Textual's own type
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+s", "dismiss(None)", "Back", show=False),
        Binding("a", "add", "Add", show=False),
        Binding("e", "edit", "Edit", show=False),
        Binding("c", "duplicate", "Duplicate", show=False),
        Binding("K,shift+up", "move(-1)", "Up", show=False),
        Binding("J,shift+down", "move(1)", "Down", show=False),
        Binding("D,delete", "drop", "Take away", show=False),
        Binding("u", "undo", "Undo", show=False),
        Binding("j", "point(1)", "Next", show=False),
        Binding("k", "point(-1)", "Before", show=False),
    ]

    def __init__(
        self,
        items: Items,
        name: str,
        title: str,
        language: str,
        form: OpenForm,
    ) -> None:
        super().__init__()
        self._items = items
        self._key = name
        self._sheet_title = title
        self._language = language
        self._make_form = form

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet -wide") as sheet:
            sheet.border_title = Content(self._sheet_title).markup
            sheet.border_subtitle = Content(
                _("⏎ edit · a add · K J move · c copy · D away · u undo · Esc back")
            ).markup
            yield OptionList(markup=False)
            yield Static("", markup=False, classes="problem")

    def on_mount(self) -> None:
        self._show(0)
        self._list.focus()
        if not self._items.values:
            self.action_add()

    @property
    def _list(self) -> OptionList:
        return self.query_one(OptionList)

    @property
    def _number(self) -> int | None:
        """The item under the cursor; None where there is none."""
        at = self._list.highlighted
        return at if at is not None and at < len(self._items.values) else None

    def _show(self, number: int) -> None:
        count = len(self._items.values)
        self._list.clear_options()
        self._list.add_options([Option(self._line(one)) for one in range(count)])
        if not count:
            self._list.add_option(Option(Content(_("Nothing yet: a puts one in.")), disabled=True))
        self._list.highlighted = min(max(number, 0), count - 1) if count else None
        self.query_one(".problem", Static).display = False

    def _line(self, number: int) -> Content:
        label, detail = item_words(self._items, number, self._language)
        return Content.assemble(Content(cut(label, 60)), (f"  {detail}", "$desk-soft"))

    @on(OptionList.OptionSelected)
    def _chosen(self) -> None:
        self.action_edit()

    # --- What is done ---

    def _do(self, doing: Callable[[], None], number: int) -> bool:
        try:
            doing()
        except CannotEditError as error:
            line = self.query_one(".problem", Static)
            line.update(safe_line(error, 300))
            line.display = True
            return False
        self._show(number)
        return True

    def action_add(self) -> None:
        at = len(self._items.values) if self._number is None else self._number + 1
        choices = new_items(self._key)

        def chosen(value: str | None) -> None:
            if value is not None:
                self._add(at, choices[int(value)][1])

        if len(choices) == 1:
            chosen("0")
        else:
            self.app.push_screen(
                Picker(_("What is asked for"), [choice for choice, _value in choices]), chosen
            )

    def _add(self, at: int, value: Plain) -> None:
        if self._do(lambda: self._items.add(at, value), at):
            self._open(at)

    def action_edit(self) -> None:
        if self._number is not None:
            self._open(self._number)

    def _open(self, number: int) -> None:
        form = self._make_form(self._items.copy, self._items.place_of(number), self._sheet_title)
        self.app.push_screen(form, lambda is_changed: self._edited(number, is_changed))

    def _edited(self, number: int, is_changed: bool | None) -> None:
        if is_changed:
            self._items.edited(number)
        self._show(number)

    def action_drop(self) -> None:
        if (number := self._number) is not None:
            self._do(lambda: self._items.drop(number), number)

    def action_duplicate(self) -> None:
        if (number := self._number) is not None:
            self._do(lambda: self._items.duplicate(number), number + 1)

    def action_move(self, by: int) -> None:
        number = self._number
        if number is not None and 0 <= number + by < len(self._items.values):
            self._do(lambda: self._items.move(number, number + by), number + by)

    def action_undo(self) -> None:
        if self._items.undo():
            self._show(self._list.highlighted or 0)

    def action_point(self, by: int) -> None:
        if by > 0:
            self._list.action_cursor_down()
        else:
            self._list.action_cursor_up()
