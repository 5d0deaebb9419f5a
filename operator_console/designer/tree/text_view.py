"""The file beside its tree, where one types: numbered lines in colours, those of the row under the cursor marked, and
what is wrong at its place.

What is typed is told to the screen, which keeps the document and its undo; what the document has become otherwise is
shown by `show`, with cursor and scroll where they were. A text area's own measuring of all lines, its search for
brackets and its wrapping take longer than a key may in a file of 2,000 steps, and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.document._document import EditResult, Location, Selection
from textual.document._document_navigator import DocumentNavigator
from textual.document._edit import Edit
from textual.document._wrapped_document import WrappedDocument
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import TextArea

from operator_console.actions import at_place, bindings
from operator_console.designer.tree.file_lines import FileLines, Swap
from operator_console.designer.tree.text_lines import LEAST_DIGITS, LinePainter, LineState, Wrong
from operator_console.inbox.whole_lines import WholeLines
from operator_console.safe_text import TAB_CELLS, safe_text
from operator_console.themes import palette_of

MOST_CHARS = 300_000
"""Of what is pasted: more than a file may have."""
INDENT = 2
"""Spaces a level, as the library's files have them."""
_ITEM = re.compile(r"(?P<indent> *)(?P<dash>- +)?(?P<text>.*)")
_OPENS = re.compile(r".*(?:^|[\s:])(?:[\w-]+:|[|>][+-]?)\s*")
_KEYED = re.compile(r"""[\w-]+:(?:\s|$)|["'{\[]""")


def _own_bindings() -> list[BindingType]:
    """A text area's keys but those that mean something else here."""
    taken = {key for action in at_place("text") for key in action.keys}
    kept: list[BindingType] = [
        binding
        for binding in TextArea.BINDINGS
        if isinstance(binding, Binding) and not taken.intersection(binding.key.split(","))
    ]
    return [*kept, *bindings("text")]


class TextView(WholeLines, TextArea, inherit_bindings=False):
    """Edits a text, or shows one that may only be read."""

    DEFAULT_CSS = """
    TextView, TextView:focus { overflow-x: hidden; overflow-y: scroll; scrollbar-size: 1 1; height: 1fr; border: none;
        padding: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = _own_bindings()

    @dataclass
    class Typed(Message):
        """Somebody has changed the text. Only the last of several matters: the text is asked for."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, TextView.Typed)

    @dataclass
    class Pointed(Message):
        """The cursor stands at another line (from 1) or column (from 1). Only the last of several matters."""

        line: int
        column: int

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, TextView.Pointed)

    @dataclass
    class Wanted(Message):
        """A key for what the screen does: "undo", "redo", or an action of the screen."""

        doing: str

    document: FileLines

    def __init__(self, *, id: str) -> None:  # noqa: A002
        self._wrong: dict[int, Wrong] = {}
        self._marked = range(0)
        self._painter: LinePainter | None = None
        self.is_ahead = False
        """Something was typed that nobody has taken."""
        super().__init__("", id=id, soft_wrap=False, compact=True, highlight_cursor_line=False)
        self.cursor_blink = False
        self.indent_width = TAB_CELLS

    # --- The text in ---

    def show(self, text: str) -> None:
        """Show what the document has become. Cursor and scroll stay at their lines."""
        swap = self.document.become(text.removeprefix("\ufeff"))
        if swap is None:
            return
        self.wrapped_document.wrap_range((swap.first, 0), (swap.last, 0), (swap.now_last, 0))
        self._move_marks(swap)
        scroll, (start, end) = self.scroll_offset.y, self.selection
        self._refresh_size()
        if scroll > swap.last:
            self.scroll_to(y=swap.row(scroll), animate=False, immediate=True, force=True)
        moved = Selection((swap.row(start[0]), start[1]), (swap.row(end[0]), end[1]))
        if self.selection != moved:
            with self.prevent(TextView.Pointed):
                self.selection = moved

    def show_wrong(self, wrong: Mapping[int, Wrong]) -> None:
        """Mark what is wrong, by lines (from 1)."""
        if wrong != self._wrong:
            self._wrong = dict(wrong)
            self.refresh()

    def wrong_at(self, line: int) -> Wrong | None:
        """What is marked as wrong in a line (from 1)."""
        return self._wrong.get(line)

    def mark(self, first: int, last: int) -> None:
        """Mark the lines from `first` to `last` (from 1, both in). Where nobody types here, the first one is shown, and
        the cursor is put into it, unless it stands in one of them."""
        self._marked = range(first, last + 1)
        if not self.has_focus:
            if self.cursor_location[0] + 1 not in self._marked:
                self._put_cursor(first)
            top, height = self.scroll_offset.y, self.size.height
            if height and not top <= first - 1 < top + max(height - 3, 1):
                self.scroll_to(y=max(first - 1 - height // 4, 0), animate=False, immediate=True, force=True)
        self.refresh()

    def _put_cursor(self, line: int) -> None:
        row = min(max(line - 1, 0), self.document.line_count - 1)
        text = self.document[row]
        self.set_reactive(TextArea.selection, Selection.cursor((row, len(text) - len(text.lstrip()))))
        self._cursor_offset = self.wrapped_document.location_to_offset(self.cursor_location)
        self.record_cursor_width()

    def go_to(self, line: int, column: int = 1) -> None:
        """Put the cursor at a place, both from 1, and show it with what stands around it."""
        row = min(max(line - 1, 0), self.document.line_count - 1)
        top, height = self.scroll_offset.y, self.size.height
        if not top <= row < top + height:
            self.scroll_to(y=max(row - height // 3, 0), animate=False, immediate=True, force=True)
        self.move_cursor((row, min(max(column - 1, 0), len(self.document[row]))))

    def go_to_offset(self, offset: int) -> None:
        """Put the cursor before a character of the text."""
        self.move_cursor(self.document.location_of(offset))

    @property
    def marked(self) -> range:
        """The lines that are marked, from 1."""
        return self._marked

    def _move_marks(self, swap: Swap) -> None:
        """Takes what is marked along, until it is told anew."""
        if swap.last == swap.now_last:
            return
        self._wrong = {swap.row(line - 1) + 1: wrong for line, wrong in self._wrong.items()}
        if self._marked:
            self._marked = range(swap.row(self._marked[0] - 1) + 1, swap.row(self._marked[-1] - 1) + 2)

    # --- Typing ---

    def edit(self, edit: Edit) -> EditResult:
        """Carries out what was typed, and tells it. What is undone is the document's."""
        top, bottom = edit.top, min(edit.bottom, self.document.end)
        result = edit.do(self)
        swap = Swap(top[0], bottom[0], result.end_location[0])
        self.wrapped_document.wrap_range(top, bottom, result.end_location)
        self._move_marks(swap)
        self._refresh_size()
        edit.after(self)
        self.is_ahead = True
        self.post_message(self.Typed())
        return result

    def take(self) -> str | None:
        """The text, where something was typed since it was last taken."""
        is_ahead, self.is_ahead = self.is_ahead, False
        return self.document.text if is_ahead else None

    def on_key(self, event: events.Key) -> None:
        if event.key == "enter" and not self.read_only:
            event.stop()
            event.prevent_default()
            self._new_line()

    def _new_line(self) -> None:
        """A line like the one above: as deep, deeper below a key without a value or in a step, another item of a
        list."""
        (row, column), end = sorted(self.selection)
        before, behind = self.document[row][:column], self.document[row][column:]
        found = _ITEM.match(before)
        indent, dash = (len(found["indent"]), found["dash"] or "") if found else (0, "")
        text = found["text"] if found else before
        if dash and not text and not behind.strip() and (row, column) == end:
            self._replace_via_keyboard("", (row, 0), (row, len(before)))  # an empty item ends its list
            return
        is_plain = bool(text) and not _KEYED.match(text)
        lead = " " * indent + (dash if dash and is_plain else " " * len(dash))
        if not behind.strip() and _OPENS.fullmatch(text):
            lead = " " * (indent + len(dash) + INDENT)
        self._replace_via_keyboard(f"\n{lead}", (row, column), end)

    def action_delete_left(self) -> None:
        """Before the first word of a line a whole level goes."""
        row, column = self.cursor_location
        before = self.document[row][:column]
        if self.selection.is_empty and len(before) >= INDENT and not before.strip(" "):
            self._delete_via_keyboard((row, column - (column % INDENT or INDENT)), (row, column))
        else:
            super().action_delete_left()

    def action_indent(self, by: int) -> None:
        """The selected lines a level deeper (1), or less deep (-1)."""
        if self.read_only:
            return
        start, end = self.selection
        (first, _), (last, last_column) = sorted((start, end))
        if last > first and last_column == 0:
            last -= 1
        old = [
            self.document.get_text_range((row, 0), (row, len(self.document[row])))
            for row in range(first, last + 1)
        ]
        new = [_shifted(line, by) for line in old]
        if new == old:
            return
        grown = {row: len(line) - len(old[row - first]) for row, line in enumerate(new, first)}
        self.replace("\n".join(new), (first, 0), (last, len(self.document[last])))
        self.selection = Selection(
            (start[0], max(start[1] + grown.get(start[0], 0), 0)),
            (end[0], max(end[1] + grown.get(end[0], 0), 0)),
        )

    def on_paste(self, event: events.Paste) -> None:
        event.text = safe_text(event.text, limit=MOST_CHARS, multiline=True)

    def action_paste(self) -> None:
        if not self.read_only:
            pasted = safe_text(self.app.clipboard, limit=MOST_CHARS, multiline=True)
            self._replace_via_keyboard(pasted, *self.selection)

    def action_undo(self) -> None:
        self.post_message(self.Wanted("undo"))

    def action_redo(self) -> None:
        self.post_message(self.Wanted("redo"))

    def action_leave(self) -> None:
        self.post_message(self.Wanted("next_pane"))

    def action_publish(self) -> None:
        self.post_message(self.Wanted("publish"))

    def action_next_wrong(self) -> None:
        """To the next line with something wrong, around the end."""
        lines = sorted(self._wrong)
        if lines:
            here = self.cursor_location[0] + 1
            line = next((line for line in lines if line > here), lines[0])
            self.go_to(line, self._wrong[line].column)

    # --- What a text area does otherwise ---

    def _set_document(self, text: str, language: str | None) -> None:  # noqa: ARG002  the signature of a text area
        self.document = FileLines(text)
        self.wrapped_document = WrappedDocument(self.document, tab_width=self.indent_width)
        self.navigator = DocumentNavigator(self.wrapped_document)

    def _build_highlight_map(self) -> None:
        """The colours of a line are found when it is painted."""

    def find_matching_bracket(self, bracket: str, search_from: Location) -> Location | None:  # noqa: ARG002
        """None: a bracket of a text would be searched for through the whole file, at each key."""
        return None

    def _watch_selection(self, previous_selection: Selection, selection: Selection) -> None:
        super()._watch_selection(previous_selection, selection)
        if self.is_mounted and previous_selection.end != selection.end:
            row, column = selection.end
            self.post_message(self.Pointed(row + 1, column + 1))

    def _refresh_size(self) -> None:
        size = self.document.get_size(self.indent_width)
        if size != self.virtual_size:
            # Assigning `virtual_size` would be a layout of the whole screen.
            self.set_reactive(ScrollView.virtual_size, size)
            self.vertical_scrollbar.window_virtual_size = size.height
            self.scroll_y = self.validate_scroll_y(self.scroll_y)
        self.refresh()

    @property
    def gutter_width(self) -> int:
        """Cells before the text: what is wrong, the number, a blank."""
        return self._digits + 2

    @property
    def _digits(self) -> int:
        return max(LEAST_DIGITS, len(str(self.document.line_count)))

    # --- Painting ---

    def notify_style_update(self) -> None:
        self._painter = None
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        palette, width = palette_of(self.app.theme), self.scrollable_content_region.width
        left, top = self.scroll_offset
        row = y + top
        if row >= self.document.line_count:
            return Strip.blank(self.size.width, palette.style("text", "paper"))
        painter = self._painter
        if painter is None or (painter.width, painter.digits) != (width, self._digits):
            painter = self._painter = LinePainter(palette, width, self._digits)
        state = LineState(
            row + 1,
            row + 1 in self._marked,
            self._wrong.get(row + 1),
            self._selected_in(row),
            self.cursor_location[1] if self.has_focus and self.cursor_location[0] == row else -1,
        )
        return painter.paint(self.document[row], state, left)

    def _selected_in(self, row: int) -> tuple[int, int]:
        """From which column to which one a line is selected; its end is a column, too, where the next line is."""
        (first, from_column), (last, to_column) = sorted(self.selection)
        if not first <= row <= last or (first, from_column) == (last, to_column):
            return (0, 0)
        start = from_column if row == first else 0
        return start, to_column if row == last else len(self.document[row]) + 1


def _shifted(line: str, by: int) -> str:
    if by > 0:
        return " " * INDENT + line if line.strip() else line
    return line[min(INDENT, len(line) - len(line.lstrip(" "))) :]
