"""The inputs of a form: a line, several lines, and what stands below a field."""

from __future__ import annotations

from textual import events
from textual.widgets import Input, TextArea

from operator_console.safe_text import safe_text

MAX_CHARS = 20_000


class FieldText(TextArea):
    """Several lines; what is pasted is cleaned."""

    def on_paste(self, event: events.Paste) -> None:
        event.text = safe_text(event.text, limit=MAX_CHARS, multiline=True)


def around_cursor(widget: Input | TextArea) -> tuple[str, str]:
    """What stands before the cursor, and what behind it."""
    if isinstance(widget, TextArea):
        before = widget.get_text_range((0, 0), widget.cursor_location)
        return before, widget.text[len(before) :]
    return widget.value[: widget.cursor_position], widget.value[widget.cursor_position :]


def put_before_cursor(widget: Input | TextArea, length: int, text: str) -> None:
    """Replaces so many characters before the cursor, which then stands behind the text."""
    if isinstance(widget, TextArea):
        row, column = widget.cursor_location
        widget.replace(text, (row, max(column - length, 0)), (row, column), maintain_selection_offset=False)
        widget.move_cursor((row, max(column - length, 0) + len(text)))
        return
    before, after = around_cursor(widget)
    kept = before[: len(before) - length]
    widget.value = kept + text + after
    widget.cursor_position = len(kept) + len(text)
